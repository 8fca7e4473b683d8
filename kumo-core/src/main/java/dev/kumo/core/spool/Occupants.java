package dev.kumo.core.spool;

import java.util.Arrays;

/** Looks for what is in a segment, through all there is: a page at a time, so that nobody waits long for the lock. */
final class Occupants {

    private final Object lock;
    private final MessageTable messages;
    private final ContentTable contents;

    Occupants(Object lock, MessageTable messages, ContentTable contents) {
        this.lock = lock;
        this.messages = messages;
        this.contents = contents;
    }

    /** The offsets, in the upper half, and slots of the contents in a segment, sorted. */
    long[] contentsIn(Segment segment) {
        long[] found = new long[16];
        int count = 0;
        int end = Longs.PAGE;
        for (int from = 0; from < end; from += Longs.PAGE) {
            if (found.length - count < Longs.PAGE) {
                found = Arrays.copyOf(found, found.length * 2 + Longs.PAGE);
            }
            synchronized (lock) {
                end = contents.end();
                for (int slot = from; slot < Math.min(end, from + Longs.PAGE); slot++) {
                    if (contents.segment(slot) == segment.handle) {
                        found[count++] = (long) contents.offset(slot) << 32 | slot;
                    }
                }
            }
        }
        Arrays.sort(found, 0, count);
        return Arrays.copyOf(found, count);
    }

    /** Whether something in use begins in a piece of a segment. */
    boolean isUsed(Segment segment, int from, int to) {
        for (long content : contentsIn(segment)) {
            int offset = (int) (content >>> 32);
            if (from <= offset && offset < to) {
                return true;
            }
        }
        int end = Longs.PAGE;
        for (int first = 0; first < end; first += Longs.PAGE) {
            synchronized (lock) {
                end = messages.end();
                for (int slot = first; slot < Math.min(end, first + Longs.PAGE); slot++) {
                    if (messages.segment(slot) == segment.handle
                            && from <= messages.offset(slot)
                            && messages.offset(slot) < to) {
                        return true;
                    }
                }
            }
        }
        return false;
    }
}
