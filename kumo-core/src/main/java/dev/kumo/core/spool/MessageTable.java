package dev.kumo.core.spool;

/** Where each message is. Used within the {@link Index} only. */
final class MessageTable {

    /** Without what finds it by its id. */
    static final int BYTES_PER_MESSAGE = 40;

    static final int NONE = IdTable.NONE;

    /** In place of a segment: the slot is free, or the message is on its way to the disk. */
    private static final int FREE = -1;

    private static final int COMING = -2;

    /** Added to a length: the message was removed, and that is on its way to the disk. */
    private static final int LEAVING = 1 << 31;

    private final Longs idHigh = new Longs();
    private final Longs idLow = new Longs();
    private final Longs arrival = new Longs();
    private final Ints segment = new Ints();
    private final Ints offset = new Ints(); // of one that is free: the next free one
    private final Ints length = new Ints();
    private final Ints content = new Ints();
    private final IdTable ids = new IdTable(idHigh, idLow);

    private int end;
    private int free = NONE;
    private int size;

    int find(long high, long low) {
        return ids.find(high, low);
    }

    /** A slot for a message on its way, whose id is not here. */
    int add(long high, long low, long arrivalNumber, int contentSlot) {
        int slot = free;
        if (slot == NONE) {
            slot = end++;
        } else {
            free = offset.get(slot);
        }
        idHigh.set(slot, high);
        idLow.set(slot, low);
        arrival.set(slot, arrivalNumber);
        segment.set(slot, COMING);
        offset.set(slot, 0);
        length.set(slot, 0);
        content.set(slot, contentSlot);
        ids.add(slot);
        size++;
        return slot;
    }

    /** The message is found no more; what is known of it stays. */
    void leave(int slot) {
        ids.remove(slot);
        length.set(slot, length.get(slot) | LEAVING);
    }

    void remove(int slot) {
        if (!isLeaving(slot)) {
            ids.remove(slot);
        }
        arrival.set(slot, -1);
        segment.set(slot, FREE);
        offset.set(slot, free);
        free = slot;
        size--;
    }

    void place(int slot, int segmentHandle, int at, int recordLength) {
        segment.set(slot, segmentHandle);
        offset.set(slot, at);
        length.set(slot, length.get(slot) & LEAVING | recordLength);
    }

    boolean isPlaced(int slot) {
        return segment.get(slot) >= 0;
    }

    boolean isAt(int slot, int segmentHandle, int at) {
        return segment.get(slot) == segmentHandle && offset.get(slot) == at;
    }

    boolean isLeaving(int slot) {
        return (length.get(slot) & LEAVING) != 0;
    }

    /** Whether the slot still is that of the message that got this arrival number. */
    boolean holds(int slot, long arrivalNumber) {
        return arrival.get(slot) == arrivalNumber;
    }

    long idHigh(int slot) {
        return idHigh.get(slot);
    }

    long idLow(int slot) {
        return idLow.get(slot);
    }

    long arrival(int slot) {
        return arrival.get(slot);
    }

    int segment(int slot) {
        return segment.get(slot);
    }

    int offset(int slot) {
        return offset.get(slot);
    }

    int length(int slot) {
        return length.get(slot) & ~LEAVING;
    }

    int content(int slot) {
        return content.get(slot);
    }

    /** One more than the greatest slot. */
    int end() {
        return end;
    }

    int size() {
        return size;
    }

    long footprint() {
        return ids.footprint() + (long) BYTES_PER_MESSAGE * end;
    }
}
