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

    private static final String PATH = "/api/admin/suspend-ready-q/v1";

    private final Orders orders;

    private SuspendReadyEndpoint(Orders orders) {
        this.orders = orders;
    }

    static List<Endpoint> endpoints(Orders orders) {
        List<Object> members = new ArrayList<>(
                List.of("name", Schemas.text("SOURCE->SITE@PROTOCOL"), "reason", Schemas.text("for the log")));
        members.addAll(List.of(Orders.timeSchema()));
        return List.of(
                Endpoint.trusted(
                        "POST",
                        PATH,
                        Operation.of("Suspend a ready queue")
                                .id("suspend_ready_q_v1")
                                .tag("admin")
                                .body(Schemas.object(List.of("name", "reason"), members.toArray()))
                                .answer(200, "The order", "application/json", Orders.idSchema())
                                .answer(422, "No order"),
                        new SuspendReadyEndpoint(orders)::post),
                Endpoint.trusted(
                        "GET",
                        PATH,
                        Operation.of("List the suspended ready queues")
                                .id("suspend_ready_q_v1_list")
                                .tag("admin")
                                .answer(
                                        200,
                                        "Those that are",
                                        "application/json",
                                        Schemas.list(Schemas.table("an order"), "orders")),
                        ask -> orders.list(AdminOrder.Kind.SUSPEND_READY, order -> Map.of())),
                Endpoint.trusted(
                        "DELETE",
                        PATH,
                        Operation.of("Revoke the suspension of a ready queue")
                                .id("suspend_ready_q_v1_delete")
                                .tag("admin")
                                .body(Orders.idSchema())
                                .answer(200, "Revoked", "text/plain", Map.of("type", "string"))
                                .answer(404, "No such order"),
                        ask -> orders.revoke(AdminOrder.Kind.SUSPEND_READY, "suspend", ask)));
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
