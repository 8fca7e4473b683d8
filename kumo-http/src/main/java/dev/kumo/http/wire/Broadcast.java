package dev.kumo.http.wire;

import dev.kumo.http.answer.Answer;
import dev.kumo.http.answer.RefusedException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows everybody who watches the same snapshot, once in a period, however many they are. While nobody watches, nothing is computed and
 * no thread is there.
 */
public final class Broadcast implements AutoCloseable {

    static final int MOST_WATCHERS = 64;

    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);

    /** Who watches. */
    interface Watcher {

        /** Shows an event, or leaves it out while the one before is not read yet. */
        void offer(byte[] event);

        /** There will be no more. */
        void end();
    }

    private final Supplier<byte[]> snapshot;
    private final Duration period;
    private final ScheduledThreadPoolExecutor clock;
    private final Set<Watcher> watchers = ConcurrentHashMap.newKeySet();
    private byte @Nullable [] last;
    private boolean ticking;
    private boolean closed;

    /**
     * Makes one that nobody watches yet.
     *
     * @param snapshot JSON on one line
     */
    public Broadcast(Supplier<byte[]> snapshot, Duration period) {
        this.snapshot = snapshot;
        this.period = period;
        this.clock = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "kumo-http-live");
            thread.setDaemon(true);
            return thread;
        });
        clock.setKeepAliveTime(5, TimeUnit.SECONDS);
        clock.allowCoreThreadTimeOut(true);
        clock.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /**
     * Watches from now on, until it leaves.
     *
     * @throws RefusedException 503 if there are too many, or this is closed
     */
    synchronized void join(Watcher watcher) {
        if (closed) {
            throw new RefusedException(503, "the listener is closing");
        }
        if (watchers.size() >= MOST_WATCHERS) {
            throw new RefusedException(Answer.problem(503, "too many watch already; close one of them, or try later")
                    .header("Retry-After", "10"));
        }
        watchers.add(watcher);
        if (!ticking) {
            ticking = true;
            clock.execute(this::tick);
        } else if (last != null) {
            watcher.offer(last);
        }
    }

    synchronized void leave(Watcher watcher) {
        watchers.remove(watcher);
    }

    synchronized boolean isTicking() {
        return ticking;
    }

    private void tick() {
        try {
            byte[] event = event(snapshot.get());
            synchronized (this) {
                last = event;
            }
            watchers.forEach(watcher -> watcher.offer(event));
        } catch (RuntimeException | Error e) {
            LOG.error("What is broadcast cannot be made", e);
        }
        goOn();
    }

    private synchronized void goOn() {
        if (watchers.isEmpty() || closed) {
            ticking = false;
            last = null;
            return;
        }
        try {
            clock.schedule(this::tick, period.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException ended) {
            ticking = false;
        }
    }

    /** An event of a stream, in the format of the HTML standard, section 9.2.5. */
    private static byte[] event(byte[] json) {
        byte[] field = "data: ".getBytes(StandardCharsets.US_ASCII);
        byte[] event = new byte[field.length + json.length + 2];
        System.arraycopy(field, 0, event, 0, field.length);
        System.arraycopy(json, 0, event, field.length, json.length);
        event[event.length - 2] = '\n';
        event[event.length - 1] = '\n';
        return event;
    }

    /** Ends what everybody watches. */
    @Override
    public synchronized void close() {
        closed = true;
        watchers.forEach(Watcher::end);
        watchers.clear();
        clock.shutdownNow();
    }
}
