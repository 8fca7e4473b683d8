package dev.kumo.http.endpoint;

import dev.kumo.core.net.DurationText;
import dev.kumo.core.queue.AdminOrder;
import dev.kumo.core.queue.QueueMatch;
import dev.kumo.core.queue.Queues;
import dev.kumo.http.answer.Answer;
import dev.kumo.http.answer.Fields;
import dev.kumo.http.answer.Json;
import dev.kumo.http.answer.Printable;
import dev.kumo.http.answer.RefusedException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the endpoints share by which administrators give orders that hold for a while: to list and to revoke them. */
final class Orders {

    private static final Duration DEFAULT = Duration.ofMinutes(5);
    private static final Duration LONGEST = Duration.ofDays(3650);

    private final Supplier<Queues> queues;
    private final InstantSource time;

    Orders(Supplier<Queues> queues, InstantSource time) {
        this.queues = queues;
        this.time = time;
    }

    Queues queues() {
        try {
            return queues.get();
        } catch (IllegalStateException none) {
            throw new RefusedException(404, Printable.of(String.valueOf(none.getMessage())));
        }
    }

    /**
     * Reads which queues are meant, by the members that all orders have.
     *
     * @throws RefusedException if none are named, and not all are said to be meant
     */
    static QueueMatch match(Fields fields) {
        List<String> names = fields.list("queue_names", item -> {
            if (item.value() instanceof String name) {
                return name;
            }
            throw Fields.wrong(item.place(), "text", item.value());
        });
        QueueMatch match = names.isEmpty() ? QueueMatch.all() : QueueMatch.named(names.toArray(String[]::new));
        match = narrow(match, fields, "campaign", QueueMatch::campaign);
        match = narrow(match, fields, "tenant", QueueMatch::tenant);
        match = narrow(match, fields, "domain", QueueMatch::domain);
        match = narrow(match, fields, "routing_domain", QueueMatch::routingDomain);
        if (match.equals(QueueMatch.all()) != fields.flag("all")) {
            throw new RefusedException(
                    422,
                    "say which queues: queue_names, campaign, tenant, domain or routing_domain; or all = true and none of"
                            + " these, for every queue");
        }
        return match;
    }

    private interface Narrowing {
        QueueMatch apply(QueueMatch match, String value);
    }

    private static QueueMatch narrow(QueueMatch match, Fields fields, String name, Narrowing narrowing) {
        try {
            return fields.optionalText(name)
                    .map(value -> narrowing.apply(match, value))
                    .orElse(match);
        } catch (IllegalArgumentException e) {
            throw new RefusedException(422, "either queue_names or " + name + ", not both");
        }
    }

    static Map<String, Object> matchSchema(List<String> required, Object... more) {
        List<Object> members = new ArrayList<>(List.of(
                "queue_names", Schemas.list(Map.of("type", "string"), "whole names, in place of the parts"),
                "campaign", Schemas.text("of this campaign"),
                "tenant", Schemas.text("of this tenant"),
                "domain", Schemas.text("of this domain"),
                "routing_domain", Schemas.text("of this routing domain"),
                "all", Schemas.flag("every queue, if nothing else says which"),
                "reason", Schemas.text("for the log")));
        members.addAll(List.of(more));
        return Schemas.object(required, members.toArray());
    }

    /** The members that say how long. */
    static Object[] timeSchema() {
        return new Object[] {
            "duration",
            Map.of(
                    "type",
                    List.of("string", "number"),
                    "description",
                    "such as '1h 30m', or seconds; default 5 minutes"),
            "expires",
            Map.of("type", "string", "format", "date-time", "description", "goes before duration")
        };
    }

    /** How long an order is to hold. */
    Duration duration(Fields fields) {
        Duration given = duration(fields.take("duration"));
        Duration duration = fields.optionalText("expires").map(this::until).orElse(given);
        if (duration.isNegative() || duration.isZero() || duration.compareTo(LONGEST) > 0) {
            throw new RefusedException(
                    422, "an order holds longer than no time, and at most " + LONGEST.toDays() + " days");
        }
        return duration;
    }

    private static Duration duration(@Nullable Object value) {
        if (value == null) {
            return DEFAULT;
        }
        if (value instanceof Number number && Math.abs(number.doubleValue()) < LONGEST.toSeconds() * 2.0) {
            return Duration.ofMillis(Math.round(number.doubleValue() * 1000));
        }
        if (value instanceof String text) {
            try {
                return DurationText.parse(text);
            } catch (IllegalArgumentException e) {
                throw new RefusedException(422, "duration: " + e.getMessage());
            }
        }
        throw Fields.wrong("duration", "a text such as '1h 30m', or a number of seconds", value);
    }

    private Duration until(String expires) {
        try {
            return Duration.between(
                    time.instant(), OffsetDateTime.parse(expires).toInstant());
        } catch (DateTimeException e) {
            throw new RefusedException(422, "expires has to be a time such as 2026-11-22T03:04:05Z (RFC 3339)");
        }
    }

    /** The answer to GET: the orders of a kind that hold. */
    Answer list(AdminOrder.Kind kind, Function<AdminOrder, Map<String, Object>> more) {
        Instant now = time.instant();
        List<Map<String, Object>> list = new ArrayList<>();
        for (AdminOrder order : queues().orders()) {
            Duration left = Duration.between(now, order.until()).truncatedTo(ChronoUnit.SECONDS);
            if (order.kind() == kind && !left.isNegative()) {
                Map<String, Object> json = new LinkedHashMap<>();
                json.put("id", order.id().toString());
                order.match().ifPresent(match -> put(json, match));
                order.readyQueue().ifPresent(name -> json.put("name", name));
                json.put("reason", order.reason());
                json.put("duration", DurationText.format(left));
                json.put("expires", order.until().toString());
                json.putAll(more.apply(order));
                list.add(json);
            }
        }
        return Answer.json(200, list);
    }

    private static void put(Map<String, Object> json, QueueMatch match) {
        if (!match.names().isEmpty()) {
            json.put("queue_names", match.names().stream().sorted().toList());
        }
        match.campaign().ifPresent(campaign -> json.put("campaign", campaign));
        match.tenant().ifPresent(tenant -> json.put("tenant", tenant));
        match.domain().ifPresent(domain -> json.put("domain", domain));
        match.routingDomain().ifPresent(domain -> json.put("routing_domain", domain));
    }

    /** The answer to DELETE: the order is revoked, if it is one of the kind. */
    Answer revoke(AdminOrder.Kind kind, String what, Ask ask) {
        Fields fields = Fields.of("", Json.read(ask.body()));
        String text = fields.text("id");
        fields.end();
        UUID id;
        try {
            id = UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw new RefusedException(
                    422, "id has to be one that POST or GET has told, not " + Printable.quoted(text));
        }
        boolean known = queues().orders().stream()
                .anyMatch(order -> order.kind() == kind && order.id().equals(id));
        if (!known || !queues().revoke(id)) {
            throw new RefusedException(404, what + " entry " + id + " not found");
        }
        return Answer.text(200, "removed " + id);
    }

    /** Runs an order; what the queues refuse is the administrator's to mend. */
    static <T> T refused(Supplier<T> order) {
        try {
            return order.get();
        } catch (IllegalArgumentException e) {
            throw new RefusedException(422, Printable.of(String.valueOf(e.getMessage())));
        }
    }

    static Map<String, Object> idSchema() {
        return Schemas.object(List.of("id"), "id", Schemas.text("of an order that holds"));
    }
}
