package dev.kumo.core.text;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;

/** The transfer encodings of RFC 2045 section 6, undone as far as it makes sense: bytes that do not belong are left out. */
public final class TransferEncoding {

    private TransferEncoding() {}

    /**
     * Undoes an encoding.
     *
     * @param name of it; an unknown one is taken for the identity, as are 7bit, 8bit and binary
     * @param body what was encoded
     * @return what it was before
     */
    public static byte[] decode(String name, byte[] body) {
        return switch (name.strip().toLowerCase(Locale.ROOT)) {
            case "base64" -> base64(body);
            case "quoted-printable" -> quotedPrintable(body, false);
            default -> body;
        };
    }

    static byte[] base64(byte[] body) {
        byte[] letters = new byte[body.length];
        int count = 0;
        for (byte b : body) {
            if (b == '=') {
                break;
            }
            if (b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z' || b >= '0' && b <= '9' || b == '+' || b == '/') {
                letters[count++] = b;
            }
        }
        count -= count % 4 == 1 ? 1 : 0; // six bits are no octet
        return Base64.getDecoder().decode(Arrays.copyOf(letters, count));
    }

    /**
     * Section 6.7.
     *
     * @param words whether an underscore is a space, as in an encoded word (RFC 2047 section 4.2)
     */
    static byte[] quotedPrintable(byte[] body, boolean words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(body.length);
        int at = 0;
        while (at < body.length) {
            byte b = body[at++];
            if (b == '=') {
                int octet = octet(body, at);
                if (octet >= 0) {
                    out.write(octet);
                    at += 2;
                    continue;
                }
                int soft = softBreak(body, at);
                if (soft > at) {
                    at = soft;
                    continue;
                }
            }
            out.write(words && b == '_' ? ' ' : b);
        }
        return out.toByteArray();
    }

    private static int octet(byte[] body, int at) {
        int high = at + 1 < body.length ? Character.digit(body[at], 16) : -1;
        int low = high < 0 ? -1 : Character.digit(body[at + 1], 16);
        return low < 0 ? -1 : high << 4 | low;
    }

    /** Where the next line begins, if nothing but blanks comes before it; else {@code at}. */
    private static int softBreak(byte[] body, int at) {
        int i = at;
        while (i < body.length && i - at < 80 && (body[i] == ' ' || body[i] == '\t' || body[i] == '\r')) {
            i++;
        }
        if (i == body.length) {
            return i;
        }
        return body[i] == '\n' ? i + 1 : at;
    }
}
