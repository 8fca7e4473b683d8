package dev.kumo.http.endpoint;

import dev.kumo.core.queue.AdminOrder;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A path at which orders of one kind are given (POST), listed (GET) and revoked (DELETE).
 *
 * @param path such as {@code /api/admin/suspend/v1}
 * @param id of its operations in the OpenAPI document, with what is added for GET and DELETE
 * @param kind of the orders
 * @param called what an order is called where there is none
 */
record OrderPath(String path, String id, AdminOrder.Kind kind, String called) {

    /**
     * What is answered there.
     *
     * @param give says what POST does, and what a body it takes
     * @param list says what GET lists
     * @param revoke says what DELETE does
     * @param poster gives an order
     * @param more what the list says of each order beside what it says of all
     */
    List<Endpoint> endpoints(
            Orders orders,
            Operation give,
            String list,
            String revoke,
            Endpoint.Action poster,
            Function<AdminOrder, Map<String, Object>> more) {
        Operation listing = Operation.of(list)
                .id(id + "_list")
                .tag("admin")
                .answer(200, "Those that hold", "application/json", Schemas.list(Schemas.table("an order"), "orders"));
        Operation revoking = Operation.of(revoke)
                .id(id + "_delete")
                .tag("admin")
                .body(Orders.idSchema())
                .answer(200, "Revoked", "text/plain", Map.of("type", "string"))
                .answer(404, "No such order");
        return List.of(
                Endpoint.trusted("POST", path, give.id(id).tag("admin").answer(422, "No order"), poster),
                Endpoint.trusted("GET", path, listing, ask -> orders.list(kind, more)),
                Endpoint.trusted("DELETE", path, revoking, ask -> orders.revoke(kind, called, ask)));
    }
}
