package dev.kumo.core.log;

import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.Headers;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.MessageId;
import dev.kumo.core.mail.QueueName;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a record says of a message: everything but its content, so that a record that waits holds no mail in memory.
 *
 * @param id its name
 * @param sender the reverse-path
 * @param recipients the forward-paths
 * @param queue the scheduled queue
 * @param size with the header fields put on top, in bytes
 * @param attempts how many attempts have been made before
 * @param meta the meta data as it was, with values as JSON has them, sorted by name
 * @param headers those header fields that an observer asked for, in order
 */
public record MessageFacts(
        MessageId id,
        EnvelopeAddress sender,
        List<EnvelopeAddress> recipients,
        QueueName queue,
        long size,
        int attempts,
        Map<String, Object> meta,
        List<Headers.Field> headers) {

    /**
     * Copies recipients, meta data and header fields.
     *
     * @param id its name
     * @param sender the reverse-path
     * @param recipients the forward-paths
     * @param queue the scheduled queue
     * @param size in bytes
     * @param attempts how many have been made before
     * @param meta the meta data
     * @param headers those that were asked for
     */
    public MessageFacts {
        recipients = List.copyOf(recipients);
        headers = List.copyOf(headers);
        meta = Collections.unmodifiableSortedMap(new TreeMap<>(meta));
    }

    /**
     * The facts of a message as it is now, without header fields.
     *
     * @param message not kept
     * @return its facts
     */
    public static MessageFacts of(Message message) {
        return new MessageFacts(
                message.id(),
                message.sender(),
                message.recipients(),
                message.queue(),
                message.size(),
                message.schedule().attempts(),
                message.meta().asMap(),
                List.of());
    }
}
