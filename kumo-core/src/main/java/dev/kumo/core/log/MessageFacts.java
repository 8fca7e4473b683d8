package dev.kumo.core.log;

import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.MessageId;
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
 * @param size with the header fields put on top, in bytes
 * @param meta the meta data as it was, with values as JSON has them, sorted by name
 */
public record MessageFacts(
        MessageId id, EnvelopeAddress sender, List<EnvelopeAddress> recipients, long size, Map<String, Object> meta) {

    /**
     * Copies recipients and meta data.
     *
     * @param id its name
     * @param sender the reverse-path
     * @param recipients the forward-paths
     * @param size in bytes
     * @param meta the meta data
     */
    public MessageFacts {
        recipients = List.copyOf(recipients);
        meta = Collections.unmodifiableSortedMap(new TreeMap<>(meta));
    }

    /**
     * The facts of a message as it is now.
     *
     * @param message not kept
     * @return its facts
     */
    public static MessageFacts of(Message message) {
        return new MessageFacts(
                message.id(),
                message.sender(),
                message.recipients(),
                message.size(),
                message.meta().asMap());
    }
}
