package dev.kumo.http.endpoint;

import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.MessageId;
import dev.kumo.core.queue.QueueMatch;
import dev.kumo.core.queue.Queues;
import dev.kumo.core.queue.ScheduledQueueState;
import dev.kumo.http.answer.Answer;
import dev.kumo.http.answer.Printable;
import dev.kumo.http.answer.RefusedException;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code GET /api/admin/inspect-sched-q/v1}: shows a scheduled queue, and some of the messages that wait in it. */
final class InspectScheduledEndpoint {

    private static final int DEFAULT = 100;
    private static final int MOST = 1000;

    private InspectScheduledEndpoint() {}

    static Endpoint endpoint(Orders orders, InstantSource time) {
        return Endpoint.trusted(
                "GET",
                "/api/admin/inspect-sched-q/v1",
                Operation.of("Show a scheduled queue")
                        .id("inspect_sched_q_v1")
                        .tag("admin")
                        .parameter("query", "queue_name", true, "its name", Map.of("type", "string"))
                        .parameter("query", "want_body", false, "whether to show contents", Map.of("type", "boolean"))
                        .parameter(
                                "query",
                                "limit",
                                false,
                                "how many messages to show",
                                Map.of("type", "integer", "minimum", 0, "maximum", MOST, "default", DEFAULT))
                        .answer(200, "The queue", "application/json", Schemas.table("the queue"))
                        .answer(400, "A parameter is missing or malformed")
                        .answer(404, "No such queue"),
                ask -> get(orders, time, ask));
    }

    private static Answer get(Orders orders, InstantSource time, Ask ask) throws IOException {
        String name = ask.query("queue_name").orElseThrow(() -> new RefusedException(400, "queue_name is missing"));
        boolean wantBody = Inspection.wantBody(ask);
        int limit = limit(ask.query("limit").orElse(Integer.toString(DEFAULT)));
        Queues queues = orders.queues();
        QueueMatch match = QueueMatch.named(name);
        List<ScheduledQueueState> states = queues.scheduled(match);
        if (states.isEmpty()) {
            throw new RefusedException(404, "no such queue " + Printable.quoted(name));
        }
        List<Object> messages = new ArrayList<>();
        long left = Inspection.MOST_SHOWN;
        for (MessageId id : limit == 0 ? List.<MessageId>of() : queues.waiting(match, limit)) {
            Optional<Message> message = queues.inspect(id);
            if (message.isPresent()) { // it may have gone meanwhile
                left -= message.get().size();
                messages.add(Inspection.json(message.get(), wantBody && left >= 0));
            }
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("queue_name", name);
        json.put("messages", messages);
        json.put("num_scheduled", states.get(0).depth());
        states.get(0).nextDue().ifPresent(due -> json.put("next_due", due.toString()));
        states.get(0)
                .suspension()
                .ifPresent(order -> json.put(
                        "suspended",
                        Map.of("reason", order.reason(), "until", order.until().toString())));
        json.put("now", time.instant().toString());
        return Answer.json(200, json);
    }

    private static int limit(String text) {
        if (!text.matches("[0-9]{1,4}") || Integer.parseInt(text) > MOST) {
            throw new RefusedException(400, "limit is a number from 0 to " + MOST);
        }
        return Integer.parseInt(text);
    }
}
