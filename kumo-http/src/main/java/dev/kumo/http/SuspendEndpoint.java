package dev.kumo.http;

import dev.kumo.core.queue.AdminOrder;
import dev.kumo.core.queue.QueueMatch;
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

    static List<Route> routes(Orders orders) {
        return List.of(
                new Route(
                        Method.POST,
                        PATH,
                        Access.TRUSTED,
                        Operation.of("Suspend scheduled queues")
                                .id("suspend_v1")
                                .tag("admin")
                                .body(Orders.matchSchema(List.of("reason"), Orders.timeSchema()))
                                .answer(200, "The order", "application/json", Orders.idSchema())
                                .answer(422, "No order"),
                        new SuspendEndpoint(orders)::post),
                new Route(
                        Method.GET,
                        PATH,
                        Access.TRUSTED,
                        Operation.of("List the suspensions")
                                .id("suspend_v1_list")
                                .tag("admin")
                                .answer(
                                        200,
                                        "Those that hold",
                                        "application/json",
                                        Schemas.list(Schemas.table("an order"), "orders")),
                        request -> orders.list(AdminOrder.Kind.SUSPEND, order -> Map.of())),
                new Route(
                        Method.DELETE,
                        PATH,
                        Access.TRUSTED,
                        Operation.of("Revoke a suspension")
                                .id("suspend_v1_delete")
                                .tag("admin")
                                .body(Orders.idSchema())
                                .answer(200, "Revoked", "text/plain", Map.of("type", "string"))
                                .answer(404, "No such order"),
                        request -> orders.revoke(AdminOrder.Kind.SUSPEND, "suspend", request)));
    }

    private Response post(Request request) {
        Fields fields = Fields.of("", Json.read(request.body()));
        QueueMatch match = Orders.match(fields);
        String reason = fields.text("reason");
        Duration duration = orders.duration(fields);
        fields.end();
        AdminOrder order = Orders.refused(() -> orders.queues().suspend(match, reason, duration));
        return Response.json(200, Map.of("id", order.id().toString()));
    }
}
