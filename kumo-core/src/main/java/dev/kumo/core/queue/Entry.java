package dev.kumo.core.queue;

import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.MessageId;
import org.jspecify.annotations.Nullable;

/**
 * A message on its way from its scheduled queue through a ready queue to its outcome. It is in one place at a time: in a line, in a
 * ready queue, or in the hands of a worker. While a message waits for its time there is none.
 */
final class Entry {

    final MessageId id;

    /** Changed under the {@link Guard}. */
    ScheduledQueue queue;

    /** What is in memory anyhow, so that it need not be read again; whoever has the entry may forget it. */
    @Nullable Message message;

    Entry(MessageId id, ScheduledQueue queue, @Nullable Message message) {
        this.id = id;
        this.queue = queue;
        this.message = message;
    }
}
