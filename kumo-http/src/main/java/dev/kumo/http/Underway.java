package dev.kumo.http;

import dev.kumo.http.answer.RefusedException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** What is worked on, so that what closes can have it cut short, and wait for its end. */
final class Underway {

    private int count;
    private boolean closing;

    /**
     * Something begins, and will {@link #leave}.
     *
     * @throws RefusedException 503 once it closes
     */
    void enter() {
        if (!tryEnter()) {
            throw new RefusedException(503, "shutting down");
        }
    }

    /** Something begins, and will {@link #leave}, unless it closes. */
    synchronized boolean tryEnter() {
        if (closing) {
            return false;
        }
        count++;
        return true;
    }

    synchronized void leave() {
        count--;
        notifyAll();
    }

    synchronized boolean isClosing() {
        return closing;
    }

    /** Lets nothing begin any more, and has what runs end soon. */
    synchronized void beginClosing() {
        closing = true;
    }

    /**
     * Waits.
     *
     * @return whether nothing is left
     */
    synchronized boolean awaitEnd(Duration longest) {
        long deadline = System.nanoTime() + longest.toNanos();
        while (count > 0) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            try {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }
}
