package dev.kumo.http.answer;

import java.util.HexFormat;

/** Foreign text as it may stand in an error or a log: on one line, in ASCII, and not without end. */
public final class Printable {

    private static final int LONGEST = 200;

    private Printable() {}

    public static String of(String text) {
        int shown = Math.min(text.length(), LONGEST);
        StringBuilder out = new StringBuilder(shown + 3);
        for (int i = 0; i < shown; i++) {
            char c = text.charAt(i);
            if (c >= ' ' && c <= '~') {
                out.append(c);
            } else {
                out.append("\\u").append(HexFormat.of().toHexDigits(c));
            }
        }
        return text.length() > shown ? out.append("...").toString() : out.toString();
    }

    public static String quoted(String text) {
        return "'" + of(text) + "'";
    }
}
