package dev.kumo.core.delivery;

import dev.kumo.core.mail.Message;

/**
 * Work that a listener has taken on and does later. A chore is kept as a {@link Message} in a queue of its own, so that it outlives
 * the process, is tried again, and can be looked at, suspended and removed as mail can; but it is no mail. Its recipients are those whom it
 * concerns, and its outcomes say for each of them whether it is done.
 *
 * <p>Nobody is told that a chore came, was done, or waits. Of recipients for whom it will never be done there is a
 * {@link dev.kumo.core.log.LogRecord.Bounce}, an {@link dev.kumo.core.log.LogRecord.Expiration} or an
 * {@link dev.kumo.core.log.LogRecord.AdminBounce}, and never a report by mail.
 *
 * <p>Its queue has options of its own: it is tried again after 10 seconds, later once in 5 minutes, for 7 days.
 */
public interface Chores {

    /** The domain below which the queues of chores are named, and to which no mail goes. */
    String DOMAIN = "kumomta.internal";

    /**
     * The queue of these chores.
     *
     * @return a name below {@link #DOMAIN}, which is the {@linkplain Message#CHORE meta data} of each of them
     */
    String queue();

    /**
     * Whether a chore comes from this listener, as far as that can be told after a restart. One that comes from nobody who is
     * there is given to the first who has the queue, and one that comes from several who are there is not taken.
     *
     * @param chore not to be changed
     * @return whether this is to do it
     */
    boolean isOurs(Message chore);

    /**
     * Tries to do a chore, and returns when that is certain. May block. Called by several threads at once, never before the listener
     * was opened, and perhaps after it was closed: nothing may be done then.
     *
     * @param chore not to be changed
     * @return what became of it, or of its recipients; an exception counts as deferred
     */
    Outcome attempt(Message chore);

    /**
     * Whether a queue is one of chores.
     *
     * @param domain the domain of a queue
     * @return whether it lies below {@link #DOMAIN}
     */
    static boolean isQueue(String domain) {
        return domain.endsWith("." + DOMAIN);
    }
}
