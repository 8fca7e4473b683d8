package dev.kumo.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that stands still until a test moves it. Safe for use by many threads. */
public final class TestClock implements InstantSource {

    /** Where a clock stands at first: 2026-01-01T00:00:00Z. */
    public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private Instant now = START;

    /** A clock that stands at {@link #START}. */
    public TestClock() {}

    @Override
    public synchronized Instant instant() {
        return now;
    }

    /**
     * Moves the clock.
     *
     * @param time how far, forward
     * @throws IllegalArgumentException if it is negative
     */
    public synchronized void advance(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("time goes forward, not by " + time);
        }
        now = now.plus(time);
    }

    synchronized void reset() {
        now = START;
    }

    /** Where the clock stands. */
    @Override
    public synchronized String toString() {
        return now.toString();
    }
}
