package dev.kumo.core.mail;

import dev.kumo.core.net.IpLiteral;
import dev.kumo.core.text.Quoted;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * An IP address in the place of a domain name, RFC 5321 section 4.1.3: {@code [192.0.2.1]} or
 * {@code [IPv6:2001:db8::1]}.
 *
 * <p>An address has one literal, so that equal places are equal: an IPv4-mapped IPv6 address, as a dual-stack socket
 * shows an IPv4 client, is the IPv4 address in it.
 */
public final class AddressLiteral {

    private static final String TAG = "IPv6:";

    private final InetAddress address;
    private final String text;

    private AddressLiteral(InetAddress address) {
        String plain = IpLiteral.format(address);
        this.address = address;
        this.text = plain.indexOf(':') < 0 ? "[" + plain + "]" : "[" + TAG + plain + "]";
    }

    /**
     * The literal of an address.
     *
     * @param address the address; a zone is left out
     * @return its literal
     */
    public static AddressLiteral of(InetAddress address) {
        return new AddressLiteral(address);
    }

    /**
     * Reads a literal. No name is ever looked up.
     *
     * @param literal with its brackets; the tag {@code IPv6:} in any case
     * @return the literal
     * @throws IllegalArgumentException if it is anything else, for example has another tag, a zone, or an octet with a
     *     leading zero
     */
    public static AddressLiteral parse(String literal) {
        int end = literal.length() - 1;
        if (end > 0 && literal.charAt(0) == '[' && literal.charAt(end) == ']') {
            boolean tagged = hasTag(literal);
            String plain = literal.substring(tagged ? 1 + TAG.length() : 1, end);
            try {
                if (tagged == plain.indexOf(':') >= 0) {
                    return new AddressLiteral(IpLiteral.parse(plain));
                }
            } catch (IllegalArgumentException noAddress) {
                // Said below, with the brackets.
            }
        }
        throw new IllegalArgumentException(
                "an address literal is like [192.0.2.1] or [IPv6:2001:db8::1], not " + Quoted.of(literal));
    }

    // Not regionMatches(true, …): for it a dotless i is an i.
    private static boolean hasTag(String literal) {
        for (int i = 0; i < TAG.length(); i++) {
            char c = i + 1 < literal.length() ? literal.charAt(i + 1) : 0;
            if (lower(c) != lower(TAG.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static int lower(char c) {
        return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
    }

    /**
     * The address.
     *
     * @return what the literal stands for
     */
    public InetAddress address() {
        return address;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof AddressLiteral that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** The literal with its brackets in one form, for IPv6 that of RFC 5952. */
    @Override
    public String toString() {
        return text;
    }
}
