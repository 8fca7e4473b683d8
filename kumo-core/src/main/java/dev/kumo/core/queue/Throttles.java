package dev.kumo.core.queue;

import dev.kumo.core.net.ThrottleSpec;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Rates that are held, by name. A changed rate starts afresh, as the rate is part of the key.
 *
 * <p>The number of them is bounded. A throttle whose permits have all come back is as if it were new, so it is
 * forgotten and nothing is lost. Only if there are too many that are not idle are the nearest to it forgotten too,
 * which then may give up to a burst too much.
 *
 * <p>Any number of threads may use it.
 */
final class Throttles {

    private static final int FEW = 1024;

    private final InstantSource time;
    private final int capacity;
    private final ConcurrentHashMap<Key, Throttle> throttles = new ConcurrentHashMap<>();
    private final ReentrantLock sweeping = new ReentrantLock();
    private volatile int sweepAt;

    /** What a throttle is found by. */
    private record Key(String name, ThrottleSpec spec) {}

    /** How far a throttle is from idle; noted, as it changes while it is sorted. */
    private record Debt(Key key, Throttle throttle, long nanos) {}

    /** Remembers up to {@code capacity} throttles, and for a moment one more for each thread. */
    Throttles(InstantSource time, int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("at least 1 throttle is remembered, not " + capacity);
        }
        this.time = time;
        this.capacity = capacity;
        this.sweepAt = Math.min(FEW, capacity);
    }

    /**
     * Takes a permit if there is one.
     *
     * @return zero if it is taken; else how long until one may be tried for, which reserves nothing
     */
    Duration acquire(String name, ThrottleSpec spec) {
        Key key = new Key(name, spec);
        while (true) {
            Throttle known = throttles.get(key);
            Throttle throttle =
                    known == null ? throttles.computeIfAbsent(key, absent -> new Throttle(spec, time)) : known;
            long nanos = throttle.tryAcquire();
            if (nanos != Throttle.GONE) {
                if (known == null) {
                    sweepIfMany(); // only now, as a throttle without a permit taken would be swept away as idle
                }
                return Duration.ofNanos(nanos);
            }
            throttles.remove(key, throttle);
        }
    }

    /** Gives back a permit that was taken and not used, soon after it was. */
    void giveBack(String name, ThrottleSpec spec) {
        Throttle throttle = throttles.get(new Key(name, spec));
        if (throttle != null) {
            throttle.giveBack();
        }
    }

    /** How many are remembered. */
    int size() {
        return throttles.size();
    }

    private void sweepIfMany() {
        if (throttles.size() > sweepAt && sweeping.tryLock()) {
            try {
                throttles.values().removeIf(Throttle::retireIfIdle);
                if (throttles.size() > capacity) {
                    forgetNearestToIdle();
                }
                // Twice what is left, so that each throttle that is made pays for looking at two.
                sweepAt = Math.max(Math.min(FEW, capacity), (int) Math.min(2L * throttles.size(), capacity));
            } finally {
                sweeping.unlock();
            }
        }
    }

    /** Makes room for a quarter at once, as each time all are sorted. */
    private void forgetNearestToIdle() {
        List<Debt> debts = new ArrayList<>();
        for (Map.Entry<Key, Throttle> entry : throttles.entrySet()) {
            debts.add(
                    new Debt(entry.getKey(), entry.getValue(), entry.getValue().toIdle()));
        }
        debts.sort(Comparator.comparingLong(Debt::nanos));
        for (Debt debt : debts.subList(0, Math.max(0, debts.size() - capacity + capacity / 4))) {
            debt.throttle.retire();
            throttles.remove(debt.key, debt.throttle);
        }
    }
}
