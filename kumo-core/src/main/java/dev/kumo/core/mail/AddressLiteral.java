package dev.kumo.core.mail;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * An IP address in the place of a domain name, RFC 5321 section 4.1.3: {@code [192.0.2.1]} or
 * {@code [IPv6:2001:db8::1]}.
 */
public final class AddressLiteral {

    private static final String IPV6_TAG = "ipv6:";

    private final InetAddress address;
    private final String text;

    private AddressLiteral(InetAddress address, String text) {
        this.address = address;
        this.text = text;
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
            byte @Nullable [] bytes = tagged
                    ? IpText.v6(literal.substring(1 + IPV6_TAG.length(), end))
                    : IpText.v4(literal.substring(1, end));
            if (bytes != null) {
                return new AddressLiteral(
                        address(bytes),
                        tagged ? "[IPv6:" + IpText.print(bytes) + "]" : "[" + IpText.print(bytes) + "]");
            }
        }
        throw new IllegalArgumentException(
                "an address literal is like [192.0.2.1] or [IPv6:2001:db8::1], not " + Printable.of(literal));
    }

    // Not regionMatches(true, …): for it a dotless i is an i.
    private static boolean hasTag(String literal) {
        for (int i = 0; i < IPV6_TAG.length(); i++) {
            char c = i + 1 < literal.length() ? literal.charAt(i + 1) : 0;
            if ((c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c) != IPV6_TAG.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static InetAddress address(byte[] bytes) {
        try {
            // InetAddress would make an IPv4 address of a mapped one, which is another literal.
            return bytes.length == 4 ? InetAddress.getByAddress(bytes) : Inet6Address.getByAddress(null, bytes, -1);
        } catch (UnknownHostException onlyForOtherLengths) {
            throw new IllegalStateException(onlyForOtherLengths);
        }
    }

    /**
     * The address.
     *
     * @return an {@link Inet6Address} for the tag {@code IPv6:} always, even if IPv4 is mapped into it
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
