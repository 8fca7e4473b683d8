package dev.kumo.core.spool;

import java.util.Arrays;

/** A column of small numbers; see {@link Longs}. */
final class Ints {

    private int[][] pages = {};

    int get(int at) {
        return pages[at >>> Longs.PAGE_BITS][at & Longs.PAGE - 1];
    }

    /** Sets one, which is at most one page beyond those that were set before. */
    void set(int at, int value) {
        int page = at >>> Longs.PAGE_BITS;
        if (page == pages.length) {
            pages = Arrays.copyOf(pages, page + 1);
            pages[page] = new int[Longs.PAGE];
        }
        pages[page][at & Longs.PAGE - 1] = value;
    }

    void add(int at, int delta) {
        set(at, get(at) + delta);
    }
}
