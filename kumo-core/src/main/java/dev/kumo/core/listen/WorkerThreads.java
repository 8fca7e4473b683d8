package dev.kumo.core.listen;

import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads for what may block, such as policies: virtual ones from Java 21 on, else a bounded pool. */
public final class WorkerThreads {

    /** On Java 17 as many tasks can wait at once; further ones wait for a thread. */
    private static final int MOST_PLATFORM_THREADS = 512;

    private WorkerThreads() {}

    /**
     * Makes them.
     *
     * @param name what the names of platform threads begin with
     * @return to be shut down by the caller; refuses tasks from then on
     */
    public static ExecutorService create(String name) {
        try {
            return (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException beforeJava21) {
            return platformThreads(name);
        }
    }

    private static ExecutorService platformThreads(String name) {
        AtomicInteger count = new AtomicInteger();
        ThreadFactory threads = task -> {
            Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
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
        return new ThreadPoolExecutor(0, MOST_PLATFORM_THREADS, 30, TimeUnit.SECONDS, queue, threads, (task, pool) -> {
            if (pool.isShutdown()) {
                throw new RejectedExecutionException("the listener is closed");
            }
            queue.put(task);
        });
    }
}
