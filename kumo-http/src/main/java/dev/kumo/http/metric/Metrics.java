package dev.kumo.http.metric;

import dev.kumo.core.log.LogRecord;
import dev.kumo.core.log.MtaObserver;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What a listener counts, under the names that KumoMTA gives them as far as it has any. */
public final class Metrics {

    private static final String SERVICE = "http_listener";
    private static final String SMTP = "esmtp_listener";
    private static final double SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Metric connections =
            new Metric(Metric.Type.GAUGE, "connection_count", "Clients that are connected", "service");
    private final Metric allConnections =
            new Metric(Metric.Type.COUNTER, "total_connection_count", "Clients that have connected", "service");
    private final Metric denied = new Metric(
            Metric.Type.COUNTER, "total_connections_denied", "Clients that were turned away as too many", "service");
    private final Metric received =
            new Metric(Metric.Type.COUNTER, "total_messages_received", "Messages that were received", "service");
    private final Metric generation = new Metric(
            Metric.Type.COUNTER,
            "http_deferred_generation_total",
            "Recipients of injections with deferred_generation: promised a message, whose message was made, who get none",
            "outcome");
    private final Metric requests = new Metric(
            Metric.Type.COUNTER, "http_requests_total", "Requests that were answered", "method", "path", "status");
    private final Metric durations =
            new Metric(Metric.Type.HISTOGRAM, "http_request_duration_seconds", "From the header to the answer", "path");
    private final Metric delivered =
            new Metric(Metric.Type.COUNTER, "total_messages_delivered", "Messages that were delivered");
    private final Metric deferred =
            new Metric(Metric.Type.COUNTER, "total_messages_transfail", "Attempts that failed and will be made again");
    private final Metric failed = new Metric(
            Metric.Type.COUNTER, "total_messages_fail", "Messages that cannot be delivered, or have become too old");
    private final Metric memoryUsage = new Metric(
                    Metric.Type.GAUGE, "memory_usage", "Bytes of the heap that are in use")
            .read(() -> (double) Runtime.getRuntime().totalMemory()
                    - Runtime.getRuntime().freeMemory());
    private final Metric memoryLimit = new Metric(Metric.Type.GAUGE, "memory_limit", "Bytes that the heap may have")
            .read(() -> (double) Runtime.getRuntime().maxMemory());
    private final List<Metric> all = Stream.of(
                    connections,
                    allConnections,
                    denied,
                    received,
                    generation,
                    requests,
                    durations,
                    delivered,
                    deferred,
                    failed,
                    memoryUsage,
                    memoryLimit)
            .sorted(Comparator.comparing(Metric::name))
            .toList();

    public List<Metric> all() {
        return all;
    }

    public void connected() {
        connections.add(1, SERVICE);
        allConnections.add(1, SERVICE);
    }

    public void disconnected() {
        connections.add(-1, SERVICE);
    }

    public void denied() {
        denied.add(1, SERVICE);
    }

    /** A message is about to be handed to the reception. */
    public void received() {
        received.add(1, SERVICE);
    }

    /** So many recipients are to have messages that are made later. */
    public void promised(int recipients) {
        generation.add(recipients, "promised");
    }

    /** One of them has it. */
    public void generated() {
        generation.add(1, "generated");
    }

    /** So many of them will never have it. */
    public void notGenerated(int recipients) {
        generation.add(recipients, "failed");
    }

    /** An answer went out. A stranger can make up paths without end, so those that are none have to share a name. */
    public void answered(String method, String path, int status, long nanos) {
        requests.add(1, method, path, Integer.toString(status));
        durations.observe(nanos / SECOND, path);
    }

    /** Counts what becomes of messages, whichever way they came. */
    public MtaObserver observer() {
        return MtaObserver.of(record -> {
            if (record instanceof LogRecord.Reception reception) {
                // What came over HTTP was counted when it was handed on.
                if ("ESMTP".equals(reception.message().meta().get("reception_protocol"))) {
                    received.add(1, SMTP);
                }
            } else if (record instanceof LogRecord.Delivery) {
                delivered.add(1);
            } else if (record instanceof LogRecord.TransientFailure) {
                deferred.add(1);
            } else if (record instanceof LogRecord.Bounce bounce
                            && !bounce.message().isChore()
                    || record instanceof LogRecord.Expiration expiration
                            && !expiration.message().isChore()) { // what was to be a message has a count of its own
                failed.add(1);
            }
        });
    }
}
