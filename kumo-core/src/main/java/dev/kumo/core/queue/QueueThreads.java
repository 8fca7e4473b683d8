package dev.kumo.core.queue;

import java.lang.reflect.InvocationTargetException;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where the queues have run what may block: on the embedder's executor, or on virtual threads from Java 21 on, else on bounded pools of
 * daemons, one for each purpose, so that a site that hangs cannot hold up what is not sent there.
 */
final class QueueThreads {

    /** On Java 17 as many can wait at once. */
    private static final int FOR_SPOOL = 32;

    private static final int FOR_ROUTES = 128;
    private static final int FOR_DELIVERIES = 512;

    private final List<ExecutorService> own;
    private final Executor spool;
    private final Executor routes;
    private final Executor deliveries;

    private QueueThreads(List<ExecutorService> own, Executor spool, Executor routes, Executor deliveries) {
        this.own = own;
        this.spool = spool;
        this.routes = routes;
        this.deliveries = deliveries;
    }

    static QueueThreads of(Executor executor) {
        return new QueueThreads(List.of(), executor, executor, executor);
    }

    static QueueThreads own() {
        ExecutorService spool = create("kumo-queue", FOR_SPOOL);
        ExecutorService routes = create("kumo-route", FOR_ROUTES);
        ExecutorService deliveries = create("kumo-delivery", FOR_DELIVERIES);
        return new QueueThreads(List.of(spool, routes, deliveries), spool, routes, deliveries);
    }

    /** For what reads and writes the spool, and asks the embedder's functions. */
    Executor spool() {
        return spool;
    }

    /** For what looks up routes. */
    Executor routes() {
        return routes;
    }

    /** For what sends. */
    Executor deliveries() {
        return deliveries;
    }

    /** Takes no more; what runs goes on. */
    void close() {
        own.forEach(ExecutorService::shutdown);
    }

    /** Names its threads after the purpose; {@code most} bounds platform threads only. */
    private static ExecutorService create(String purpose, int most) {
        try {
            return virtual(purpose);
        } catch (ReflectiveOperationException beforeJava21) {
            return platform(purpose, most);
        }
    }

    private static ExecutorService virtual(String purpose) throws ReflectiveOperationException {
        Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
        Class<?> type = Class.forName("java.lang.Thread$Builder");
        Object named = type.getMethod("name", String.class, long.class).invoke(builder, purpose + "-", 1L);
        ThreadFactory threads = (ThreadFactory) type.getMethod("factory").invoke(named);
        try {
            return (ExecutorService) Executors.class
                    .getMethod("newThreadPerTaskExecutor", ThreadFactory.class)
                    .invoke(null, threads);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ExecutorService platform(String purpose, int most) {
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
                throw new RejectedExecutionException("the queues are closed");
            }
            queue.put(task);
        });
    }
}
