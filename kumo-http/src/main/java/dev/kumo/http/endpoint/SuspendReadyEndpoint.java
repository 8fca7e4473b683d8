package dev.kumo.http.endpoint;

import dev.kumo.core.queue.AdminOrder;
import dev.kumo.http.answer.Answer;
import dev.kumo.http.answer.Fields;
import dev.kumo.http.answer.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code /api/admin/suspend-ready-q/v1}: has a ready queue send nothing for a while. */
final class SuspendReadyEndpoint {

    private static final OrderPath PATH = new OrderPath(
            "/api/admin/suspend-ready-q/v1", "suspend_ready_q_v1", AdminOrder.Kind.SUSPEND_READY, "suspend");

    private final Orders orders;

    private SuspendReadyEndpoint(Orders orders) {
        this.orders = orders;
    }

    static List<Endpoint> endpoints(Orders orders) {
        List<Object> members = new ArrayList<>(
                List.of("name", Schemas.text("SOURCE->SITE@PROTOCOL"), "reason", Schemas.text("for the log")));
        members.addAll(List.of(Orders.timeSchema()));
        return PATH.endpoints(
                orders,
                Operation.of("Suspend a ready queue")
                        .body(Schemas.object(List.of("name", "reason"), members.toArray()))
                        .answer(200, "The order", "application/json", Orders.idSchema()),
                "List the suspended ready queues",
                "Revoke the suspension of a ready queue",
                new SuspendReadyEndpoint(orders)::post,
                order -> Map.of());
    }

    private Answer post(Ask ask) {
        Fields fields = Fields.of("", Json.read(ask.body()));
        String name = fields.text("name");
        String reason = fields.text("reason");
        Duration duration = orders.duration(fields);
        fields.end();
        AdminOrder order = Orders.refused(() -> orders.queues().suspendReady(name, reason, duration));
        return Answer.json(200, Map.of("id", order.id().toString()));
    }
}
