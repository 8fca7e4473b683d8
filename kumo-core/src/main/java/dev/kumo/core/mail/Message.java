package dev.kumo.core.mail;

import dev.kumo.core.text.FieldName;
import dev.kumo.core.text.Quoted;
import dev.kumo.core.text.Utf8;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;

/**
 * A message on its way: an envelope, meta data, header fields put on top here, and the content as it came.
 *
 * <p>Putting a header field on top never copies the content. A policy may change a message while it holds it; once the
 * reception has it, it is only read. Not safe for use by two threads at once.
 */
public final class Message {

    /**
     * The meta data of a {@linkplain #isChore() chore}: the name of its queue. Its own name is none that a header field could have, so
     * that no header becomes it.
     */
    public static final String CHORE = "kumo:chore";

    private static final int LONGEST_LINE = 998; // octets, RFC 5322 section 2.1.1 and RFC 6532 section 3.4

    private final MessageId id;
    private final Meta meta;
    private final Deque<byte[]> top = new ArrayDeque<>();
    private Envelope envelope;
    private Content content;
    private int topSize;
    private Schedule schedule = Schedule.NOW;
    private boolean deferredSpool;
    private boolean receptionLogged;

    /**
     * A message without added header fields.
     *
     * @param id its name
     * @param envelope who sends it and who is to have it
     * @param meta what else is known; not copied
     * @param content the bytes as they came
     */
    public Message(MessageId id, Envelope envelope, Meta meta, Content content) {
        this.id = id;
        this.envelope = envelope;
        this.meta = meta;
        this.content = content;
    }

    /**
     * The same message for other recipients, as when a transaction becomes one message per recipient. Header fields put
     * on top and meta data are copied, content is shared.
     *
     * @param other the name of the copy
     * @param recipients who is to have the copy, at least one
     * @return a message that changes apart from this one
     */
    public Message copyFor(MessageId other, List<EnvelopeAddress> recipients) {
        Message copy = new Message(other, envelope.withRecipients(recipients), meta.copy(), content);
        copy.top.addAll(top);
        copy.topSize = topSize;
        copy.schedule = schedule;
        copy.deferredSpool = deferredSpool;
        copy.receptionLogged = receptionLogged;
        return copy;
    }

    /**
     * The name.
     *
     * @return the id
     */
    public MessageId id() {
        return id;
    }

    /**
     * The envelope.
     *
     * @return sender and recipients as they are now
     */
    public Envelope envelope() {
        return envelope;
    }

    /**
     * The sender of the envelope.
     *
     * @return perhaps {@link EnvelopeAddress#NULL_SENDER}
     */
    public EnvelopeAddress sender() {
        return envelope.sender();
    }

    /**
     * The recipients of the envelope.
     *
     * @return at least one
     */
    public List<EnvelopeAddress> recipients() {
        return envelope.recipients();
    }

    /**
     * Changes the sender of the envelope; no header changes.
     *
     * @param sender the new reverse-path
     */
    public void setSender(EnvelopeAddress sender) {
        envelope = envelope.withSender(sender);
    }

    /**
     * Changes the recipients of the envelope; no header changes.
     *
     * @param recipients the new forward-paths, at least one
     * @throws IllegalArgumentException if there are none, or one is the null sender
     */
    public void setRecipients(List<EnvelopeAddress> recipients) {
        envelope = envelope.withRecipients(recipients);
    }

    /**
     * The queue in which it waits for its delivery.
     *
     * @return by its meta data and recipients as they are now
     */
    public QueueName queue() {
        return QueueName.of(this);
    }

    /**
     * Whether it is no mail but work that a listener does later, in a queue that only the listener empties. The meta data
     * {@link #CHORE} says so, beside which no other decides about the queue.
     *
     * @return whether it is a chore
     */
    public boolean isChore() {
        return meta.text(CHORE).isPresent();
    }

    /**
     * When it is to be tried next.
     *
     * @return {@link Schedule#NOW} unless set
     */
    public Schedule schedule() {
        return schedule;
    }

    /**
     * Changes when it is to be tried next.
     *
     * @param schedule the next attempt, and how many there have been
     */
    public void setSchedule(Schedule schedule) {
        this.schedule = schedule;
    }

    /**
     * Whether it need not be on disk before its first attempt has failed: the option {@code deferred_spool} of the listener that
     * took it.
     *
     * @return false unless set
     */
    public boolean isDeferredSpool() {
        return deferredSpool;
    }

