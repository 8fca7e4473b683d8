package dev.kumo.smtp.server;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How long a connection waits for its client: for the next bytes, and for the whole of a command or content however
 * steadily its bytes come. One timer a connection, set anew when it fires, or when it would fire too late.
 */
final class Patience {

    private static final long FOREVER = Long.MAX_VALUE / 2;

    private final EventExecutor loop;
    private final Runnable onTimeout;
    private final long betweenReads;
    private @Nullable Future<?> timer;
    private long lastRead;
    private long phaseEnd = FOREVER;
    private long firstMailEnd;
    private long lastChunkEnd = FOREVER;
    private long firesAt;
    private boolean waiting;

    Patience(EventExecutor loop, EsmtpListenerOptions options, Runnable onTimeout) {
        this.loop = loop;
        this.onTimeout = onTimeout;
        this.betweenReads = nanos(options.clientTimeout());
        this.lastRead = now();
        this.firstMailEnd = lastRead + nanos(options.limits().firstMailTimeout());
    }

    /** The client's turn begins: it has this long, and never more than the time between reads without a byte. */
    void expect(Duration phase) {
        waiting = true;
        lastRead = now();
        phaseEnd = lastRead + nanos(phase);
        if (timer != null && deadline() < firesAt) {
            timer.cancel(false);
            timer = null;
        }
        if (timer == null) {
            schedule();
        }
    }

    /** The server's turn: the client is not to blame for what passes now. */
    void suspend() {
        waiting = false;
    }

    void read() {
        lastRead = now();
    }

    /** The client has begun a transaction. */
    void mailed() {
        firstMailEnd = FOREVER;
    }

    /** The first chunk of a message begins, or a further one: all of them have this long. */
    void chunks(Duration whole) {
        if (lastChunkEnd == FOREVER) {
            lastChunkEnd = now() + nanos(whole);
        }
    }

    /** No chunks are under way. */
    void noChunks() {
        lastChunkEnd = FOREVER;
    }

    void cancel() {
        waiting = false;
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    private void schedule() {
        long now = now();
        firesAt = waiting ? Math.max(now, deadline()) : now + betweenReads;
        timer = loop.schedule(this::check, firesAt - now, TimeUnit.NANOSECONDS);
    }

    private void check() {
        timer = null;
        if (waiting && deadline() - now() <= 0) {
            onTimeout.run();
        } else {
            schedule();
        }
    }

    private long deadline() {
        return Math.min(Math.min(lastRead + betweenReads, phaseEnd), Math.min(firstMailEnd, lastChunkEnd));
    }

    private long now() {
        return loop.ticker().nanoTime();
    }

    private static long nanos(Duration duration) {
        return duration.compareTo(Duration.ofNanos(FOREVER / 2)) < 0 ? duration.toNanos() : FOREVER / 2;
    }
}
