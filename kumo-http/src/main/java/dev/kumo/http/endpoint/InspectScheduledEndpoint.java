package dev.kumo.http.endpoint;

import dev.kumo.core.delivery.Protocol;
import dev.kumo.core.delivery.SmartHost;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.MessageId;
import dev.kumo.core.net.DurationText;
import dev.kumo.core.queue.QueueMatch;
import dev.kumo.core.queue.QueueOptions;
import dev.kumo.core.queue.Queues;
import dev.kumo.core.queue.ScheduledQueueState;
import dev.kumo.http.answer.Answer;
import dev.kumo.http.answer.Printable;
import dev.kumo.http.answer.RefusedException;
import java.io.IOException;
import java.time.Instant;
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
                        .answer(200, "The queue", "application/json", schema())
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
        return Answer.json(200, json(states.get(0), messages, time.instant()));
    }

    private static Map<String, Object> json(ScheduledQueueState state, List<Object> messages, Instant now) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("queue_name", state.name().text());
        json.put("messages", messages);
        json.put("num_scheduled", state.depth());
        state.options().ifPresent(options -> json.put("queue_config", json(options)));
        json.put("delayed_metric", state.waiting());
        state.nextDue().ifPresent(due -> json.put("next_due", due.toString()));
        state.suspension()
                .ifPresent(order -> json.put(
                        "suspended",
                        Map.of("reason", order.reason(), "until", order.until().toString())));
        json.put("now", now.toString());
        json.put("last_changed", state.lastChanged().toString());
        return json;
    }

    /** By the keys of {@code make_queue_config}. */
    private static Map<String, Object> json(QueueOptions options) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("retry_interval", DurationText.format(options.retryInterval()));
        options.maxRetryInterval().ifPresent(longest -> json.put("max_retry_interval", DurationText.format(longest)));
        json.put("max_age", DurationText.format(options.maxAge()));
        json.put("egress_pool", options.egressPool());
        options.maxMessageRate().ifPresent(rate -> json.put("max_message_rate", rate.toString()));
        json.put("reap_interval", DurationText.format(options.reapInterval()));
        json.put("protocol", json(options.protocol()));
        return json;
    }

    private static Map<String, Object> json(Protocol protocol) {
        Map<String, Object> json = new LinkedHashMap<>();
        if (protocol instanceof Protocol.Maildir maildir) {
            json.put("maildir_path", maildir.path().toString());
            maildir.dirMode().ifPresent(mode -> json.put("dir_mode", mode));
            maildir.fileMode().ifPresent(mode -> json.put("file_mode", mode));
        } else if (protocol instanceof Protocol.Smtp smtp) {
            Map<String, Object> options = new LinkedHashMap<>();
            if (!smtp.mxList().isEmpty()) {
                options.put(
                        "mx_list",
                        smtp.mxList().stream().map(host -> json(host)).toList());
            }
            if (smtp.treatMxListAsSecure()) {
                options.put("treat_mx_list_as_secure", true);
            }
            json.put("smtp", options);
        }
        return json;
    }

    /** In one of the forms in which it can be given. */
    private static Object json(SmartHost host) {
        String text = host.toString();
        String name = host.name() + "=";
        return text.startsWith(name) ? Map.of("name", host.name(), "addr", text.substring(name.length())) : text;
    }

    private static Map<String, Object> schema() {
        Map<String, Object> time = Map.of("type", "string", "format", "date-time");
        return Schemas.object(
                List.of("queue_name", "messages", "num_scheduled", "delayed_metric", "now", "last_changed"),
                "queue_name",
                Schemas.text("its name"),
                "messages",
                Schemas.list(Schemas.table("a message and its id"), "some of those that wait for their time"),
                "num_scheduled",
                Schemas.count("all its messages, those that are due included"),
                "queue_config",
                Schemas.table("its options, by the keys of make_queue_config; none before they were first asked for"),
                "delayed_metric",
                Schemas.count("messages that wait for their time"),
                "next_due",
                time,
                "suspended",
                Schemas.table("why and until when"),
                "now",
                time,
                "last_changed",
                time);
    }

    private static int limit(String text) {
        if (!text.matches("[0-9]{1,4}") || Integer.parseInt(text) > MOST) {
            throw new RefusedException(400, "limit is a number from 0 to " + MOST);
        }
        return Integer.parseInt(text);
    }
}
