package dev.kumo.core.spool;

import dev.kumo.core.mail.Content;
import dev.kumo.core.mail.Envelope;
import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.MessageId;
import dev.kumo.core.mail.Meta;
import dev.kumo.core.mail.QueueName;
import dev.kumo.core.mail.Schedule;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The body of a MESSAGE record: when it is due (seconds, nanoseconds) and its attempts; the name of its queue; flags; sender;
 * recipients; the header fields put on top, as they stand there; meta data.
 *
 * <p>What a restart has to know stands in front, so that it need not read the rest.
 */
final class MessageCodec {

    private static final int SMTP_UTF8 = 1;
    private static final int DEFERRED_SPOOL = 2;
    private static final int QUEUE_IN_PARTS = 4;

    private MessageCodec() {}

    static void pack(Message message, Packer out) {
        Schedule schedule = message.schedule();
        Instant due = schedule.due();
        out.number(due.getEpochSecond()).count(due.getNano()).count(schedule.attempts());
        QueueName queue = message.queue();
        boolean whole = queue.equals(QueueName.parse(queue.text()));
        Envelope envelope = message.envelope();
        out.octet((envelope.smtpUtf8() ? SMTP_UTF8 : 0)
                | (message.isDeferredSpool() ? DEFERRED_SPOOL : 0)
                | (whole ? 0 : QUEUE_IN_PARTS));
        out.text(queue.text());
        if (!whole) {
            pack(queue.campaign(), out);
            pack(queue.tenant(), out);
            out.text(queue.domain());
            pack(queue.routingDomain(), out);
        }
        out.text(envelope.sender().toString()).count(envelope.recipients().size());
        envelope.recipients().forEach(recipient -> out.text(recipient.toString()));
        out.block(top(message));
        out.table(message.meta().asMap());
    }

    private static void pack(Optional<String> part, Packer out) {
        out.octet(part.isPresent() ? 1 : 0);
        part.ifPresent(out::text);
    }

    /** The header fields put on top: what the message has in front of its content. */
    private static byte[] top(Message message) {
        int length = Math.toIntExact(message.size() - message.content().size());
        if (length == 0) {
            return new byte[0];
        }
        try (InputStream in = message.open()) {
            return in.readNBytes(length);
        } catch (IOException e) {
            throw new IllegalStateException("what is in memory cannot be read", e);
        }
    }

    /** Reads what a restart has to know. */
    static Spool.Stored unpackStored(MessageId id, ByteBuffer body) throws IOException {
        try {
            Unpacker in = new Unpacker(body);
            Schedule schedule = schedule(in);
            return new Spool.Stored(id, queue(in, in.octet()), schedule);
        } catch (RuntimeException e) {
            throw damaged(id, e);
        }
    }

    /** Reads the whole message. */
    static Message unpack(MessageId id, ByteBuffer body, Content content) throws IOException {
        try {
            Unpacker in = new Unpacker(body);
            Schedule schedule = schedule(in);
            int flags = in.octet();
            queue(in, flags); // follows from envelope and meta data
            EnvelopeAddress sender = address(in.text());
            List<EnvelopeAddress> recipients = new ArrayList<>();
            for (int left = in.count(); left > 0; left--) {
                recipients.add(address(in.text()));
            }
            String top = in.text();
            Meta meta = new Meta();
            in.table().forEach(meta::put);
            Message message =
                    new Message(id, new Envelope(sender, recipients, (flags & SMTP_UTF8) != 0), meta, content);
            message.setSchedule(schedule);
            message.setDeferredSpool((flags & DEFERRED_SPOOL) != 0);
            putOnTop(top, message);
            return message;
        } catch (RuntimeException e) {
            throw damaged(id, e);
        }
    }

    private static IOException damaged(MessageId id, RuntimeException cause) {
        return new IOException("message " + id + " in the spool cannot be read: " + cause.getMessage(), cause);
    }

    private static EnvelopeAddress address(String text) {
        return text.isEmpty() ? EnvelopeAddress.NULL_SENDER : EnvelopeAddress.parse(text);
    }

    private static Schedule schedule(Unpacker in) {
        Instant due = Instant.ofEpochSecond(in.number(), in.count());
        return new Schedule(due, in.count());
    }

    private static QueueName queue(Unpacker in, int flags) {
        String text = in.text();
        return (flags & QUEUE_IN_PARTS) == 0
                ? QueueName.parse(text)
                : new QueueName(text, part(in), part(in), in.text(), part(in));
    }

    private static Optional<String> part(Unpacker in) {
        return in.octet() == 0 ? Optional.empty() : Optional.of(in.text());
    }

    /** The last field goes on first. */
    private static void putOnTop(String block, Message message) {
        int end = block.length();
        while (end > 0) {
            int start = startOfField(block, end - 2);
            int colon = block.indexOf(':', start);
            message.prependHeader(block.substring(start, colon), block.substring(colon + 2, end - 2));
            end = start;
        }
    }

    /** Back to where a line begins that does not continue another one. */
    private static int startOfField(String block, int before) {
        int lineEnd = block.lastIndexOf("\r\n", before - 1);
        while (lineEnd >= 0 && (block.charAt(lineEnd + 2) == ' ' || block.charAt(lineEnd + 2) == '\t')) {
            lineEnd = block.lastIndexOf("\r\n", lineEnd - 1);
        }
        return lineEnd < 0 ? 0 : lineEnd + 2;
    }
}
