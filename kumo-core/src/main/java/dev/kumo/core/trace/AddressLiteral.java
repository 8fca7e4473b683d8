package dev.kumo.core.trace;

import java.net.Inet6Address;
import java.net.InetAddress;

/** IP addresses as mail writes them, RFC 5321 section 4.1.3: {@code [192.0.2.1]}, {@code [IPv6:2001:db8::1]}. */
final class AddressLiteral {

    private static final int GROUPS = 8;

    private AddressLiteral() {}

    static String of(InetAddress address) {
        byte[] bytes = address.getAddress();
        StringBuilder out = new StringBuilder(48).append('[');
        if (address instanceof Inet6Address) {
            appendV6(out.append("IPv6:"), bytes);
        } else {
            for (int i = 0; i < bytes.length; i++) {
                out.append(i == 0 ? "" : ".").append(bytes[i] & 0xff);
            }
        }
        return out.append(']').toString();
    }

    /** RFC 5952 section 4: lower case, no leading zeros, the first longest run of two or more zero groups as "::". */
    private static void appendV6(StringBuilder out, byte[] bytes) {
        int gap = -1;
        int gapLength = 1;
        for (int start = 0; start < GROUPS; start++) {
            int end = start;
            while (end < GROUPS && group(bytes, end) == 0) {
                end++;
            }
            if (end - start > gapLength) {
                gap = start;
                gapLength = end - start;
            }
        }
        for (int i = 0; i < GROUPS; i++) {
            if (i == gap) {
                out.append("::");
                i += gapLength - 1;
            } else {
                out.append(i == 0 || i == gap + gapLength && gap >= 0 ? "" : ":")
                        .append(Integer.toHexString(group(bytes, i)));
            }
        }
    }

    private static int group(byte[] bytes, int index) {
        return (bytes[2 * index] & 0xff) << 8 | bytes[2 * index + 1] & 0xff;
    }
}
