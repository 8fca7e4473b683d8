package dev.kumo.core.queue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One lock over all that the queues know. It is held for moments only: what may block, or calls somebody else's code, is put
 * off until it is free.
 */
final class Guard {

    private static final Logger LOG = LoggerFactory.getLogger(QueueWorks.class);

    private final ReentrantLock lock = new ReentrantLock();
    private List<Runnable> afterwards = new ArrayList<>();

    void run(Runnable step) {
        call(() -> {
            step.run();
            return true;
        });
    }

    <T extends @Nullable Object> T call(Supplier<T> step) {
        List<Runnable> due = List.of();
        lock.lock();
        try {
            return step.get();
        } finally {
            if (lock.getHoldCount() == 1 && !afterwards.isEmpty()) {
                due = afterwards;
                afterwards = new ArrayList<>();
            }
            lock.unlock();
            due.forEach(Guard::safely);
        }
    }

    /** What was put off by several must not fail together, nor take the place of what the step answers or throws. */
    private static void safely(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            LOG.error("a task of the queues failed", e);
        }
    }

    /** Has a task run once the lock is free, by whoever frees it. To be called by its holder only. */
    void afterwards(Runnable task) {
        if (!lock.isHeldByCurrentThread()) {
            throw new IllegalStateException("only the holder of the lock may put something off");
        }
        afterwards.add(task);
    }
}
