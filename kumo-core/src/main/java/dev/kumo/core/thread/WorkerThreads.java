package dev.kumo.core.thread;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads for what may block, such as policies: each executor is to be shut down by who has made it, and takes no tasks from then on. */
public final class WorkerThreads {

    private WorkerThreads() {}

    /**
     * Makes virtual ones from Java 21 on, else a pool of daemons.
     *
     * @param purpose what their names begin with
     * @param most how many of the pool may be at work at once; further tasks wait
     * @return the threads
     */
    public static ExecutorService create(String purpose, int most) {
        try {
            return virtual(purpose);
        } catch (ReflectiveOperationException beforeJava21) {
            return platform(purpose, most);
        }
    }

    /**
     * Makes a pool of daemons, for what would hold the carriers of virtual threads.
     *
     * @param purpose what their names begin with
     * @param most how many may be at work at once; further tasks wait
     * @return the threads
     */
    public static ExecutorService platform(String purpose, int most) {
        AtomicInteger count = new AtomicInteger();
        ThreadFactory threads = task -> {
            Thread thread = new Thread(task, purpose + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
        // A queue that takes a task only if a thread already waits for one makes the pool grow before it queues.
        LinkedTransferQueue<Runnable> queue = new LinkedTransferQueue<>() {
            private static final long serialVersionUID = 1L;

            @Override
            public boolean offer(Runnable task) {
                return tryTransfer(task);
            }
        };
        return new ThreadPoolExecutor(0, most, 30, TimeUnit.SECONDS, queue, threads, (task, pool) -> {
            if (pool.isShutdown()) {
                throw new RejectedExecutionException(purpose + " is closed");
            }
            queue.put(task);
        });
    }

    /** Java 17 does not have them. */
    private static ExecutorService virtual(String purpose) throws ReflectiveOperationException {
        Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
        Class<?> type = Class.forName("java.lang.Thread$Builder");
        Object named = type.getMethod("name", String.class, long.class).invoke(builder, purpose + "-", 1L);
        Object threads = type.getMethod("factory").invoke(named);
        return (ExecutorService) Executors.class
                .getMethod("newThreadPerTaskExecutor", ThreadFactory.class)
                .invoke(null, threads);
    }
}
