package dev.kumo.http;

import dev.kumo.core.Reception;
import dev.kumo.core.log.LogRecord;
import dev.kumo.core.log.MessageFacts;
import dev.kumo.core.log.MtaObserver;
import dev.kumo.core.log.SessionTrace;
import dev.kumo.core.queue.Queues;
import dev.kumo.http.endpoint.Endpoint;
import dev.kumo.http.metric.Metrics;
import dev.kumo.http.status.Status;
import dev.kumo.http.trace.TraceEndpoint;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What can be seen of the house through a listener: counts, the status page, what SMTP sessions say. */
final class Lookout {

    private final InstantSource time;
    private final Metrics metrics = new Metrics();
    private final Status status;
    private final MtaObserver observer;
    private volatile @Nullable SessionTrace trace;

    /**
     * Of a listener.
     *
     * @param listener what it is called, also after a restart
     */
    Lookout(String hostname, String listener, @Nullable Supplier<Queues> queues, InstantSource time) {
        this.time = time;
        this.status = new Status(hostname, queues, time);
        MtaObserver counting = metrics.observer();
        this.observer = MtaObserver.of(record -> {
            counting.record(record);
            countLost(listener, record);
            status.hear(record);
        });
    }

    /** Those who get nothing without an attempt: it was too late, or an administrator wanted it so. */
    private void countLost(String listener, LogRecord record) {
        MessageFacts chore = record instanceof LogRecord.Expiration expiration
                ? expiration.message()
                : record instanceof LogRecord.AdminBounce bounce ? bounce.message() : null;
        if (chore != null && Promise.listenerOf(chore.meta()).equals(Optional.of(listener))) {
            metrics.notGenerated(chore.recipients().size());
        }
    }

    Metrics metrics() {
        return metrics;
    }

    /** Hears what is to be seen. */
    MtaObserver observer() {
        return observer;
    }

    /** The status page and the trace. */
    Stream<Endpoint> endpoints() {
        return Stream.concat(
                status.endpoints().stream(),
                Stream.of(TraceEndpoint.endpoint(() -> Objects.requireNonNull(trace), time)));
    }

    void open(Reception house) {
        trace = house.trace();
        status.open(house);
    }

    void close() {
        status.close();
    }
}
