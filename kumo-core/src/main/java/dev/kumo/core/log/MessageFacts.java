package dev.kumo.core.log;

import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.Headers;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.MessageId;
import dev.kumo.core.mail.Meta;
import dev.kumo.core.mail.QueueName;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

    private static final Logger LOG = LoggerFactory.getLogger(MessageFacts.class);

    private static final int MOST_FIELDS = 100;
    private static final int MOST_CHARACTERS = 16_384;

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
        meta = Meta.copyOf(meta);
    }

    /**
     * Whether it is no mail, but a {@linkplain Message#isChore() chore}.
     *
     * @return whether it says so in its meta data
     */
    public boolean isChore() {
        return meta.containsKey(Message.CHORE);
    }

    /**
     * The facts of a message as it is now, without header fields.
     *
     * @param message not kept
     * @return its facts
     */
    public static MessageFacts of(Message message) {
        return of(message, Selection.NONE);
    }

    /**
     * The facts of a message as it is now. The header is read only if fields are wanted of it.
     *
     * @param message not kept
     * @param wanted what the observer wants, see {@link MtaObserver#wantedHeaders()}; of one message not more than 100
     *     fields and 16,384 characters of them are taken, as a stranger wrote them and the record may have to wait
     * @return its facts
     */
    public static MessageFacts of(Message message, Selection wanted) {
        return new MessageFacts(
                message.id(),
                message.sender(),
                message.recipients(),
                message.queue(),
                message.size(),
                message.schedule().attempts(),
                message.meta().asMap(),
                wanted.isEmpty() ? List.of() : headers(message, wanted));
    }

    private static List<Headers.Field> headers(Message message, Selection wanted) {
        List<Headers.Field> all;
        try {
            all = message.headers().fields();
        } catch (UncheckedIOException e) {
            LOG.warn("the header of message {} cannot be read for the log", message.id(), e);
            return List.of();
        }
        List<Headers.Field> taken = new ArrayList<>();
        int left = MOST_CHARACTERS;
        for (Headers.Field field : all) {
            if (wanted.spelling(field.name()).isPresent() && taken.size() < MOST_FIELDS && left > 0) {
                String value = field.value();
                taken.add(value.length() <= left ? field : new Headers.Field(field.name(), value.substring(0, left)));
                left -= Math.min(left, field.name().length() + value.length());
            }
        }
        return taken;
    }
}
