package dev.kumo.core.mail;

import org.jspecify.annotations.Nullable;

/** An address of an envelope. */
public final class EnvelopeAddress {

    /** The null sender {@code <>}, RFC 5321 section 4.5.5: what bounces come from. */
    public static final EnvelopeAddress NULL_SENDER = new EnvelopeAddress("", "");

    /** {@code <Postmaster>} without a domain, RFC 5321 section 4.5.1. */
    public static final EnvelopeAddress POSTMASTER = new EnvelopeAddress("postmaster", "");

    private final String localPart;
    private final String domain;

    private EnvelopeAddress(String localPart, String domain) {
        this.localPart = localPart;
        this.domain = domain;
    }

    /**
     * Reads a mailbox.
     *
     * @param mailbox {@code local@domain}
     * @return the address
     * @throws IllegalArgumentException if it is not a mailbox
     */
    public static EnvelopeAddress parse(String mailbox) {
        int at = mailbox.lastIndexOf('@');
        if (at < 1) {
            throw new IllegalArgumentException("not a mailbox: '" + mailbox + "'");
        }
        return new EnvelopeAddress(mailbox.substring(0, at), DomainName.normalize(mailbox.substring(at + 1)));
    }

    /**
     * The part before the {@code @}, without quotes.
     *
     * @return its case is kept; empty for the null sender
     */
    public String localPart() {
        return localPart;
    }

    /**
     * The part after the {@code @}, normalised.
     *
     * @return empty for the null sender and for {@link #POSTMASTER}
     */
    public String domain() {
        return domain;
    }

    /**
     * Whether this is {@code <>}.
     *
     * @return true for {@link #NULL_SENDER} only
     */
    public boolean isNullSender() {
        return localPart.isEmpty();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof EnvelopeAddress that && localPart.equals(that.localPart) && domain.equals(that.domain);
    }

    @Override
    public int hashCode() {
        return 31 * localPart.hashCode() + domain.hashCode();
    }

    @Override
    public String toString() {
        return domain.isEmpty() ? localPart : localPart + "@" + domain;
    }
}
