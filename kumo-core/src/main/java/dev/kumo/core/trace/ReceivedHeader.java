package dev.kumo.core.trace;

import dev.kumo.core.mail.AddressLiteral;
import dev.kumo.core.mail.DomainName;
import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.MessageId;
import dev.kumo.core.text.Utf8;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes {@code Received}, the standard trace header: RFC 5321 section 4.4, with the types of RFC 3848 and RFC 6531
 * section 4.3.
 *
 * <pre>{@code
 * Received: from client.example ([192.0.2.1])
 *         by mail.example.com with ESMTPS id 0192f0c1a2b37c4d8e5f60718293a4b5
 *         for <someone@example.org>;
 *         Tue, 04 Aug 2026 03:04:05 +0000
 * }</pre>
 *
 * <p>One writer serves a listener and may be used by any number of threads.
 */
public final class ReceivedHeader {

    /** The name of the header. */
    public static final String NAME = "Received";

    private static final int PREFERRED_LINE = 78; // RFC 5322 section 2.1.1

    private final HeaderDate dates = new HeaderDate();

    /** A writer. */
    public ReceivedHeader() {}

    /**
     * What is known of the last step of a message's way, in the order of the header.
     *
     * @param from the name the client gave itself with {@code HELO} or {@code EHLO}, as it stands; null if it gave none
     * @param client the address of the client
     * @param tls protocol and cipher suite, such as {@code TLSv1.3 TLS_AES_256_GCM_SHA384}; null if it came in clear
     * @param by the domain name of this host
     * @param with how the message came
     * @param id the id of the message
     * @param recipients the recipients of the message; one is told, several are kept from each other
     * @param at when the message came
     */
    public record Hop(
            @Nullable String from,
            InetAddress client,
            @Nullable String tls,
            String by,
            TransmissionType with,
            MessageId id,
            List<EnvelopeAddress> recipients,
            Instant at) {

        /**
         * Copies the recipients.
         *
         * @param from the name the client gave itself, or null
         * @param client the address of the client
         * @param tls protocol and cipher suite, or null
         * @param by the name of this host
         * @param with how the message came
         * @param id the id of the message
         * @param recipients the recipients of the message
         * @param at when the message came
         */
        public Hop {
            recipients = List.copyOf(recipients);
        }
    }

    /**
     * Writes the header.
     *
     * <p>Nothing a client said can break out of its place: a name that is neither a domain name nor an IP address
     * literal becomes {@code unknown}. U-labels are written as A-labels. A recipient beyond ASCII is told only with
     * {@code SMTPUTF8}.
     *
     * @param hop what is known
     * @return the value, folded with CRLF and a tab, fit for {@link dev.kumo.core.mail.Message#prependHeader} with
     *     {@link #NAME}
     */
    public String value(Hop hop) {
        String recipient = recipient(hop.recipients(), hop.with().isUtf8());
        Lines lines = new Lines("from " + orUnknown(hop.from())).word("(" + AddressLiteral.of(hop.client()) + ")");
        if (hop.tls() != null) {
            lines.line("(using " + hop.tls() + ")");
        }
        lines.line("by " + orUnknown(hop.by()))
                .word("with " + hop.with())
                .word("id " + hop.id() + (recipient == null ? ";" : ""));
        if (recipient != null) {
            lines.line("for <" + recipient + ">;");
        }
        return lines.line(dates.of(hop.at())).toString();
    }

    /** A domain name or an address literal in ASCII. */
    private static String orUnknown(@Nullable String name) {
        try {
            if (name != null) {
                return name.startsWith("[") ? AddressLiteral.parse(name).toString() : domain(name);
            }
        } catch (IllegalArgumentException neither) {
            // Whoever gave it may have written anything.
        }
        return "unknown";
    }

    private static String domain(String name) {
        String normal = DomainName.normalize(name);
        return isAscii(name) ? name : normal;
    }

    /** The path for the {@code for} clause, which has room for one recipient, RFC 5321 section 4.4; or null. */
    private static @Nullable String recipient(List<EnvelopeAddress> recipients, boolean utf8) {
        if (recipients.size() != 1 || recipients.get(0).domain().isEmpty()) {
            return null;
        }
        String path = recipients.get(0).toString();
        return utf8 || isAscii(path) ? path : null;
    }

    private static boolean isAscii(String text) {
        return Utf8.length(text) == text.length();
    }

    /** Fills lines with words that must not be broken. */
    private static final class Lines {

        private final StringBuilder out = new StringBuilder(256);
        private int column = NAME.length() + 2;

        Lines(String first) {
            append(first);
        }

        /** In the same line, unless that would make it too long. */
        Lines word(String word) {
            if (column + 1 + word.length() > PREFERRED_LINE) {
                return line(word);
            }
            return append(" ").append(word);
        }

        Lines line(String word) {
            out.append("\r\n");
            column = 0;
            return append("\t").append(word);
        }

        private Lines append(String text) {
            out.append(text);
            column += text.length();
            return this;
        }

        @Override
        public String toString() {
            return out.toString();
        }
    }
}
