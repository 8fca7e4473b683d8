package dev.kumo.core.mail;

import dev.kumo.core.text.Quoted;
import dev.kumo.core.text.Utf8;
import org.jspecify.annotations.Nullable;

/**
 * An address of an envelope: a mailbox (RFC 5321 section 4.1.2, with RFC 6531), {@code <>} or {@code <Postmaster>}.
 *
 * <p>Addresses are equal if they name the same mailbox: quotes that a local part does not need, the case of the domain
 * and the way its labels were written make no difference. The case of the local part does.
 */
public final class EnvelopeAddress {

    /** The null sender {@code <>}, RFC 5321 section 4.5.5: what bounces come from. */
    public static final EnvelopeAddress NULL_SENDER = new EnvelopeAddress("", "", true);

    /** {@code <Postmaster>} without a domain, RFC 5321 section 4.5.1. */
    public static final EnvelopeAddress POSTMASTER = new EnvelopeAddress("postmaster", "", true);

    private static final int LONGEST_LOCAL_PART = 64; // RFC 5321 section 4.5.3.1.1
    private static final int LONGEST_MAILBOX = 254; // section 4.5.3.1.3: a path of 256 with its brackets

    private final String localPart;
    private final String domain;
    private final boolean ascii;

    private EnvelopeAddress(String localPart, String domain, boolean ascii) {
        this.localPart = localPart;
        this.domain = domain;
        this.ascii = ascii;
    }

    /**
     * Reads a mailbox.
     *
     * <p>The local part is a dot-string or a quoted string and has at most 64 octets. The domain is a name, see
     * {@link DomainName}, or an {@link AddressLiteral}. The whole has at most 254 octets. Lengths are those of the
     * {@linkplain #toString() printable form}.
     *
     * @param mailbox {@code local@domain}, or {@code postmaster} in any case; without {@code <>}
     * @return the address
     * @throws IllegalArgumentException if it is not a mailbox; an empty text is none, see {@link #NULL_SENDER}
     */
    public static EnvelopeAddress parse(String mailbox) {
        boolean quoted = mailbox.startsWith("\"");
        int at = quoted ? LocalPart.endOfQuotedString(mailbox) : LocalPart.endOfDotString(mailbox);
        if (at < 0) {
            throw bad(mailbox, "the local part has a character out of place, or one that is never allowed");
        }
        if (at == mailbox.length() && isPostmaster(mailbox)) {
            return POSTMASTER;
        }
        if (at == 0) {
            throw bad(mailbox, "the local part is missing");
        }
        if (at == mailbox.length() || mailbox.charAt(at) != '@') {
            throw bad(mailbox, "@ and a domain have to follow the local part");
        }
        String localPart = quoted ? LocalPart.unquote(mailbox, at) : mailbox.substring(0, at);
        int octets = Utf8.length(quoted ? LocalPart.print(localPart) : localPart);
        if (octets > LONGEST_LOCAL_PART) {
            throw bad(mailbox, "the local part has at most " + LONGEST_LOCAL_PART + " octets");
        }
        String domain = mailbox.startsWith("[", at + 1)
                ? AddressLiteral.parse(mailbox.substring(at + 1)).toString()
                : DomainName.normalize(mailbox, at + 1, mailbox.length());
        if (octets + 1 + domain.length() > LONGEST_MAILBOX) {
            throw bad(mailbox, "an address has at most " + LONGEST_MAILBOX + " octets");
        }
        return new EnvelopeAddress(localPart, domain, Utf8.length(mailbox) == mailbox.length());
    }

    // Not equalsIgnoreCase alone: for it a long s is an s.
    private static boolean isPostmaster(String text) {
        return text.length() == 10 && Utf8.length(text) == 10 && text.equalsIgnoreCase("postmaster");
    }

    private static IllegalArgumentException bad(String mailbox, String why) {
        return new IllegalArgumentException("not a mail address: " + Quoted.of(mailbox) + "; " + why);
    }

    /**
     * The part before the {@code @}.
     *
     * @return its content without quotes, its case kept; empty for the null sender, {@code postmaster} for
     *     {@link #POSTMASTER}
     */
    public String localPart() {
        return localPart;
    }

    /**
     * The part after the {@code @}.
     *
     * @return lower-case A-labels, or an {@link AddressLiteral} in its one form; always ASCII; empty for the null sender
     *     and for {@link #POSTMASTER}
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
        return domain.isEmpty() && localPart.isEmpty();
    }

    /**
     * Whether this is {@code <Postmaster>} without a domain.
     *
     * @return true for {@link #POSTMASTER} only
     */
    public boolean isPostmaster() {
        return domain.isEmpty() && !localPart.isEmpty();
    }

    /**
     * Whether the address was written in ASCII alone; one that was not may come only with SMTPUTF8, RFC 6531 section
     * 3.4. Two equal addresses may differ here, since a domain written in U-labels prints as A-labels.
     *
     * @return false if the address as it was read needs SMTPUTF8
     */
    public boolean isAscii() {
        return ascii;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof EnvelopeAddress that && localPart.equals(that.localPart) && domain.equals(that.domain);
    }

    @Override
    public int hashCode() {
        return 31 * localPart.hashCode() + domain.hashCode();
    }

    /**
     * The address as it stands between the brackets of a path, the local part quoted only where it must be; empty for
     * the null sender, {@code Postmaster} for {@link #POSTMASTER}. All but the null sender can be
     * {@linkplain #parse(String) parsed} again.
     */
    @Override
    public String toString() {
        if (domain.isEmpty()) {
            return localPart.isEmpty() ? "" : "Postmaster";
        }
        return LocalPart.print(localPart) + "@" + domain;
    }
}
