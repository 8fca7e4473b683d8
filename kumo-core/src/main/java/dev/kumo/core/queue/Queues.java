package dev.kumo.core.queue;

import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.MessageId;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The queues of an MTA, to look at and to interfere with. Any number of threads may do so.
 *
 * <p>A message waits in its <em>scheduled queue</em>, one for each campaign, tenant and domain, until it is due; then it goes to a
 * <em>ready queue</em>, one for each source and site, whose connections send it.
 *
 * <p>What is ordered here is done at once as far as it concerns messages that wait; one that is being sent is not called back.
 */
public sealed interface Queues permits QueueDesk {

    /**
     * How it stands with the scheduled queues. Looks at every message that waits.
     *
     * @param match which ones
     * @return in the order of their names
     */
    List<ScheduledQueueState> scheduled(QueueMatch match);

    /**
     * How it stands with the ready queues.
     *
     * @return in the order of their names
     */
    List<ReadyQueueState> ready();

    /**
     * Names messages that wait for their time.
     *
     * @param match the queues
     * @param most how many to name at most
     * @return in no certain order
     */
    List<MessageId> waiting(QueueMatch match, int most);

    /**
     * Looks at a message.
     *
     * @param id its name
     * @return a copy as it is now, unless there is no such message; its schedule says when it is due and how often it was tried
     * @throws IOException if the spool fails
     */
    Optional<Message> inspect(MessageId id) throws IOException;

    /**
     * Has scheduled queues stand still: messages that fall due are not tried, and each is told of as
     * {@link dev.kumo.core.log.LogRecord.Delayed} with {@code 451 4.4.4}. That counts as no attempt. They are tried when the order ends,
     * or expire meanwhile.
     *
     * @param match the queues, also those that do not exist yet
     * @param reason for the records
     * @param duration how long; more than zero
     * @return the order; it takes the place of one for an equal match
     * @throws IllegalArgumentException if the duration is zero or less, or the reason cannot stand in a reply
     */
    AdminOrder suspend(QueueMatch match, String reason, Duration duration);

    /**
     * Has a ready queue send nothing. What waits in it goes back to the scheduled queues, so that another source may send it; if there is
     * none, it is told of as {@link dev.kumo.core.log.LogRecord.Delayed}.
     *
     * @param readyQueue the whole name, {@code SOURCE->SITE@PROTOCOL}; it need not exist yet
     * @param reason for the records
     * @param duration how long; more than zero
     * @return the order; it takes the place of one for the same queue
     * @throws IllegalArgumentException if the duration is zero or less, or the reason cannot stand in a reply
     */
    AdminOrder suspendReady(String readyQueue, String reason, Duration duration);

    /**
     * Has messages removed, those that are there and those that come while the order holds. Each is told of as
     * {@link dev.kumo.core.log.LogRecord.AdminBounce} with {@code 551 5.7.1}; their senders are not told. They are removed one after
     * another after this returns.
     *
     * @param match the queues
     * @param reason for the records
     * @param duration how long the order holds; more than zero
     * @return the order, which says how many messages are there
     * @throws IllegalArgumentException if the duration is zero or less, or the reason cannot stand in a reply
     */
    AdminOrder bounce(QueueMatch match, String reason, Duration duration);

    /**
     * Has messages that are not being sent moved to other queues, by changing their meta data: {@code queue}, {@code campaign}, {@code tenant} or
     * {@code routing_domain}. Those whose queue is another then are due at once. Each is told of as
     * {@link dev.kumo.core.log.LogRecord.AdminRebind}. They are moved one after another after this returns.
     *
     * @param match the queues they are in; those that come later are not moved
     * @param data what is set in the meta data of each, or what a {@link QueuePolicy} is given
     * @param reason for the records
     * @param options what is to be done otherwise
     * @return how many messages that is
     * @throws IllegalArgumentException if there is nothing to set, there is no policy that is to be asked, or the reason cannot stand in
     *     a reply
     */
    int rebind(QueueMatch match, Map<String, String> data, String reason, RebindOption... options);

    /**
     * The orders that hold now.
     *
     * @return in the order in which they were given
     */
    List<AdminOrder> orders();

    /**
     * Ends an order early. What waits for the end of a suspension is due at once; what was bounced does not come back.
     *
     * @param order its id
     * @return false if there is no such order
     */
    boolean revoke(UUID order);
}
