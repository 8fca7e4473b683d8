package dev.kumo.http;

import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.MessageId;
import java.io.IOException;
import java.util.Map;

/** {@code GET /api/admin/inspect-message/v1}: shows a message that waits. */
final class InspectMessageEndpoint {

    private InspectMessageEndpoint() {}

    static Route route(Orders orders) {
        return new Route(
                Method.GET,
                "/api/admin/inspect-message/v1",
                Access.TRUSTED,
                Operation.of("Show a message")
                        .id("inspect_message_v1")
                        .tag("admin")
                        .parameter("query", "id", true, "its name", Map.of("type", "string"))
                        .parameter(
                                "query", "want_body", false, "whether to show its content", Map.of("type", "boolean"))
                        .answer(200, "The message", "application/json", Schemas.table("the message"))
                        .answer(400, "No name of a message")
                        .answer(404, "No such message"),
                request -> get(orders, request));
    }

    private static Response get(Orders orders, Request request) throws IOException {
        String id = request.query("id").orElse("");
        boolean wantBody = Inspection.wantBody(request);
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
        return Response.json(200, Inspection.json(message, wantBody));
    }
}
