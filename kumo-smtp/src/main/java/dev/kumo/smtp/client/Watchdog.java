package dev.kumo.smtp.client;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Acts at the end of time-outs. A time-out of the socket would end a read only; a write that a far side lets stall ends by
 * nothing but the close of its socket.
 */
final class Watchdog {

    private final ScheduledThreadPoolExecutor clock;

    Watchdog() {
        clock = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "kumo-smtp-watchdog");
            thread.setDaemon(true);
            return thread;
        });
        clock.setRemoveOnCancelPolicy(true);
        // So that nobody has to close it.
        clock.setKeepAliveTime(5, TimeUnit.SECONDS);
        clock.allowCoreThreadTimeOut(true);
    }

    /**
     * Has something done later.
     *
     * @param action must not block
     * @return to be cancelled
     */
    ScheduledFuture<?> after(Duration time, Runnable action) {
        return clock.schedule(action, TimeUnit.NANOSECONDS.convert(time), TimeUnit.NANOSECONDS);
    }
}
