package dev.kumo.http.mime;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Parameters beyond ASCII, RFC 2231: percent-encoded UTF-8, in as many pieces as its length needs (sections 3 and 4). */
final class ExtendedParameter {

    private static final int LONGEST_PIECE = 50;
    private static final String PLAIN = "!#$&+-.^_`|~";

    private ExtendedParameter() {}

    /** The parameter with what comes before it, to be put behind a value. */
    static String of(String name, String value) {
        StringBuilder out = new StringBuilder();
        StringBuilder piece = new StringBuilder("UTF-8''");
        int number = 0;
        String encoded = encoded(value);
        boolean single = encoded.length() + piece.length() <= LONGEST_PIECE;
        for (int at = 0; at < encoded.length(); ) {
            int width = encoded.charAt(at) == '%' ? 3 : 1;
            if (piece.length() + width > LONGEST_PIECE && !single) {
                out.append(";\r\n ")
                        .append(name)
                        .append('*')
                        .append(number++)
                        .append("*=")
                        .append(piece);
                piece.setLength(0);
            }
            piece.append(encoded, at, at + width);
            at += width;
        }
        return out.append(";\r\n ")
                .append(name)
                .append(single ? "" : "*" + number)
                .append("*=")
                .append(piece)
                .toString();
    }

    private static String encoded(String value) {
        StringBuilder out = new StringBuilder();
        for (byte octet : value.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (octet & 0xff);
            if (c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || PLAIN.indexOf(c) >= 0) {
                out.append(c);
            } else {
                out.append('%').append(HexFormat.of().withUpperCase().toHexDigits(octet));
            }
        }
        return out.toString();
    }
}
