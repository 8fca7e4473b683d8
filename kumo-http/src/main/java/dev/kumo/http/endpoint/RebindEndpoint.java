package dev.kumo.http.endpoint;

import dev.kumo.core.queue.QueueMatch;
import dev.kumo.core.queue.RebindOption;
import dev.kumo.http.answer.Answer;
import dev.kumo.http.answer.Fields;
import dev.kumo.http.answer.Json;
import java.util.List;
import java.util.Map;

/** {@code POST /api/admin/rebind/v1}: moves messages to other queues by changing their meta data. */
final class RebindEndpoint {

    private static final Map<String, RebindOption> OPTIONS = Map.of(
            "trigger_rebind_event", RebindOption.ASK_POLICY,
            "suppress_logging", RebindOption.SUPPRESS_LOGGING,
            "always_flush", RebindOption.ALWAYS_FLUSH);

    private RebindEndpoint() {}

    static Endpoint endpoint(Orders orders) {
        Map<String, Object> body = Orders.matchSchema(
                List.of("reason", "data"),
                "data",
                Map.of("type", "object", "additionalProperties", Map.of("type", "string")),
                "trigger_rebind_event",
                Schemas.flag("the policy of the queues says where each message goes, and is given data"),
                "suppress_logging",
                Schemas.flag("nothing is logged of it"),
                "always_flush",
                Schemas.flag("messages are due at once, even where the queue stays the same"));
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
        RebindOption[] options = OPTIONS.entrySet().stream()
                .filter(option -> fields.flag(option.getKey()))
                .map(Map.Entry::getValue)
                .toArray(RebindOption[]::new);
        fields.end();
        Orders.refused(() -> orders.queues().rebind(match, data, reason, options));
        return Answer.json(200, Map.of());
    }
}
