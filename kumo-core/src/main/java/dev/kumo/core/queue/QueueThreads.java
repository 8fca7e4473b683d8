package dev.kumo.core.queue;

import dev.kumo.core.thread.WorkerThreads;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;

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
        ExecutorService spool = WorkerThreads.create("kumo-queue", FOR_SPOOL);
        ExecutorService routes = WorkerThreads.create("kumo-route", FOR_ROUTES);
        ExecutorService deliveries = WorkerThreads.create("kumo-delivery", FOR_DELIVERIES);
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
}
