package dev.kumo.core.queue;

import dev.kumo.core.net.ThrottleSpec;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Throttles by name. A changed rate starts afresh, as the rate is part of the key. Any number of threads may use it.
 */
final class Throttles {

    private final InstantSource time;
    private final ConcurrentHashMap<Key, Throttle> throttles = new ConcurrentHashMap<>();

    /** What a throttle is found by. */
    private record Key(String name, ThrottleSpec spec) {}

    /** Remembers up to {@code capacity} that are not idle. */
    Throttles(InstantSource time, int capacity) {
        this.time = time;
        if (capacity < 1) {
            throw new IllegalArgumentException("at least 1 throttle is remembered, not " + capacity);
        }
    }

    /**
     * Takes a permit if there is one.
     *
     * @return zero if it is taken; else how long until one may be tried for, which reserves nothing
     */
    Duration acquire(String name, ThrottleSpec spec) {
        return throttles
                .computeIfAbsent(new Key(name, spec), key -> new Throttle(spec, time))
                .acquire();
    }

    /** Gives back a permit that was taken and not used. */
    void giveBack(String name, ThrottleSpec spec) {
        Throttle throttle = throttles.get(new Key(name, spec));
        if (throttle != null) {
            throttle.giveBack();
        }
    }
}
