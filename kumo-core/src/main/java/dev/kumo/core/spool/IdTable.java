package dev.kumo.core.spool;

import java.util.Arrays;

/**
 * Finds the slot of an id: a hash table of slots, in shards, so that none takes long to grow. Open addressing, in which
 * what is removed leaves no mark.
 */
final class IdTable {

    static final int NONE = -1;

    private static final int SHARD_BITS = 8;
    private static final int SMALLEST = 8;

    private final Longs high;
    private final Longs low;
    private final int[][] shards = new int[1 << SHARD_BITS][];
    private final int[] sizes = new int[1 << SHARD_BITS];

    /** A table over the ids in two columns. */
    IdTable(Longs high, Longs low) {
        this.high = high;
        this.low = low;
    }

    int find(long idHigh, long idLow) {
        long hash = hash(idHigh, idLow);
        int[] shard = shards[shard(hash)];
        if (shard == null) {
            return NONE;
        }
        int mask = shard.length - 1;
        for (int at = (int) hash & mask; shard[at] != 0; at = at + 1 & mask) {
            int slot = shard[at] - 1;
            if (low.get(slot) == idLow && high.get(slot) == idHigh) {
                return slot;
            }
        }
        return NONE;
    }

    /** Adds a slot, whose id is in the columns and not in the table. */
    void add(int slot) {
        long hash = hash(slot);
        int number = shard(hash);
        int[] shard = shards[number];
        if (shard == null) {
            shard = new int[SMALLEST];
            shards[number] = shard;
        } else if (sizes[number] >= shard.length / 4 * 3) {
            shard = rehashed(shard, shard.length * 2);
            shards[number] = shard;
        }
        put(shard, hash, slot + 1);
        sizes[number]++;
    }

    /** Removes a slot that is in the table. */
    void remove(int slot) {
        long hash = hash(slot);
        int number = shard(hash);
        int[] shard = shards[number];
        int mask = shard.length - 1;
        int hole = (int) hash & mask;
        while (shard[hole] != slot + 1) {
            hole = hole + 1 & mask;
        }
        for (int at = hole + 1 & mask; shard[at] != 0; at = at + 1 & mask) {
            int home = (int) hash(shard[at] - 1) & mask;
            if ((at - home & mask) >= (at - hole & mask)) { // it may stand as far forward as the hole
                shard[hole] = shard[at];
                hole = at;
            }
        }
        shard[hole] = 0;
        sizes[number]--;
        if (shard.length > SMALLEST && sizes[number] < shard.length / 8) {
            shards[number] = rehashed(shard, shard.length / 2);
        }
    }

    private int[] rehashed(int[] shard, int length) {
        int[] other = new int[length];
        for (int entry : shard) {
            if (entry != 0) {
                put(other, hash(entry - 1), entry);
            }
        }
        return other;
    }

    private static void put(int[] shard, long hash, int entry) {
        int mask = shard.length - 1;
        int at = (int) hash & mask;
        while (shard[at] != 0) {
            at = at + 1 & mask;
        }
        shard[at] = entry;
    }

    private long hash(int slot) {
        return hash(high.get(slot), low.get(slot));
    }

    /** The finalizer of MurmurHash3 over both halves: an id need not be random. */
    private static long hash(long idHigh, long idLow) {
        long hash = idHigh * 0x9e3779b97f4a7c15L ^ idLow;
        hash = (hash ^ hash >>> 33) * 0xff51afd7ed558ccdL;
        hash = (hash ^ hash >>> 33) * 0xc4ceb9fe1a85ec53L;
        return hash ^ hash >>> 33;
    }

    private static int shard(long hash) {
        return (int) (hash >>> 64 - SHARD_BITS);
    }

    /** How much memory it takes, in bytes. */
    long footprint() {
        return Arrays.stream(shards)
                .mapToLong(shard -> shard == null ? 0 : 4L * shard.length)
                .sum();
    }
}
