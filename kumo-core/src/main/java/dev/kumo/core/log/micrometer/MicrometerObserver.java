package dev.kumo.core.log.micrometer;

import dev.kumo.core.log.Attempt;
import dev.kumo.core.log.Link;
import dev.kumo.core.log.LogRecord;
import dev.kumo.core.log.MessageFacts;
import dev.kumo.core.log.MtaObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts what happens, under the names of KumoMTA's metrics.
 *
 * <table>
 * <caption>Metrics</caption>
 * <tr><th>Name</th><th>Tag {@code service}</th><th>What</th></tr>
 * <tr><td>{@code connection_count}</td><td>{@code esmtp_listener}</td><td>gauge: connections of clients now</td></tr>
 * <tr><td>{@code total_connection_count}</td><td>{@code esmtp_listener}</td><td>connections of clients so far</td></tr>
 * <tr><td>{@code total_messages_received}</td><td>{@code esmtp_listener} or {@code http_listener}</td><td>{@code Reception}
 *     records</td></tr>
 * <tr><td>{@code smtp_server_rejections}</td><td>{@code esmtp_listener}</td><td>{@code Rejection} records</td></tr>
 * <tr><td>{@code total_messages_delivered}, {@code total_messages_transfail}, {@code total_messages_fail}</td><td>the protocol
 *     such as {@code smtp_client} or {@code maildir}</td><td>{@code Delivery}, {@code TransientFailure} and {@code Bounce}
 *     records</td></tr>
 * <tr><td>{@code deliver_message_latency_rollup}</td><td>the protocol</td><td>timer: from coming in to being delivered; it
 *     has a tag here, where KumoMTA's has none</td></tr>
 * <tr><td>{@code log_records_total}</td><td>none, but {@code type}</td><td>ours: records by kind</td></tr>
 * </table>
 *
 * <p>Tags have few values, whatever strangers do. What is told in KumoMTA's metrics by queue or site is not counted here.
 */
public final class MicrometerObserver implements MtaObserver {

    private static final String SERVICE = "service";
    private static final String ESMTP_LISTENER = "esmtp_listener";

    private static final String CUSTOM = "custom";

    /** More protocols than there are; a delivery of somebody's own could name each message's. */
    private static final int MOST_SERVICES = 50;

    private final MeterRegistry registry;
    private final AtomicLong connections = new AtomicLong();
    private final Counter connected;
    private final Counter rejected;
    private final Map<String, Counter> counters = new ConcurrentHashMap<>();
    private final Set<String> services = ConcurrentHashMap.newKeySet();
    private final Map<String, Timer> latencies = new ConcurrentHashMap<>();

    /**
     * Counts into a registry.
     *
     * @param registry where the metrics are registered
     */
    @SuppressWarnings("exports") // who has no registry needs no Micrometer either
    public MicrometerObserver(MeterRegistry registry) {
        this.registry = registry;
        this.connected = counter("total_connection_count", ESMTP_LISTENER);
        this.rejected = counter("smtp_server_rejections", ESMTP_LISTENER);
        registry.gauge("connection_count", Tags.of(SERVICE, ESMTP_LISTENER), connections);
    }

    @Override
    public void connected(Link link) {
        connections.incrementAndGet();
        connected.increment();
    }

    @Override
    public void disconnected(Link link, Instant at) {
        connections.decrementAndGet();
    }

    @Override
    public void record(LogRecord record) {
        counters.computeIfAbsent(record.type(), type -> registry.counter("log_records_total", "type", type))
                .increment();
        if (record instanceof LogRecord.Reception reception) {
            counter("total_messages_received", listener(reception.message())).increment();
        } else if (record instanceof LogRecord.Rejection) {
            rejected.increment();
        } else if (record instanceof LogRecord.Delivery delivery) {
            String service = service(delivery.attempt());
            counter("total_messages_delivered", service).increment();
            latency(service).record(since(delivery.message(), delivery.at()));
        } else if (record instanceof LogRecord.TransientFailure failure) {
            counter("total_messages_transfail", service(failure.attempt())).increment();
        } else if (record instanceof LogRecord.Bounce bounce
                && !bounce.message().isChore()) {
            counter("total_messages_fail", service(bounce.attempt())).increment();
        }
    }

    private static String listener(MessageFacts message) {
        return "HTTP".equals(message.meta().get("reception_protocol")) ? "http_listener" : ESMTP_LISTENER;
    }

    private String service(Attempt attempt) {
        String protocol = attempt.protocol();
        String service = switch (protocol) {
            case "ESMTP", "SMTP", "LMTP" -> "smtp_client";
            case "" -> CUSTOM;
            default -> protocol.toLowerCase(Locale.ROOT);
        };
        return services.contains(service) || services.size() < MOST_SERVICES && services.add(service)
                ? service
                : CUSTOM;
    }

    private static Duration since(MessageFacts message, Instant at) {
        Duration latency = Duration.between(message.id().created(), at);
        return latency.isNegative() ? Duration.ZERO : latency;
    }

    private Counter counter(String name, String service) {
        return counters.computeIfAbsent(
                name + " " + service,
                unseen -> Counter.builder(name).tag(SERVICE, service).register(registry));
    }

    private Timer latency(String service) {
        return latencies.computeIfAbsent(
                service,
                unseen -> Timer.builder("deliver_message_latency_rollup")
                        .tag(SERVICE, service)
                        .serviceLevelObjectives(
                                Duration.ofMillis(5),
                                Duration.ofMillis(10),
                                Duration.ofMillis(25),
                                Duration.ofMillis(50),
                                Duration.ofMillis(100),
                                Duration.ofMillis(250),
                                Duration.ofMillis(500),
                                Duration.ofSeconds(1),
                                Duration.ofMillis(2500),
                                Duration.ofSeconds(5),
                                Duration.ofSeconds(10))
                        .register(registry));
    }
}
