package dev.kumo.core.mail;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** IP addresses as text, strictly: what {@link java.net.InetAddress} reads besides, it may look up or guess. */
final class IpText {

    private static final int GROUPS = 8;

    private IpText() {}

    /** Reads four decimal octets without leading zeros; null if it is anything else. */
    static byte @Nullable [] v4(String text) {
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

    /** Reads the forms of RFC 4291 section 2.2, without a zone; null if it is anything else. */
    static byte @Nullable [] v6(String text) {
        int gap = text.indexOf("::");
        if (gap < 0) {
            byte[] whole = groups(text);
            return whole != null && whole.length == 16 ? whole : null;
        }
        byte[] head = gap == 0 ? new byte[0] : groups(text.substring(0, gap));
        byte[] tail = gap + 2 == text.length() ? new byte[0] : groups(text.substring(gap + 2));
        if (head == null
                || tail == null
                || head.length + tail.length > 14
                || text.substring(0, gap).contains(".")) {
            return null;
        }
        byte[] bytes = Arrays.copyOf(head, 16);
        System.arraycopy(tail, 0, bytes, 16 - tail.length, tail.length);
        return bytes;
    }

    /** Groups of one to four hexadecimal digits, the last two perhaps as IPv4. */
    private static byte @Nullable [] groups(String text) {
        byte[] bytes = new byte[2 * GROUPS];
        int size = 0;
        for (int from = 0; from <= text.length(); ) {
            int colon = text.indexOf(':', from);
            int to = colon < 0 ? text.length() : colon;
            if (size == bytes.length) {
                return null;
            }
            if (colon < 0 && text.indexOf('.', from) >= 0) {
                byte[] v4 = v4(text.substring(from));
                if (v4 == null || size > bytes.length - 4) {
                    return null;
                }
                System.arraycopy(v4, 0, bytes, size, 4);
                return Arrays.copyOf(bytes, size + 4);
            }
            int group = group(text, from, to);
            if (group < 0) {
                return null;
            }
            bytes[size++] = (byte) (group >> 8);
            bytes[size++] = (byte) group;
            from = to + 1;
        }
        return Arrays.copyOf(bytes, size);
    }

    private static int group(String text, int from, int to) {
        if (to == from || to - from > 4) {
            return -1;
        }
        int value = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            int digit = c < 0x80 ? Character.digit(c, 16) : -1;
            if (digit < 0) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }

    /** IPv4 as four octets, IPv6 as RFC 5952 recommends. */
    static String print(byte[] bytes) {
        if (bytes.length == 4) {
            return octets(bytes, 0);
        }
        int[] groups = new int[GROUPS];
        for (int i = 0; i < GROUPS; i++) {
            groups[i] = (bytes[2 * i] & 0xff) << 8 | bytes[2 * i + 1] & 0xff;
        }
        if (groups[5] == 0xffff && Arrays.stream(groups, 0, 5).allMatch(group -> group == 0)) {
            return "::ffff:" + octets(bytes, 12); // RFC 5952 section 5
        }
        int gap = -1;
        int gapLength = 1; // one zero group is not shortened, section 4.2.2
        for (int i = 0; i < GROUPS; i++) {
            int end = i;
            while (end < GROUPS && groups[end] == 0) {
                end++;
            }
            if (end - i > gapLength) {
                gap = i;
                gapLength = end - i;
            }
        }
        StringBuilder out = new StringBuilder(39);
        for (int i = 0; i < GROUPS; i++) {
            if (i == gap) {
                out.append("::");
                i += gapLength - 1;
            } else {
                if (i > 0 && i != gap + gapLength) {
                    out.append(':');
                }
                out.append(Integer.toHexString(groups[i]));
            }
        }
        return out.toString();
    }

    private static String octets(byte[] bytes, int from) {
        return (bytes[from] & 0xff) + "." + (bytes[from + 1] & 0xff) + "." + (bytes[from + 2] & 0xff) + "."
                + (bytes[from + 3] & 0xff);
    }
}
