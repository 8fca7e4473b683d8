package dev.kumo.core;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/** Says yes once in each period, so that what happens a thousand times a second is logged once a minute. */
final class OncePer {

    private final long periodMillis;
    private final InstantSource time;
    private final AtomicLong next = new AtomicLong(Long.MIN_VALUE);

    OncePer(Duration period, InstantSource time) {
        this.periodMillis = period.toMillis();
        this.time = time;
    }

    boolean isDue() {
        long now = time.millis();
        long due = next.get();
        return now >= due && next.compareAndSet(due, now + periodMillis);
    }
}
