package dev.kumo.http;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** What the messages of one injection have cost together, however many threads make them. */
final class Toll {

    /** The longest that a chore is put off, so that it comes again in the next. */
    private static final Duration PERIOD = Duration.ofMinutes(5);

    private final HttpLimits limits;
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong nanos = new AtomicLong();
    private Instant began = Instant.EPOCH;

    Toll(HttpLimits limits) {
        this.limits = limits;
    }

    /** A message was written. */
    void addBytes(int size) {
        bytes.addAndGet(size);
    }

    /** One that was written is to be made anew. */
    void takeBackBytes(int size) {
        bytes.addAndGet(-size);
    }

    /** Forgets the time that was taken before this period: who is late now may have been so because others were busy. */
    synchronized void enterPeriod(Instant now) {
        if (Duration.between(began, now).abs().compareTo(PERIOD) >= 0) {
            began = now;
            nanos.set(0);
        }
    }

    /** So long it took to write one, or to find that it cannot be. */
    void addTime(long taken) {
        nanos.addAndGet(taken);
    }

    boolean isTooLarge() {
        return bytes.get() > limits.maxInjectSize();
    }

    /** Without the time that policies and the spool have taken. */
    boolean isTooSlow() {
        return nanos.get() > limits.injectTimeout().toNanos();
    }

    String tooLarge() {
        return "the messages of the request become larger together than max_inject_size, which is "
                + limits.maxInjectSize() + " bytes; name fewer recipients at once";
    }

    String tooSlow() {
        return "the request took longer than inject_timeout, which is "
                + TimeUnit.NANOSECONDS.toMillis(limits.injectTimeout().toNanos())
                + " ms; name fewer recipients at once";
    }
}
