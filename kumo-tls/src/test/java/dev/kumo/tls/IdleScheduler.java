package dev.kumo.tls;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Does what is scheduled when a test says so. */
final class IdleScheduler extends ScheduledThreadPoolExecutor {

    private final List<Periodic> tasks = new ArrayList<>();

    IdleScheduler() {
        super(0);
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, long first, long delay, TimeUnit unit) {
        Periodic periodic = new Periodic(task, unit.toMillis(delay));
        tasks.add(periodic);
        return periodic;
    }

    /** Runs the tasks of an interval, once. */
    void tick(long everyMillis) {
        tasks.stream()
                .filter(task -> task.millis == everyMillis && !task.isCancelled())
                .forEach(task -> task.body.run());
    }

    long planned() {
        return tasks.stream().filter(task -> !task.isCancelled()).count();
    }

    private static final class Periodic extends FutureTask<Void> implements ScheduledFuture<Void> {

        private final Runnable body;
        private final long millis;

        Periodic(Runnable body, long millis) {
            super((Callable<Void>) () -> null);
            this.body = body;
            this.millis = millis;
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(millis, TimeUnit.MILLISECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(getDelay(TimeUnit.MILLISECONDS), other.getDelay(TimeUnit.MILLISECONDS));
        }
    }
}
