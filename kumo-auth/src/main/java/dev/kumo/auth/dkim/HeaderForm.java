package dev.kumo.auth.dkim;

import java.io.ByteArrayOutputStream;

/** Header fields in canonical form, RFC 6376 sections 3.4.1 and 3.4.2. */
final class HeaderForm {

    private HeaderForm() {}

    /** Adds a field, with the end of its last line if it has one. */
    static void add(Canonicalization form, byte[] field, ByteArrayOutputStream to) {
        if (form == Canonicalization.SIMPLE) {
            to.writeBytes(field);
        } else {
            addRelaxed(field, to);
        }
    }

    private static void addRelaxed(byte[] field, ByteArrayOutputStream to) {
        int at = 0;
        for (; field[at] != ':'; at++) {
            if (!isSpace(field[at])) {
                to.write(field[at] >= 'A' && field[at] <= 'Z' ? field[at] + ('a' - 'A') : field[at]);
            }
        }
        to.write(':');
        boolean any = false;
        boolean space = false;
        for (at++; at < field.length; at++) {
            byte c = field[at];
            if (isSpace(c)) {
                space = true;
            } else {
                if (space && any) {
                    to.write(' ');
                }
                to.write(c);
                any = true;
                space = false;
            }
        }
        if (field[field.length - 1] == '\n') {
            to.write('\r');
            to.write('\n');
        }
    }

    /** White space, or a part of an end of line: a fold is always followed by white space. */
    private static boolean isSpace(byte c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }
}
