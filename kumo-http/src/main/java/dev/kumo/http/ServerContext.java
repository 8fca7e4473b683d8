package dev.kumo.http;

import dev.kumo.core.log.MtaObserver;
import dev.kumo.tls.ServerTls;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** What all connections of an open listener share. */
final class ServerContext {

    private final HttpListenerOptions options;
    private final Router router;
    private final Gate gate;
    private final Capacity capacity;
    private final Metrics metrics;
    private final MtaObserver observer;
    private final Executor executor;
    private final InstantSource time;
    private final @Nullable ServerTls tls;
    private volatile boolean closing;

    ServerContext(
            HttpListenerOptions options,
            Router router,
            Gate gate,
            Metrics metrics,
            MtaObserver observer,
            Executor executor,
            InstantSource time,
            @Nullable ServerTls tls) {
        this.options = options;
        this.router = router;
        this.gate = gate;
        this.capacity =
                new Capacity(options.limits().maxRequests(), options.limits().maxBodyMemory());
        this.metrics = metrics;
        this.observer = observer;
        this.executor = executor;
        this.time = time;
        this.tls = tls;
    }

    HttpListenerOptions options() {
        return options;
    }

    HttpLimits limits() {
        return options.limits();
    }

    Router router() {
        return router;
    }

    Gate gate() {
        return gate;
    }

    Capacity capacity() {
        return capacity;
    }

    Metrics metrics() {
        return metrics;
    }

    /** Who hears of connections. */
    MtaObserver observer() {
        return observer;
    }

    /** Where handlers and policies run. */
    Executor executor() {
        return executor;
    }

    InstantSource time() {
        return time;
    }

    /** Null if the port speaks without TLS. */
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
