package dev.kumo.http.status;

import dev.kumo.core.ListenerState;
import dev.kumo.core.log.Link;
import dev.kumo.core.log.LogRecord;
import dev.kumo.core.queue.AdminOrder;
import dev.kumo.core.queue.QueueMatch;
import dev.kumo.core.queue.Queues;
import dev.kumo.core.queue.ReadyQueueState;
import dev.kumo.core.queue.ScheduledQueueState;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How it stands with the whole of an MTA, in bounded JSON: what the status page shows. */
final class Figures {

    private static final int MOST_SESSIONS = 25;
    private static final int MOST_QUEUES = 50;
    private static final int MOST_ORDERS = 50;

    /** Of the time of the queues, which stand still while they are looked at, at most so small a part is taken. */
    private static final int PART = 20;

    private final String hostname;
    private final @Nullable Supplier<Queues> queues;
    private final InstantSource time;
    private final Throughput throughput = new Throughput();
    private final Journeys journeys = new Journeys();
    private Map<String, Object> seen = Map.of();
    private long lookAgain = Long.MIN_VALUE;

    Figures(String hostname, @Nullable Supplier<Queues> queues, InstantSource time) {
        this.hostname = hostname;
        this.queues = queues;
        this.time = time;
    }

    void hear(LogRecord record) {
        throughput.count(record);
        journeys.hear(record);
    }

    /** A snapshot. */
    synchronized Map<String, Object> json(IntFunction<List<ListenerState>> listeners) {
        Instant now = time.instant();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("at", now.toString());
        json.put("hostname", hostname);
        put(json, listeners.apply(MOST_SESSIONS));
        json.put("throughput", throughput.json(now.getEpochSecond()));
        json.putAll(queues());
        json.put("messages", journeys.json());
        return json;
    }

    private static void put(Map<String, Object> json, List<ListenerState> states) {
        List<Object> listeners = new ArrayList<>();
        List<Map<String, Object>> sessions = new ArrayList<>();
        for (ListenerState state : states) {
            Map<String, Object> listener = new LinkedHashMap<>();
            listener.put("protocol", state.protocol());
            state.address().ifPresent(address -> listener.put("address", text(address)));
            listener.put("connections", state.connections());
            listeners.add(listener);
            for (Link link : state.links()) {
                sessions.add(Map.of(
                        "protocol", state.protocol(),
                        "client", text(link.client()),
                        "server", text(link.server()),
                        "since", link.since().toString()));
            }
        }
        sessions.sort(Comparator.comparing((Map<String, Object> session) -> String.valueOf(session.get("since")))
                .reversed());
        json.put("listeners", listeners);
        json.put("sessions", sessions.stream().limit(MOST_SESSIONS).toList());
    }

    private static String text(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
    }

    private Map<String, Object> queues() {
        if (queues != null && System.nanoTime() >= lookAgain) {
            long began = System.nanoTime();
            try {
                seen = look(queues.get());
            } catch (RuntimeException none) { // the Mta has no queues, or is not there yet
                seen = Map.of();
            }
            long took = System.nanoTime() - began;
            lookAgain = began + took * PART;
        }
        return seen;
    }

    private static Map<String, Object> look(Queues queues) {
        List<ScheduledQueueState> states = queues.scheduled(QueueMatch.all());
        Map<String, Object> scheduled = new LinkedHashMap<>();
        scheduled.put("count", states.size());
        scheduled.put(
                "messages",
                states.stream().mapToLong(ScheduledQueueState::depth).sum());
        scheduled.put(
                "shown",
                states.stream()
                        .sorted(Comparator.comparing((ScheduledQueueState state) ->
                                        state.suspension().isEmpty())
                                .thenComparing(Comparator.comparingInt(ScheduledQueueState::depth)
                                        .reversed()))
                        .limit(MOST_QUEUES)
                        .map(Figures::json)
                        .toList());
        List<ReadyQueueState> ready = queues.ready();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("queues", scheduled);
        json.put(
                "ready",
                ready.stream()
                        .sorted(Comparator.comparingInt(state -> -state.ready() - state.inFlight()))
                        .limit(MOST_QUEUES)
                        .map(Figures::json)
                        .toList());
        json.put(
                "suspensions",
                queues.orders().stream()
                        .filter(order -> order.kind() != AdminOrder.Kind.BOUNCE)
                        .limit(MOST_ORDERS)
                        .map(Figures::json)
                        .toList());
        return json;
    }

    private static Map<String, Object> json(ScheduledQueueState state) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", state.name().text());
        json.put("waiting", state.waiting());
        json.put("due", state.due());
        state.oldest().ifPresent(at -> json.put("oldest", at.toString()));
        state.nextDue().ifPresent(at -> json.put("next_due", at.toString()));
        put(json, state.suspension());
        return json;
    }

    private static Map<String, Object> json(ReadyQueueState state) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", state.name());
        json.put("ready", state.ready());
        json.put("in_flight", state.inFlight());
        json.put("connections", state.connections());
        json.put("connection_limit", state.connectionLimit());
        json.put("failures", state.failures());
        put(json, state.suspension());
        return json;
    }

    private static void put(Map<String, Object> json, Optional<AdminOrder> suspension) {
        suspension.ifPresent(order -> json.put("suspension", json(order)));
    }

    private static Map<String, Object> json(AdminOrder order) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", order.id().toString());
        json.put("ready", order.kind() == AdminOrder.Kind.SUSPEND_READY);
        json.put(
                "of",
                order.readyQueue()
                        .orElseGet(() -> order.match().map(Figures::text).orElse("")));
        json.put("reason", order.reason());
        json.put("until", order.until().toString());
        return json;
    }

    /** Which queues an order is about, in words. */
    private static String text(QueueMatch match) {
        if (!match.names().isEmpty()) {
            return match.names().stream()
                    .sorted()
                    .limit(3)
                    .reduce((a, b) -> a + ", " + b)
                    .orElse("");
        }
        List<String> parts = new ArrayList<>();
        match.campaign().ifPresent(campaign -> parts.add("campaign " + campaign));
        match.tenant().ifPresent(tenant -> parts.add("tenant " + tenant));
        match.domain().ifPresent(domain -> parts.add("domain " + domain));
        match.routingDomain().ifPresent(domain -> parts.add("routing domain " + domain));
        return parts.isEmpty() ? "all queues" : String.join(", ", parts);
    }
}
