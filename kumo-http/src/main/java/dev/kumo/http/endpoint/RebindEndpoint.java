package dev.kumo.http.endpoint;

import dev.kumo.core.queue.QueueMatch;
import dev.kumo.http.answer.Answer;
import dev.kumo.http.answer.Fields;
import dev.kumo.http.answer.Json;
import dev.kumo.http.answer.RefusedException;
import java.util.List;
import java.util.Map;

/** {@code POST /api/admin/rebind/v1}: moves messages to other queues by changing their meta data. */
final class RebindEndpoint {

    private static final List<String> NOT_YET = List.of("suppress_logging", "trigger_rebind_event", "always_flush");

    private RebindEndpoint() {}

    static Endpoint endpoint(Orders orders) {
        Map<String, Object> body = Orders.matchSchema(
                List.of("reason", "data"),
                "data",
                Map.of("type", "object", "additionalProperties", Map.of("type", "string")));
        return Endpoint.trusted(
                "POST",
                "/api/admin/rebind/v1",
                Operation.of("Move messages to other queues")
                        .id("rebind_v1")
                        .tag("admin")
                        .body(body)
                        .answer(200, "They are moved from now on", "application/json", Schemas.table("nothing"))
                        .answer(422, "No order"),
                ask -> post(orders, ask));
    }

    private static Answer post(Orders orders, Ask ask) {
        Fields fields = Fields.of("", Json.read(ask.body()));
        QueueMatch match = Orders.match(fields);
        String reason = fields.text("reason");
        fields.need("data");
        Map<String, String> data = fields.texts("data");
        for (String name : NOT_YET) {
            if (fields.flag(name)) {
                throw new RefusedException(422, name + " cannot be true in this version; leave it out");
            }
        }
        fields.end();
        Orders.refused(() -> orders.queues().rebind(match, data, reason));
        return Answer.json(200, Map.of());
    }
}
