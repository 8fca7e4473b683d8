package dev.kumo.http.mime;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/** How a body is made fit for a line of seven bits, RFC 2045 section 6. */
enum TransferEncoding {
    /** As it is: ASCII in lines of at most 998 octets. */
    SEVEN_BIT("7bit"),
    /** Section 6.7. */
    QUOTED_PRINTABLE("quoted-printable"),
    /** Section 6.8. */
    BASE64("base64");

    private static final int LONGEST_LINE = 998;
    private static final int LONGEST_QUOTED_LINE = 76;
    private static final byte[] CRLF = {'\r', '\n'};

    private final String token;

    TransferEncoding(String token) {
        this.token = token;
    }

    String token() {
        return token;
    }

    /** The first that fits a text whose lines end with CRLF, and of two the shorter. */
    static TransferEncoding of(byte[] text) {
        if (isSevenBit(text)) {
            return SEVEN_BIT;
        }
        int encoded = 0;
        for (byte octet : text) {
            encoded += octet >= ' ' && octet != '=' && octet != 0x7f || octet == '\r' || octet == '\n' ? 1 : 3;
        }
        return encoded <= text.length / 3L * 4 + 4 ? QUOTED_PRINTABLE : BASE64;
    }

    /** Whether nothing has to be done: ASCII without NUL, no CR or LF of its own, and no line too long. */
    static boolean isSevenBit(byte[] text) {
        int line = 0;
        for (int i = 0; i < text.length; i++) {
            byte octet = text[i];
            if (octet == '\r' && i + 1 < text.length && text[i + 1] == '\n') {
                i++;
                line = 0;
            } else if (octet <= 0 || octet == '\r' || octet == '\n' || ++line > LONGEST_LINE) {
                return false;
            }
        }
        return true;
    }

    byte[] encode(byte[] text) {
        return switch (this) {
            case SEVEN_BIT -> text;
            case QUOTED_PRINTABLE -> quotedPrintable(text);
            case BASE64 -> base64(text);
        };
    }

    static byte[] base64(byte[] data) {
        byte[] lines = Base64.getMimeEncoder().encode(data);
        byte[] ended = Arrays.copyOf(lines, lines.length + 2);
        System.arraycopy(CRLF, 0, ended, lines.length, 2);
        return ended;
    }

    private static byte[] quotedPrintable(byte[] text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(text.length + text.length / 4);
        int column = 0;
        for (int i = 0; i < text.length; i++) {
            byte octet = text[i];
            if (octet == '\r' && i + 1 < text.length && text[i + 1] == '\n') {
                out.writeBytes(CRLF);
                i++;
                column = 0;
                continue;
            }
            boolean blank = octet == ' ' || octet == '\t';
            boolean plain = blank ? !endsLine(text, i + 1) : octet > ' ' && octet < 0x7f && octet != '=';
            int width = plain ? 1 : 3;
            if (column + width > LONGEST_QUOTED_LINE - 1) {
                out.write('=');
                out.writeBytes(CRLF);
                column = 0;
            }
            if (plain) {
                out.write(octet);
            } else {
                out.writeBytes(
                        ("=" + HexFormat.of().withUpperCase().toHexDigits(octet)).getBytes(StandardCharsets.US_ASCII));
            }
            column += width;
        }
        return out.toByteArray();
    }

    /** A blank there would be lost on the way. */
    private static boolean endsLine(byte[] text, int at) {
        return at == text.length || text[at] == '\r';
    }
}
