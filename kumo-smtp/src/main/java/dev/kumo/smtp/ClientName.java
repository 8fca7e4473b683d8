package dev.kumo.smtp;

import dev.kumo.core.mail.AddressLiteral;
import dev.kumo.core.mail.DomainName;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a client calls itself in EHLO or HELO, RFC 5321 section 4.1.1.1: a domain name or an address literal. It proves
 * nothing.
 *
 * <p>Names are equal in any case.
 */
public final class ClientName {

    private static final int LONGEST = 255; // RFC 5321 section 4.5.3.1.2

    private final String text;

    private ClientName(String text) {
        this.text = text;
    }

    /**
     * Reads a name.
     *
     * @param text a domain name (underscores are taken, see {@link DomainName}), an IPv4 or IPv6 literal, or a literal
     *     of another tag (RFC 5321 section 4.1.3), whose content is not looked into
     * @return the name
     * @throws SyntaxException with 501 5.5.4 if the text is anything else
     */
    public static ClientName parse(String text) throws SyntaxException {
        try {
            if (!text.startsWith("[")) {
                String normal = text.endsWith(".") ? "" : DomainName.normalize(text);
                if (!normal.isEmpty()) {
                    return new ClientName(normal.equalsIgnoreCase(text) && isAscii(text) ? text : normal);
                }
            } else if (isGeneralLiteral(text)) {
                return new ClientName(text);
            } else {
                return new ClientName(AddressLiteral.parse(text).toString());
            }
        } catch (IllegalArgumentException neither) {
            // Said below.
        }
        throw new SyntaxException(SyntaxException.BAD_CLIENT_NAME);
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }

    /** {@code [tag:content]}, RFC 5321 section 4.1.3, of any tag but {@code IPv6}. */
    private static boolean isGeneralLiteral(String text) {
        int colon = text.indexOf(':');
        int end = text.length() - 1;
        if (colon < 2 || colon + 1 >= end || text.length() > LONGEST || text.charAt(end) != ']') {
            return false;
        }
        String tag = text.substring(1, colon);
        if (tag.endsWith("-") || !tag.chars().allMatch(c -> c == '-' || CommandParser.isLetterOrDigit((char) c))) {
            return false;
        }
        return !tag.equalsIgnoreCase("IPv6")
                && text.substring(colon + 1, end).chars().allMatch(c -> c > ' ' && c < 0x7f && (c < '[' || c > ']'));
    }

    /**
     * The name, safe for a reply, a header and a log.
     *
     * @return printable ASCII without white space, at most 255 characters: a domain name as the client wrote it but with
     *     U-labels as A-labels, an address literal with its brackets
     */
    public String text() {
        return text;
    }

    /**
     * Whether this is an address literal.
     *
     * @return false for a domain name
     */
    public boolean isLiteral() {
        return text.startsWith("[");
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ClientName that && text.equalsIgnoreCase(that.text);
    }

    @Override
    public int hashCode() {
        return text.toLowerCase(Locale.ROOT).hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
