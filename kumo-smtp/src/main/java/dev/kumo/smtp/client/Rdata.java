package dev.kumo.smtp.client;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;

/** Reads the data of one record from its octets, RFC 1035 section 3.3. */
final class Rdata {

    private static final int LONGEST_LABEL = 63;
    private static final int LONGEST_NAME = 255; // with the octets of length and the root

    private final String type;
    private final byte[] octets;
    private int next;

    Rdata(String type, byte[] octets) {
        this.type = type;
        this.octets = octets;
    }

    int unsignedShort() {
        return octet() << 8 | octet();
    }

    InetAddress address(int length) {
        if (octets.length != length) {
            throw malformed("has " + octets.length + " octets, not " + length);
        }
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException impossible) {
            throw new IllegalArgumentException("an address has 4 or 16 octets", impossible);
        }
    }

    /** A name that ends the data; "." is the root. */
    String lastName() {
        StringBuilder name = new StringBuilder();
        int start = next;
        for (int length = octet(); length != 0; length = octet()) {
            if (length > LONGEST_LABEL) {
                throw malformed("has a label that is compressed or too long");
            }
            if (next + length + 1 - start > LONGEST_NAME) {
                throw malformed("has a name of more than " + LONGEST_NAME + " octets");
            }
            for (int i = 0; i < length; i++) {
                append(name, octet());
            }
            name.append('.');
        }
        requireEnd();
        if (name.isEmpty()) {
            return ".";
        }
        name.setLength(name.length() - 1);
        return name.toString();
    }

    /** Anything that could be taken for a dot, or for another name, is escaped. */
    private static void append(StringBuilder name, int octet) {
        if (octet >= 'a' && octet <= 'z'
                || octet >= 'A' && octet <= 'Z'
                || octet >= '0' && octet <= '9'
                || octet == '-'
                || octet == '_') {
            name.append((char) octet);
        } else {
            name.append('\\').append((char) ('0' + octet / 100));
            name.append((char) ('0' + octet / 10 % 10)).append((char) ('0' + octet % 10));
        }
    }

    /** One or more strings, each with its length in front. */
    String joinedText() {
        StringBuilder text = new StringBuilder(octets.length);
        do {
            int length = octet();
            if (length > octets.length - next) {
                throw malformed("ends within a string");
            }
            text.append(new String(octets, next, length, StandardCharsets.ISO_8859_1));
            next += length;
        } while (next < octets.length);
        return text.toString();
    }

    private int octet() {
        if (next == octets.length) {
            throw malformed("is too short");
        }
        return octets[next++] & 0xff;
    }

    private void requireEnd() {
        if (next != octets.length) {
            throw malformed("is too long");
        }
    }

    private IllegalArgumentException malformed(String why) {
        return new IllegalArgumentException("the data of a record of type " + type + " " + why);
    }
}
