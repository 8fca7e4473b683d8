package dev.kumo.lua;

import dev.kumo.core.delivery.Outcome;
import dev.kumo.core.mail.EnhancedStatus;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.Reply;
import dev.kumo.core.policy.Verdict;
import dev.kumo.core.queue.QueuePolicy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The events of a message that is in the queues, as a policy. */
final class MessageEvents implements QueuePolicy {

    /** Why a message is requeued: there is one way only, with a record that tells it. */
    private static final List<String> CONTEXT = List.of("LoggedTransientFailure");

    /** The time to the next attempt is always that of the queue, which is told by nil. */
    private static final @Nullable Object DELAY = null;

    private final Sessions script;

    MessageEvents(Sessions script) {
        this.script = script;
    }

    @Override
    public Verdict requeueMessage(Message message, Outcome.Deferred failure) {
        if (!script.current().events().contains(Events.REQUEUE)) {
            return Verdict.proceed();
        }
        Reply reply = failure.reply();
        Map<String, Object> parts = parts(reply, failure.attempt().command());
        try {
            script.call(Events.REQUEUE, false, message, reply.toString(), CONTEXT, true, DELAY, parts);
            return Verdict.proceed();
        } catch (LuaRefusal refusal) {
            return refusal.verdict();
        }
    }

    /** The members of a response, as records have them. */
    private static Map<String, Object> parts(Reply reply, String command) {
        Map<String, Object> parts = new LinkedHashMap<>();
        parts.put("code", reply.code());
        reply.status().ifPresent(status -> parts.put("enhanced_code", parts(status)));
        parts.put("content", String.join(" ", reply.lines()));
        if (!command.isEmpty()) {
            parts.put("command", command);
        }
        return parts;
    }

    private static Map<String, Object> parts(EnhancedStatus status) {
        return Map.of("class", status.statusClass(), "subject", status.subject(), "detail", status.detail());
    }

    @Override
    public void rebindMessage(Message message, Map<String, String> data) {
        try {
            script.call(Events.REBIND, false, message, data);
        } catch (LuaRefusal refusal) {
            throw new IllegalArgumentException(
                    "kumo.reject has no effect in " + Events.REBIND + "; it says where messages go", refusal);
        }
    }
}
