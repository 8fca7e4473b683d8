package dev.kumo.core.queue;

import dev.kumo.core.mail.QueueName;
import java.time.Instant;
import java.util.Optional;

/**
 * How it stands with a scheduled queue.
 *
 * @param name its name
 * @param waiting how many messages wait for their time
 * @param due how many are due: in line, in a ready queue, or being sent
 * @param oldest when the oldest of those that wait was created, if any waits
 * @param nextDue when the next of those that wait is due, if any waits
 * @param suspension the order by which it is suspended, if it is
 * @param options as they were asked for last, if they have been since it was made
 * @param lastChanged when a message last came, left, fell due or was put off
 */
public record ScheduledQueueState(
        QueueName name,
        int waiting,
        int due,
        Optional<Instant> oldest,
        Optional<Instant> nextDue,
        Optional<AdminOrder> suspension,
        Optional<QueueOptions> options,
        Instant lastChanged) {

    /**
     * How many messages there are.
     *
     * @return those that wait and those that are due
     */
    public int depth() {
        return waiting + due;
    }
}
