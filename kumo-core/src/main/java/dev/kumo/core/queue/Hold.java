package dev.kumo.core.queue;

import dev.kumo.core.mail.MessageId;
import java.time.Duration;
import java.time.Instant;

/** By what messages of a scheduled queue are held, for as long as some may be. */
record Hold(AdminOrder order, Duration maxAge) {

    /** When a message is looked at again: at the end of the suspension, or when it expires. */
    long until(MessageId id) {
        Instant expires = id.created().plus(maxAge).plusMillis(1);
        return (expires.isBefore(order.until()) ? expires : order.until()).toEpochMilli();
    }
}
