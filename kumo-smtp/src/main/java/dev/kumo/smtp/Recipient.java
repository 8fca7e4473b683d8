package dev.kumo.smtp;

import dev.kumo.core.mail.EnvelopeAddress;

/**
 * What RCPT says, RFC 5321 section 4.1.1.3.
 *
 * @param address the forward-path, perhaps {@link EnvelopeAddress#POSTMASTER}, never the null sender
 * @param parameters all parameters, known or not
 */
public record Recipient(EnvelopeAddress address, EsmtpParameters parameters) {

    /**
     * Checks the address.
     *
     * @param address the forward-path
     * @param parameters all parameters
     * @throws IllegalArgumentException if the address is the null sender
     */
    public Recipient {
        if (address.isNullSender()) {
            throw new IllegalArgumentException("the null sender <> cannot be a recipient");
        }
    }
}
