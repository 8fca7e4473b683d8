package dev.kumo.core.net;

import dev.kumo.core.text.Quoted;
import java.net.Inet4Address;
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
     * of zeros shortened). A zone is left out.
     *
     * @param address the address
     * @return the text, which {@link #parse} reads
     */
    public static String format(InetAddress address) {
        return address instanceof Inet4Address ? address.getHostAddress() : v6Text(address.getAddress());
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
        String[] octets = text.split("\\.", 5);
        if (octets.length != 4) {
            return null;
        }
        byte[] bytes = new byte[4];
        for (int i = 0; i < 4; i++) {
            int value = octet(octets[i]);
            if (value < 0) {
                return null;
            }
            bytes[i] = (byte) value;
        }
        return bytes;
    }

    private static int octet(String digits) {
        boolean wellFormed = !digits.isEmpty()
                && digits.length() <= 3
                && digits.chars().allMatch(c -> c >= '0' && c <= '9')
                && (digits.length() == 1 || digits.charAt(0) != '0');
        int value = wellFormed ? Integer.parseInt(digits) : -1;
        return value <= 255 ? value : -1;
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
        if (text.isEmpty()) {
            return new byte[0];
        }
        String[] groups = text.split(":", 10);
        byte[] bytes = new byte[2 * groups.length + 2];
        int length = 0;
        for (int i = 0; i < groups.length; i++) {
            byte[] group = end && i == groups.length - 1 && groups[i].indexOf('.') > 0 ? v4(groups[i]) : hex(groups[i]);
            if (group == null) {
                return null;
            }
            System.arraycopy(group, 0, bytes, length, group.length);
            length += group.length;
        }
        return Arrays.copyOf(bytes, length);
    }

    private static byte @Nullable [] hex(String digits) {
        if (digits.isEmpty() || digits.length() > 4 || !digits.chars().allMatch(HexFormat::isHexDigit)) {
            return null;
        }
        int value = HexFormat.fromHexDigits(digits);
        return new byte[] {(byte) (value >> 8), (byte) value};
    }

    private static String v6Text(byte[] bytes) {
        int gap = -1;
        int gapEnd = 0;
        for (int i = 0; i < 8; i++) {
            int end = i;
            while (end < 8 && group(bytes, end) == 0) {
                end++;
            }
            // RFC 5952 section 4.2: the first of the longest runs, and no run of one.
            if (end - i > Math.max(1, gapEnd - gap) || gap < 0 && end - i > 1) {
                gap = i;
                gapEnd = end;
            }
        }
        StringBuilder text = new StringBuilder(39);
        for (int i = 0; i < 8; i++) {
            if (i == gap) {
                text.append("::");
                i = gapEnd - 1;
            } else {
                text.append(i == 0 || i == gapEnd && gap >= 0 ? "" : ":").append(Integer.toHexString(group(bytes, i)));
            }
        }
        return text.toString();
    }

    private static int group(byte[] bytes, int index) {
        return (bytes[2 * index] & 0xff) << 8 | bytes[2 * index + 1] & 0xff;
    }
}
