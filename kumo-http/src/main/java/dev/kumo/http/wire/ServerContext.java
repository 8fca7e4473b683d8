package dev.kumo.http.wire;

import dev.kumo.core.log.MtaObserver;
import dev.kumo.http.metric.Metrics;
import dev.kumo.tls.ServerTls;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** What all connections of an open port share. */
public final class ServerContext {

    private final Bounds bounds;
    private final Service service;
    private final Capacity capacity;
    private final Metrics metrics;
    private final MtaObserver observer;
    private final Executor executor;
    private final InstantSource time;
    private final @Nullable ServerTls tls;
    private volatile boolean closing;

    /**
     * Gathers it.
     *
     * @param observer hears of connections
     * @param executor where tasks run
     * @param tls null if the port speaks without TLS
     */
    public ServerContext(
            Bounds bounds,
            Service service,
            Metrics metrics,
            MtaObserver observer,
            Executor executor,
            InstantSource time,
            @Nullable ServerTls tls) {
        this.bounds = bounds;
        this.service = service;
        this.capacity = new Capacity(bounds.maxRequests(), bounds.maxBodyMemory());
        this.metrics = metrics;
        this.observer = observer;
        this.executor = executor;
        this.time = time;
        this.tls = tls;
    }

    Bounds bounds() {
        return bounds;
    }

    Service service() {
        return service;
    }

    Capacity capacity() {
        return capacity;
    }

    Metrics metrics() {
        return metrics;
    }

    MtaObserver observer() {
        return observer;
    }

    Executor executor() {
        return executor;
    }

    InstantSource time() {
        return time;
    }

    @Nullable ServerTls tls() {
        return tls;
    }

    /** From now on each answer is the last of its connection. */
    void beginClosing() {
        closing = true;
    }

    boolean isClosing() {
        return closing;
    }
}
