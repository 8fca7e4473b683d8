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

    private static final String PATH = "/api/admin/suspend/v1";

    private final Orders orders;

    private SuspendEndpoint(Orders orders) {
        this.orders = orders;
    }

    static List<Endpoint> endpoints(Orders orders) {
        return List.of(
                Endpoint.trusted(
                        "POST",
                        PATH,
                        Operation.of("Suspend scheduled queues")
                                .id("suspend_v1")
                                .tag("admin")
                                .body(Orders.matchSchema(List.of("reason"), Orders.timeSchema()))
                                .answer(200, "The order", "application/json", Orders.idSchema())
                                .answer(422, "No order"),
                        new SuspendEndpoint(orders)::post),
                Endpoint.trusted(
                        "GET",
                        PATH,
                        Operation.of("List the suspensions")
                                .id("suspend_v1_list")
                                .tag("admin")
                                .answer(
                                        200,
                                        "Those that hold",
                                        "application/json",
                                        Schemas.list(Schemas.table("an order"), "orders")),
                        ask -> orders.list(AdminOrder.Kind.SUSPEND, order -> Map.of())),
                Endpoint.trusted(
                        "DELETE",
                        PATH,
                        Operation.of("Revoke a suspension")
                                .id("suspend_v1_delete")
                                .tag("admin")
                                .body(Orders.idSchema())
                                .answer(200, "Revoked", "text/plain", Map.of("type", "string"))
                                .answer(404, "No such order"),
                        ask -> orders.revoke(AdminOrder.Kind.SUSPEND, "suspend", ask)));
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
