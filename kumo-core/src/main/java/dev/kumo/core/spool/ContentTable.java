package dev.kumo.core.spool;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Where each content is and how many messages have it. Used within the {@link Index} only. */
final class ContentTable {

    static final int BYTES_PER_CONTENT = 24;

    private static final int NOWHERE = -1;

    private final Longs number = new Longs();
    private final Ints segment = new Ints();
    private final Ints offset = new Ints(); // of one that is free: the next free one
    private final Ints length = new Ints();
    private final Ints holders = new Ints();

    private int end;
    private int free = NOWHERE;

    /** Finds a content by its number; only during a restart. */
    private @Nullable IdTable numbers;

    private Longs zeros = new Longs();

    /** From now on contents are found by their numbers. */
    void beginRestart() {
        numbers = new IdTable(zeros, number);
    }

    boolean isRestarting() {
        return numbers != null;
    }

    void endRestart() {
        numbers = null;
        zeros = new Longs();
    }

    int find(long contentNumber) {
        return Objects.requireNonNull(numbers, "only during a restart").find(0, contentNumber);
    }

    /** A slot for a content that nobody has yet. */
    int add(long contentNumber, int contentLength) {
        int slot = free;
        if (slot == NOWHERE) {
            slot = end++;
        } else {
            free = offset.get(slot);
        }
        number.set(slot, contentNumber);
        segment.set(slot, NOWHERE);
        offset.set(slot, 0);
        length.set(slot, contentLength);
        holders.set(slot, 0);
        if (numbers != null) {
            zeros.set(slot, 0);
            numbers.add(slot);
        }
        return slot;
    }

    void remove(int slot) {
        if (numbers != null) {
            numbers.remove(slot);
        }
        number.set(slot, -1);
        segment.set(slot, NOWHERE);
        offset.set(slot, free);
        free = slot;
    }

    void place(int slot, int segmentHandle, int at) {
        segment.set(slot, segmentHandle);
        offset.set(slot, at);
    }

    boolean isPlaced(int slot) {
        return segment.get(slot) != NOWHERE;
    }

    boolean isAt(int slot, int segmentHandle, int at) {
        return segment.get(slot) == segmentHandle && offset.get(slot) == at;
    }

    /** One more or fewer that has it; how many there are then. */
    int hold(int slot, int delta) {
        holders.add(slot, delta);
        return holders.get(slot);
    }

    int holders(int slot) {
        return holders.get(slot);
    }

    long number(int slot) {
        return number.get(slot);
    }

    int segment(int slot) {
        return segment.get(slot);
    }

    int offset(int slot) {
        return offset.get(slot);
    }

    int length(int slot) {
        return length.get(slot);
    }

    /** One more than the greatest slot. */
    int end() {
        return end;
    }
}
