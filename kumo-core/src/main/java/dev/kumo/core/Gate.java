package dev.kumo.core;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Lets transactions in until it is closed, and knows when all of them have left. */
final class Gate {

    /** One for each transaction that is inside, and one more until the gate closes. */
    private final AtomicLong inside = new AtomicLong(1);

    private final CountDownLatch empty = new CountDownLatch(1);
    private volatile boolean closed;

    boolean enter() {
        return !closed && inside.getAndUpdate(count -> count == 0 ? 0 : count + 1) > 0;
    }

    void leave() {
        if (inside.decrementAndGet() == 0) {
            empty.countDown();
        }
    }

    /**
     * Lets nobody in any more, and waits until all have left, or until the time is up.
     *
     * @return whether all have left
     */
    synchronized boolean close(Duration patience) {
        if (!closed) {
            closed = true;
            leave();
        }
        try {
            return empty.await(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
