package dev.kumo.http.endpoint;

import dev.kumo.core.queue.AdminOrder;
import dev.kumo.core.queue.QueueMatch;
import dev.kumo.http.answer.Answer;
import dev.kumo.http.answer.Fields;
import dev.kumo.http.answer.Json;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** {@code /api/admin/suspend/v1}: has scheduled queues stand still for a while. */
final class SuspendEndpoint {

    private static final OrderPath PATH =
            new OrderPath("/api/admin/suspend/v1", "suspend_v1", AdminOrder.Kind.SUSPEND, "suspend");

    private final Orders orders;

    private SuspendEndpoint(Orders orders) {
        this.orders = orders;
    }

    static List<Endpoint> endpoints(Orders orders) {
        return PATH.endpoints(
                orders,
                Operation.of("Suspend scheduled queues")
                        .body(Orders.matchSchema(List.of("reason"), Orders.timeSchema()))
                        .answer(200, "The order", "application/json", Orders.idSchema()),
                "List the suspensions",
                "Revoke a suspension",
                new SuspendEndpoint(orders)::post,
                order -> Map.of());
    }

    private Answer post(Ask ask) {
        Fields fields = Fields.of("", Json.read(ask.body()));
        QueueMatch match = Orders.match(fields);
        String reason = fields.text("reason");
        Duration duration = orders.duration(fields);
        fields.end();
        AdminOrder order = Orders.refused(() -> orders.queues().suspend(match, reason, duration));
        return Answer.json(200, Map.of("id", order.id().toString()));
    }
}
