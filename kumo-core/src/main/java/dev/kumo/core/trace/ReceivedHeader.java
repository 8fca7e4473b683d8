package dev.kumo.core.trace;

import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.MessageId;
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
    private static final int LONGEST_NAME = 255; // RFC 5321 section 4.5.3.1.2, in octets
    private static final int LONGEST_PATH = 900; // leaves a line of 998 octets room for what stands beside it

    private final HeaderDate dates = new HeaderDate();

    /** A writer. */
    public ReceivedHeader() {}

    /**
     * What is known of the last step of a message's way, in the order of the header.
     *
     * @param from the name the client gave itself with {@code HELO} or {@code EHLO}, as it stands; null if it gave none
     * @param client the address of the client
     * @param by the domain name of this host
     * @param with how the message came
     * @param id the id of the message
     * @param recipients the recipients of the message; one is told, several are kept from each other
     * @param at when the message came
     */
    public record Hop(
            @Nullable String from,
            InetAddress client,
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
     * <p>Nothing a client said can break out of its place: a name that does not look like a domain or an address
     * literal becomes {@code unknown}, and a recipient that could not stand in the header is left out.
     *
     * @param hop what is known
     * @return the value, folded with CRLF and a tab, fit for {@link dev.kumo.core.mail.Message#prependHeader} with
     *     {@link #NAME}
     */
    public String value(Hop hop) {
        boolean utf8 = hop.with().isUtf8();
        String recipient = recipient(hop.recipients(), utf8);
        Lines lines = new Lines("from " + orUnknown(hop.from(), utf8))
                .word("(" + AddressLiteral.of(hop.client()) + ")")
                .line("by " + orUnknown(hop.by(), utf8))
                .word("with " + hop.with())
                .word("id " + hop.id() + (recipient == null ? ";" : ""));
        if (recipient != null) {
            lines.line("for <" + recipient + ">;");
        }
        return lines.line(dates.of(hop.at())).toString();
    }

    private static String orUnknown(@Nullable String name, boolean utf8) {
        return name != null && isHostLike(name, utf8) ? name : "unknown";
    }

    /** Whether a name is made of what domains and address literals are made of; it need not be one of them. */
    private static boolean isHostLike(String name, boolean utf8) {
        boolean literal = name.length() > 2 && name.startsWith("[") && name.endsWith("]");
        int end = literal ? name.length() - 1 : name.length();
        for (int i = literal ? 1 : 0, c; i < end; i += Character.charCount(c)) {
            c = name.codePointAt(i);
            if (c < 0x80 ? !isAsciiHostLike(c) : !utf8 || !isLetterLike(c)) {
                return false;
            }
        }
        return !name.isEmpty() && octets(name) <= LONGEST_NAME;
    }

    private static boolean isAsciiHostLike(int c) {
        return c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || c >= '0' && c <= '9'
                || c == ':'
                || c == '-'
                || c == '.'
                || c == '_';
    }

    /** What U-labels (RFC 5890 section 2.3.2.1) are made of; some scripts cannot be written without the marks. */
    private static boolean isLetterLike(int c) {
        int type = Character.getType(c);
        return Character.isLetterOrDigit(c)
                || type == Character.NON_SPACING_MARK
                || type == Character.COMBINING_SPACING_MARK;
    }

    /** The path for the {@code for} clause, which has room for one recipient, RFC 5321 section 4.4; or null. */
    private static @Nullable String recipient(List<EnvelopeAddress> recipients, boolean utf8) {
        if (recipients.size() != 1 || recipients.get(0).domain().isEmpty()) {
            return null;
        }
        String path = recipients.get(0).toString();
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (Character.isISOControl(c) || c >= 0x80 && !utf8) {
                return null;
            }
        }
        return octets(path) <= LONGEST_PATH ? path : null;
    }

    private static int octets(String text) {
        int octets = text.length();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // Half of a pair counts two, so that a pair counts four.
            octets += c < 0x80 ? 0 : c < 0x800 || Character.isSurrogate(c) ? 1 : 2;
        }
        return octets;
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
