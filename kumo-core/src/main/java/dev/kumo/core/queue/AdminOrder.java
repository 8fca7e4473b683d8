package dev.kumo.core.queue;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * What an administrator has ordered, and holds for a while. Orders are in memory only: a restart ends them.
 *
 * @param id to revoke it by
 * @param kind what was ordered
 * @param match which scheduled queues are meant; empty for a ready queue
 * @param readyQueue the name of the ready queue; empty for scheduled queues
 * @param reason what was given as the reason
 * @param until when it ends by itself
 * @param messages how many messages were there when it was given
 */
public record AdminOrder(
        UUID id,
        Kind kind,
        Optional<QueueMatch> match,
        Optional<String> readyQueue,
        String reason,
        Instant until,
        int messages) {

    /** What may be ordered. */
    public enum Kind {
        /** Messages are bounced, those that are there and those that come. */
        BOUNCE,
        /** The messages of a scheduled queue are not tried. */
        SUSPEND,
        /** A ready queue sends nothing. */
        SUSPEND_READY
    }
}
