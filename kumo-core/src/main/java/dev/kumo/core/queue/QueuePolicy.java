package dev.kumo.core.queue;

import dev.kumo.core.delivery.Outcome;
import dev.kumo.core.mail.Message;
import dev.kumo.core.policy.Verdict;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;

/**
 * Your say in what becomes of messages that are in the queues: one method per event, each with a neutral default.
 *
 * <p>A method may block: it is called with no lock held, on a thread that can wait, for several messages at once. What it
 * is given is a copy. Its meta data, sender, recipients and header fields on top may be changed, and such a change is written
 * to the spool before the message is sent again; its content is what it was when it was received, and another one that is set is
 * dropped with a warning. If a method throws, what it changed is forgotten, the log has the error, and the message goes the way that
 * it would have gone without it.
 */
public interface QueuePolicy {

    /**
     * A message could not be delivered now and is about to wait for its next attempt: the event {@code requeue_message}. It is
     * called after the {@link dev.kumo.core.log.LogRecord.TransientFailure} was told, before the attempt is counted, and before it is
     * looked at whether the message becomes too old. A suspension by an administrator is no attempt, and not asked about.
     *
     * <p>If the queue of the message is another one afterwards, by its meta data {@code queue}, {@code campaign}, {@code tenant} or
     * {@code routing_domain}, it is due there at once. A policy that moves messages back and forth has them tried without a pause.
     *
     * @param message for those recipients who do not have it yet
     * @param failure why; where recipients were deferred for several reasons, the first of them
     * @return a refusal ends the message with a {@link dev.kumo.core.log.LogRecord.Bounce} of its code and text, whatever the code,
     *     and the sender is told if senders are told at all
     */
    default Verdict requeueMessage(Message message, Outcome.Deferred failure) {
        return Verdict.proceed();
    }

    /**
     * An administrator has messages rebound and wants this to decide where each goes, see {@link RebindOption#ASK_POLICY}: the event
     * {@code rebind_message}.
     *
     * @param message one of them
     * @param data what the administrator gave; nothing of it is in the meta data yet
     */
    default void rebindMessage(Message message, Map<String, String> data) {}

    /**
     * A policy for {@link #requeueMessage} alone.
     *
     * @param decide called for each message
     * @return the policy
     */
    static QueuePolicy onRequeueMessage(BiFunction<Message, Outcome.Deferred, Verdict> decide) {
        return new QueuePolicy() {
            @Override
            public Verdict requeueMessage(Message message, Outcome.Deferred failure) {
                return decide.apply(message, failure);
            }
        };
    }

    /**
     * A policy for {@link #rebindMessage} alone.
     *
     * @param move called for each message
     * @return the policy
     */
    static QueuePolicy onRebindMessage(BiConsumer<Message, Map<String, String>> move) {
        return new QueuePolicy() {
            @Override
            public void rebindMessage(Message message, Map<String, String> data) {
                move.accept(message, data);
            }
        };
    }
}
