package dev.kumo.core.mail;

import java.util.List;

/**
 * Who sends a message and who is to have it, RFC 5321 section 2.3.1; apart from whatever its headers say.
 *
 * @param sender the reverse-path, perhaps {@linkplain EnvelopeAddress#NULL_SENDER the null sender}
 * @param recipients the forward-paths, at least one
 * @param smtpUtf8 whether the client asked for SMTPUTF8 (RFC 6531): addresses and headers may be UTF-8
 */
public record Envelope(EnvelopeAddress sender, List<EnvelopeAddress> recipients, boolean smtpUtf8) {

    /**
     * Copies the recipients.
     *
     * @param sender the reverse-path
     * @param recipients the forward-paths, at least one
     * @param smtpUtf8 whether the client asked for SMTPUTF8
     * @throws IllegalArgumentException if there are none, or one is the null sender
     */
    public Envelope {
        recipients = List.copyOf(recipients);
        if (recipients.isEmpty()) {
            throw new IllegalArgumentException("an envelope needs at least one recipient");
        }
        if (recipients.contains(EnvelopeAddress.NULL_SENDER)) {
            throw new IllegalArgumentException("the null sender <> cannot be a recipient");
        }
    }

    /**
     * An envelope of plain ASCII mail.
     *
     * @param sender the reverse-path
     * @param recipients the forward-paths, at least one
     * @return the envelope
     */
    public static Envelope of(EnvelopeAddress sender, EnvelopeAddress... recipients) {
        return new Envelope(sender, List.of(recipients), false);
    }

    /**
     * The same with another sender.
     *
     * @param other the new reverse-path
     * @return a changed copy
     */
    public Envelope withSender(EnvelopeAddress other) {
        return new Envelope(other, recipients, smtpUtf8);
    }

    /**
     * The same for other recipients.
     *
     * @param others the new forward-paths, at least one
     * @return a changed copy
     */
    public Envelope withRecipients(List<EnvelopeAddress> others) {
        return new Envelope(sender, others, smtpUtf8);
    }
}
