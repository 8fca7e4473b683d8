package dev.kumo.core.text;

import java.util.HexFormat;

/** Foreign text as it may stand in an error or a log: in quotes, on one line, in ASCII, and not without end. */
public final class Quoted {

    private static final int LONGEST = 80;

    private Quoted() {}

    /**
     * Quotes a text.
     *
     * @param text any text
     * @return it between single quotes; what is not printable ASCII as <code>&#92;uXXXX</code>; cut after 80 characters
     */
    public static String of(String text) {
        int shown = Math.min(text.length(), LONGEST);
        StringBuilder quoted = new StringBuilder(shown + 5).append('\'');
        for (int i = 0; i < shown; i++) {
            char c = text.charAt(i);
            if (c == '\\' || c == '\'') {
                quoted.append('\\').append(c);
            } else if (c >= ' ' && c <= '~') {
                quoted.append(c);
            } else {
                quoted.append("\\u").append(HexFormat.of().toHexDigits(c));
            }
        }
        return quoted.append(text.length() > shown ? "...'" : "'").toString();
    }
}