    /**
     * Says whether it need not be on disk before its first attempt has failed. If the process dies before that, the
     * message is lost, although its client was told 250.
     *
     * @param deferred true to trade safety for speed
     */
    public void setDeferredSpool(boolean deferred) {
        this.deferredSpool = deferred;
    }

    /**
     * Whether the log hears of its coming otherwise, so that the reception does not tell it: it is a complaint, which is logged
     * as such.
     *
     * @return false unless set
     */
    public boolean isReceptionLogged() {
        return receptionLogged;
    }

    /**
     * Says whether the log hears of its coming otherwise than by the reception.
     *
     * @param logged true if another record stands for the {@code Reception}
     */
    public void setReceptionLogged(boolean logged) {
        receptionLogged = logged;
    }

    /**
     * The meta data, to read and to change.
     *
     * @return not a copy
     */
    public Meta meta() {
        return meta;
    }

    /**
     * The bytes as they came, without header fields put on top here.
     *
     * @return the content
     */
    public Content content() {
        return content;
    }

    /**
     * Replaces the content. Header fields put on top stay.
     *
     * @param content the new bytes, lines ended by CRLF
     */
    public void setContent(Content content) {
        this.content = content;
    }

    /**
     * Puts a header field above all others.
     *
     * @param name printable ASCII without a colon, RFC 5322 section 2.2
     * @param value the value; longer than one line only if folded with CRLF and a space or tab (section 2.2.3); no
     *     line of white space only, and none of more than 998 octets
     * @throws IllegalArgumentException if the name or the value could not stand in a header
     */
    public void prependHeader(String name, String value) {
        requireName(name);
        requireValue(name, value);
        byte[] field = (name + ": " + value + "\r\n").getBytes(StandardCharsets.UTF_8);
        top.addFirst(field);
        topSize += field.length;
    }

    private static void requireName(String name) {
        if (!FieldName.isOne(name) || name.length() > LONGEST_LINE - 2) {
            throw new IllegalArgumentException("a header name is printable ASCII without a colon, at most "
                    + (LONGEST_LINE - 2) + " characters, not " + Quoted.of(name));
        }
    }

    private static void requireValue(String name, String value) {
        int octets = name.length() + 2;
        boolean blank = false;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean fold = c == '\r'
                    && i + 2 < value.length()
                    && value.charAt(i + 1) == '\n'
                    && (value.charAt(i + 2) == ' ' || value.charAt(i + 2) == '\t');
            if (fold) {
                requireNoBlankLine(name, blank);
                octets = 1;
                blank = true;
                i += 2;
                continue;
            }
            if (c < ' ' && c != '\t' || c == 0x7f) {
                throw new IllegalArgumentException("the value of header " + name
                        + " holds a control character; a line break must be CRLF followed by a space or tab");
            }
            blank &= c == ' ' || c == '\t';
            octets += Utf8.length(c);
            if (octets > LONGEST_LINE) {
                throw new IllegalArgumentException(
                        "header " + name + " has a line of more than " + LONGEST_LINE + " octets; fold it");
            }
        }
        requireNoBlankLine(name, blank);
    }

    /** RFC 5322 section 3.2.2: some take such a line for the end of the header. */
    private static void requireNoBlankLine(String name, boolean blank) {
        if (blank) {
            throw new IllegalArgumentException("header " + name + " has a line of white space only; leave it out");
        }
    }

    /**
     * Reads the header fields, those put on top here first.
     *
     * @return the fields as they are now
     */
    public Headers headers() {
        try (InputStream in = open()) {
            return Headers.read(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The length with the header fields put on top.
     *
     * @return in bytes
     */
    public long size() {
        return topSize + content.size();
    }

    /**
     * Reads the whole message, header fields put on top first.
     *
     * @return a stream that the caller closes
     * @throws IOException if the store that holds the content fails
     */
    public InputStream open() throws IOException {
        if (top.isEmpty()) {
            return content.open();
        }
        ByteArrayOutputStream block = new ByteArrayOutputStream(topSize);
        top.forEach(block::writeBytes);
        return new SequenceInputStream(
                Collections.enumeration(List.of(new ByteArrayInputStream(block.toByteArray()), content.open())));
    }

    /**
     * Writes the whole message, header fields put on top first.
     *
     * @param out where to; it is neither flushed nor closed
     * @throws IOException if the store or {@code out} fails
     */
    public void writeTo(OutputStream out) throws IOException {
        for (byte[] field : top) {
            out.write(field);
        }
        content.writeTo(out);
    }

    /** The id, the sender and the recipients; never the content. */
    @Override
    public String toString() {
        return "Message " + id + " from <" + envelope.sender() + "> to " + envelope.recipients();
    }
}
