package dev.kumo.core.spool;

import java.util.Arrays;

/** A column of numbers that grows page by page, so that growing copies nothing and leaves little unused. */
final class Longs {

    static final int PAGE_BITS = 13;
    static final int PAGE = 1 << PAGE_BITS;

    private long[][] pages = {};

    long get(int at) {
        return pages[at >>> PAGE_BITS][at & PAGE - 1];
    }

    /** Sets one, which is at most one page beyond those that were set before. */
    void set(int at, long value) {
        int page = at >>> PAGE_BITS;
        if (page == pages.length) {
            pages = Arrays.copyOf(pages, page + 1);
            pages[page] = new long[PAGE];
        }
        pages[page][at & PAGE - 1] = value;
    }
}
