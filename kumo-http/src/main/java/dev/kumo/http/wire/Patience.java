package dev.kumo.http.wire;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How long something may take that is the client's to do. One timer; when it fires too early, since the deadline has
 * moved on, it is set anew.
 */
final class Patience {

    private static final long FOREVER = Long.MAX_VALUE / 4;

    private final EventExecutor loop;
    private final Runnable onTimeout;
    private @Nullable Future<?> timer;
    private long deadline;
    private long firesAt;
    private boolean waiting;

    Patience(EventExecutor loop, Runnable onTimeout) {
        this.loop = loop;
        this.onTimeout = onTimeout;
    }

    /** The client's turn begins: it has this long. */
    void expect(Duration time) {
        long nanos = time.compareTo(Duration.ofNanos(FOREVER)) < 0 ? time.toNanos() : FOREVER;
        waiting = true;
        deadline = now() + nanos;
        if (timer != null && deadline - firesAt < 0) {
            timer.cancel(false);
            timer = null;
        }
        if (timer == null) {
            schedule();
        }
    }

    /** The server's turn: what passes now is not the client's fault. */
    void suspend() {
        waiting = false;
    }

    void cancel() {
        waiting = false;
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    private void schedule() {
        firesAt = deadline;
        timer = loop.schedule(this::check, Math.max(0, deadline - now()), TimeUnit.NANOSECONDS);
    }

    private void check() {
        timer = null;
        if (!waiting) {
            return;
        }
        if (deadline - now() <= 0) {
            waiting = false;
            onTimeout.run();
        } else {
            schedule();
        }
    }

    private long now() {
        return loop.ticker().nanoTime();
    }
}
