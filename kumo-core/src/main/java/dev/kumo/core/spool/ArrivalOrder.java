package dev.kumo.core.spool;

import java.util.Arrays;

/** Puts slots in the order in which their messages came. For a million of them it takes 16 MB. */
final class ArrivalOrder {

    private long[] arrivals;
    private int[] slots;
    private int count;
    private long least = Long.MAX_VALUE;
    private long greatest;

    /** Begins with none. */
    ArrivalOrder(int expected) {
        arrivals = new long[expected];
        slots = new int[expected];
    }

    void add(int slot, long arrival) {
        if (count == slots.length) {
            int more = count + count / 8 + 16;
            arrivals = Arrays.copyOf(arrivals, more);
            slots = Arrays.copyOf(slots, more);
        }
        arrivals[count] = arrival;
        slots[count] = slot;
        count++;
        least = Math.min(least, arrival);
        greatest = Math.max(greatest, arrival);
    }

    /** Sorts the arrivals, each packed into one number with the place of its slot. */
    int[] slots() {
        int bits = Integer.SIZE - Integer.numberOfLeadingZeros(count);
        long spread = count == 0 ? 0 : greatest - least;
        // Messages further apart than fit are in rough order; with a million of them that is 2^43 arrivals.
        int rough = Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(spread) + bits - (Long.SIZE - 1));
        for (int i = 0; i < count; i++) {
            arrivals[i] = arrivals[i] - least >>> rough << bits | i;
        }
        Arrays.sort(arrivals, 0, count);
        int[] sorted = new int[count];
        for (int i = 0; i < count; i++) {
            sorted[i] = slots[(int) arrivals[i] & (1 << bits) - 1];
        }
        return sorted;
    }
}
