package dev.kumo.http.endpoint;

import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.MessageId;
import dev.kumo.http.answer.Answer;
import dev.kumo.http.answer.RefusedException;
import java.io.IOException;
import java.util.Map;

/** {@code GET /api/admin/inspect-message/v1}: shows a message that waits. */
final class InspectMessageEndpoint {

    private InspectMessageEndpoint() {}

    static Endpoint endpoint(Orders orders) {
        return Endpoint.trusted(
                "GET",
                "/api/admin/inspect-message/v1",
                Operation.of("Show a message")
                        .id("inspect_message_v1")
                        .tag("admin")
                        .parameter("query", "id", true, "its name", Map.of("type", "string"))
                        .parameter(
                                "query", "want_body", false, "whether to show its content", Map.of("type", "boolean"))
                        .answer(200, "The message", "application/json", Schemas.table("the message"))
                        .answer(400, "No name of a message")
                        .answer(404, "No such message"),
                ask -> get(orders, ask));
    }

    private static Answer get(Orders orders, Ask ask) throws IOException {
        String id = ask.query("id").orElse("");
        boolean wantBody = Inspection.wantBody(ask);
        MessageId name;
        try {
            name = new MessageId(id);
        } catch (IllegalArgumentException e) {
            throw new RefusedException(400, "id: " + e.getMessage());
        }
        Message message =
                orders.queues().inspect(name).orElseThrow(() -> new RefusedException(404, "there is no message " + id));
        if (wantBody && message.size() > Inspection.MOST_SHOWN) {
            throw new RefusedException(
                    422, "the message has " + message.size() + " bytes, too many to show; leave want_body out");
        }
        return Answer.json(200, Inspection.json(message, wantBody));
    }
}
