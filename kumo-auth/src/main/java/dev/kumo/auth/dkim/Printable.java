package dev.kumo.auth.dkim;

import java.util.HexFormat;

/** Foreign text as it may stand in an error: in quotes, on one line, in ASCII, and not without end. */
final class Printable {

    private static final int LONGEST = 80;

    private Printable() {}

    static String quoted(String text) {
        StringBuilder out = new StringBuilder("'");
        text.chars().limit(LONGEST).forEach(c -> {
            if (c >= ' ' && c <= '~') {
                out.append((char) c);
            } else {
                out.append("\\u").append(HexFormat.of().toHexDigits((char) c));
            }
        });
        return out.append(text.length() > LONGEST ? "...'" : "'").toString();
    }
}
