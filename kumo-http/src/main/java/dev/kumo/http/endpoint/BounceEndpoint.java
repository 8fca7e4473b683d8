package dev.kumo.http.endpoint;

import dev.kumo.core.queue.AdminOrder;
import dev.kumo.core.queue.QueueMatch;
import dev.kumo.http.answer.Answer;
import dev.kumo.http.answer.Fields;
import dev.kumo.http.answer.Json;
import dev.kumo.http.answer.RefusedException;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code /api/admin/bounce/v1}: removes messages from the scheduled queues, and goes on removing them for a while. */
final class BounceEndpoint {

    private static final OrderPath PATH =
            new OrderPath("/api/admin/bounce/v1", "bounce_v1", AdminOrder.Kind.BOUNCE, "bounce");

    private final Orders orders;

    private BounceEndpoint(Orders orders) {
        this.orders = orders;
    }

    static List<Endpoint> endpoints(Orders orders) {
        Map<String, Object> body = Orders.matchSchema(
                List.of("reason"),
                append(Orders.timeSchema(), "suppress_logging", Map.of("type", "boolean", "const", false)));
        return PATH.endpoints(
                orders,
                Operation.of("Bounce messages")
                        .body(body)
                        .answer(
                                200,
                                "The order, and how many messages are there",
                                "application/json",
                                Schemas.table("the order")),
                "List the orders to bounce",
                "Revoke an order to bounce",
                new BounceEndpoint(orders)::post,
                order -> Map.of("bounced", Map.of(), "total_bounced", order.messages()));
    }

    private static Object[] append(Object[] first, Object... more) {
        Object[] all = Arrays.copyOf(first, first.length + more.length);
        System.arraycopy(more, 0, all, first.length, more.length);
        return all;
    }

    private Answer post(Ask ask) {
        Fields fields = Fields.of("", Json.read(ask.body()));
        QueueMatch match = Orders.match(fields);
        String reason = fields.text("reason");
        Duration duration = orders.duration(fields);
        if (fields.flag("suppress_logging")) {
            throw new RefusedException(422, "suppress_logging cannot be true: each bounce is logged; leave it out");
        }
        fields.end();
        AdminOrder order = Orders.refused(() -> orders.queues().bounce(match, reason, duration));
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", order.id().toString());
        json.put("bounced", Map.of());
        json.put("total_bounced", order.messages());
        return Answer.json(200, json);
    }
}
