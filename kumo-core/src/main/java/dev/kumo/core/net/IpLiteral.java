package dev.kumo.core.net;

import dev.kumo.core.text.Quoted;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * IP addresses as text: the dotted quad of IPv4 and the text of RFC 4291 section 2.2 for IPv6. Nothing here ever asks
 * the DNS.
 */
public final class IpLiteral {

    private static final int V6_LENGTH = 16;
    private static final int GROUPS = 8;

    private IpLiteral() {}

    /**
     * Reads an address.
     *
     * <p>The forms are strict: four decimal octets without leading zeros (which some readers take for octal), or IPv6
     * without brackets and without a zone. An IPv4-mapped IPv6 address ({@code ::ffff:192.0.2.1}) is the IPv4 address
     * in it.
     *
     * @param text the address
     * @return the address, without a host name
     * @throws IllegalArgumentException if the text is no such literal
     */
    public static InetAddress parse(String text) {
        byte[] bytes = bytes(text);
        if (bytes == null) {
            throw new IllegalArgumentException(Quoted.of(text)
                    + " is not an IP address: write four decimal octets without leading zeros, or IPv6 without brackets"
                    + " and zone");
        }
        return address(bytes);
    }

    /**
     * Writes an address in its one canonical form: a dotted quad, or IPv6 as in RFC 5952 (lower case, the longest run
     * of zeros shortened). An IPv4-mapped IPv6 address is written as the IPv4 address in it. A zone is left out.
     *
     * @param address the address
     * @return the text, which {@link #parse} reads
     */
    public static String format(InetAddress address) {
        byte[] bytes = address.getAddress();
        StringBuilder text = new StringBuilder(39);
        if (bytes.length == 4) {
            appendV4(text, bytes, 0);
        } else if (isMapped(bytes)) {
            appendV4(text, bytes, 12);
        } else {
            appendV6(text, bytes);
        }
        return text.toString();
    }

    /** The 4 or 16 bytes as written, IPv4-mapped IPv6 still being 16; null if the text is no literal. */
    static byte @Nullable [] bytes(String text) {
        return text.indexOf(':') < 0 ? v4(text) : v6(text);
    }

    /** The address of 4 or 16 bytes; IPv4-mapped IPv6 becomes IPv4. */
    static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException impossible) {
            throw new IllegalArgumentException("an address has 4 or 16 bytes", impossible);
        }
    }

    private static byte @Nullable [] v4(String text) {
        byte[] bytes = new byte[4];
        int octet = 0;
        int value = 0;
        int digits = 0;
        for (int i = 0; i <= text.length(); i++) {
            char c = i < text.length() ? text.charAt(i) : '.';
            if (c == '.') {
                if (digits == 0 || octet == 4) {
                    return null;
                }
                bytes[octet++] = (byte) value;
                value = 0;
                digits = 0;
            } else {
                if (c < '0' || c > '9' || digits > 0 && value == 0) {
                    return null;
                }
                value = value * 10 + c - '0';
                digits++;
                if (value > 255) {
                    return null;
                }
            }
        }
        return octet == 4 ? bytes : null;
    }

    private static byte @Nullable [] v6(String text) {
        int gap = text.indexOf("::");
        if (gap < 0) {
            byte[] all = groups(text, true);
            return all != null && all.length == V6_LENGTH ? all : null;
        }
        byte[] head = groups(text.substring(0, gap), false);
        byte[] tail = groups(text.substring(gap + 2), true);
        // "::" stands for at least one group of zeros.
        if (head == null || tail == null || head.length + tail.length > V6_LENGTH - 2) {
            return null;
        }
        byte[] bytes = Arrays.copyOf(head, V6_LENGTH);
        System.arraycopy(tail, 0, bytes, V6_LENGTH - tail.length, tail.length);
        return bytes;
    }

    /** The bytes of colon-separated groups, of which the last of an address may be a dotted quad. */
    private static byte @Nullable [] groups(String text, boolean end) {
        byte[] bytes = new byte[V6_LENGTH];
        int size = 0;
        for (int from = 0; from <= text.length() && !text.isEmpty(); ) {
            int colon = text.indexOf(':', from);
            if (end && colon < 0 && text.indexOf('.', from) >= 0) {
                byte[] quad = v4(text.substring(from));
                if (quad == null || size > V6_LENGTH - 4) {
                    return null;
                }
                System.arraycopy(quad, 0, bytes, size, 4);
                return Arrays.copyOf(bytes, size + 4);
            }
            int to = colon < 0 ? text.length() : colon;
            int group = group(text, from, to);
            if (group < 0 || size == V6_LENGTH) {
                return null;
            }
            bytes[size++] = (byte) (group >> 8);
            bytes[size++] = (byte) group;
            from = to + 1;
        }
        return Arrays.copyOf(bytes, size);
    }

    /** One to four hexadecimal digits; -1 if it is anything else. */
    private static int group(String text, int from, int to) {
        if (to == from || to - from > 4) {
            return -1;
        }
        for (int i = from; i < to; i++) {
            if (!HexFormat.isHexDigit(text.charAt(i))) {
                return -1;
            }
        }
        return HexFormat.fromHexDigits(text, from, to);
    }

    /** RFC 4291 section 2.5.5.2. */
    private static boolean isMapped(byte[] bytes) {
        for (int i = 0; i < 10; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return bytes[10] == -1 && bytes[11] == -1;
    }

    private static void appendV4(StringBuilder text, byte[] bytes, int from) {
        for (int i = 0; i < 4; i++) {
            text.append(i == 0 ? "" : ".").append(bytes[from + i] & 0xff);
        }
    }

    /** RFC 5952 section 4: lower case, no leading zeros, the first of the longest runs of two or more zeros as "::". */
    private static void appendV6(StringBuilder text, byte[] bytes) {
        int gap = -1;
        int gapLength = 1;
        for (int i = 0; i < GROUPS; i++) {
            int end = i;
            while (end < GROUPS && group(bytes, end) == 0) {
                end++;
            }
            if (end - i > gapLength) {
                gap = i;
                gapLength = end - i;
            }
        }
        for (int i = 0; i < GROUPS; i++) {
            if (i == gap) {
                text.append("::");
                i += gapLength - 1;
            } else {
                text.append(i == 0 || gap >= 0 && i == gap + gapLength ? "" : ":")
                        .append(Integer.toHexString(group(bytes, i)));
            }
        }
    }

    private static int group(byte[] bytes, int index) {
        return (bytes[2 * index] & 0xff) << 8 | bytes[2 * index + 1] & 0xff;
    }
}
