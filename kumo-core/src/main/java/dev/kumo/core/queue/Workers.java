package dev.kumo.core.queue;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts what may block, and knows when all that was begun has ended. */
final class Workers {

    private static final Logger LOG = LoggerFactory.getLogger(QueueWorks.class);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition quiet = lock.newCondition();
    private long running;

    /** Counts something that goes on until {@link #end}, such as a write to the spool. */
    void begin() {
        lock.lock();
        try {
            running++;
        } finally {
            lock.unlock();
        }
    }

    void end() {
        lock.lock();
        try {
            if (--running == 0) {
                quiet.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Starts a task on an executor; false if that takes none. */
    boolean start(Executor executor, Runnable task) {
        begin();
        try {
            executor.execute(() -> {
                try {
                    task.run();
                } catch (RuntimeException | Error e) {
                    LOG.error("a task of the queues failed", e);
                } finally {
                    end();
                }
            });
            return true;
        } catch (RejectedExecutionException e) {
            end();
            return false;
        } catch (RuntimeException | Error e) { // such as no memory for a thread
            LOG.error("an executor failed", e);
            end();
            return false;
        }
    }

    /** Waits until nothing runs, or the time is up. */
    boolean awaitQuiet(long nanos) {
        lock.lock();
        try {
            long left = nanos;
            while (running > 0 && left > 0) {
                left = quiet.awaitNanos(left);
            }
            return running == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }
}
