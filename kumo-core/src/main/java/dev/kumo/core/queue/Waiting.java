package dev.kumo.core.queue;

import dev.kumo.core.mail.MessageId;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Messages in the order in which they came: 28 bytes for each, in blocks that grow with the chain and are let go one by
 * one as it is emptied. Two chains are joined in constant time.
 */
final class Waiting<Q> {

    private static final int SMALLEST_BLOCK = 4;
    private static final int LARGEST_BLOCK = 256;

    private static final HexFormat HEX = HexFormat.of();

    private @Nullable Block head;
    private @Nullable Block tail;
    private int size;
    private long earliest = Long.MAX_VALUE;

    /** Is given the first of a chain. */
    interface Taker<Q> {

        /** Takes a message whose id is in two halves. */
        void take(long due, long idHigh, long idLow, Q queue);
    }

    private static final class Block {

        private final long[] longs;
        private final @Nullable Object[] queues;
        private int first;
        private int end;
        private @Nullable Block next;

        Block(int capacity) {
            longs = new long[3 * capacity];
            queues = new @Nullable Object[capacity];
        }
    }

    /** The first half of an id as a number. */
    static long high(MessageId id) {
        return Long.parseUnsignedLong(id.text(), 0, 16, 16);
    }

    /** The second half of an id as a number. */
    static long low(MessageId id) {
        return Long.parseUnsignedLong(id.text(), 16, 32, 16);
    }

    /** An id from its halves. */
    static MessageId id(long high, long low) {
        return new MessageId(HEX.toHexDigits(high) + HEX.toHexDigits(low));
    }

    void add(long due, long idHigh, long idLow, Q queue) {
        Block block = tail;
        if (block == null) {
            block = new Block(SMALLEST_BLOCK);
            head = block;
            tail = block;
        } else if (block.end == block.queues.length) {
            Block full = block;
            block = new Block(Math.min(2 * full.end, LARGEST_BLOCK));
            full.next = block;
            tail = block;
        }
        int at = block.end++;
        block.longs[3 * at] = due;
        block.longs[3 * at + 1] = idHigh;
        block.longs[3 * at + 2] = idLow;
        block.queues[at] = queue;
        size++;
        earliest = Math.min(earliest, due);
    }

    /** Takes the first out, and then hands it over. There has to be one. */
    void poll(Taker<? super Q> taker) {
        Block block = head;
        if (block == null) {
            throw new IllegalStateException("nothing waits here");
        }
        int at = block.first++;
        Q queue = queue(block, at);
        block.queues[at] = null; // or a queue would be held for as long as its neighbours wait
        if (--size == 0) {
            clear();
        } else if (block.first == block.end) {
            head = block.next;
        }
        taker.take(block.longs[3 * at], block.longs[3 * at + 1], block.longs[3 * at + 2], queue);
    }

    /** Shows all, and takes none out. */
    void forEach(Taker<? super Q> taker) {
        for (Block block = head; block != null; block = block.next) {
            for (int at = block.first; at < block.end; at++) {
                taker.take(block.longs[3 * at], block.longs[3 * at + 1], block.longs[3 * at + 2], queue(block, at));
            }
        }
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // only add puts anything there, and poll alone takes it away
    private Q queue(Block block, int at) {
        return (Q) block.queues[at];
    }

    /** Takes all that is in another chain to the end of this one. */
    void append(Waiting<Q> other) {
        if (other.size == 0) {
            return;
        }
        Block last = tail;
        if (last == null) {
            head = other.head;
        } else {
            last.next = other.head;
        }
        tail = other.tail;
        size += other.size;
        earliest = Math.min(earliest, other.earliest);
        other.clear();
    }

    private void clear() {
        head = null;
        tail = null;
        size = 0;
        earliest = Long.MAX_VALUE;
    }

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** The earliest time of any that were added since it was last empty. */
    long earliest() {
        return earliest;
    }
}
