package dev.kumo.core.report;

import dev.kumo.core.text.Utf8;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Lines for a report, from text that may be a stranger's: without control characters, in ASCII unless UTF-8 is wanted,
 * and folded (RFC 5322 section 2.2.3) where they grow long.
 */
final class Folded {

    private static final int USUAL_LINE = 76;
    private static final int LONGEST_LINE = 900; // 998 octets, RFC 5322 section 2.1.1, with room to spare

    private final StringBuilder out = new StringBuilder();
    private final boolean utf8;

    Folded(boolean utf8) {
        this.utf8 = utf8;
    }

    /** A header field; without text, none. */
    void field(String name, String text) {
        String clean = clean(text);
        if (!clean.isEmpty()) {
            out.append(name).append(": ");
            fold(clean, name.length() + 2, "\r\n ");
        }
    }

    /** A paragraph for people, all its lines indented. */
    void paragraph(int indent, String text) {
        out.append(" ".repeat(indent));
        fold(clean(text), indent, "\r\n" + " ".repeat(indent));
    }

    void emptyLine() {
        out.append("\r\n");
    }

    byte[] bytes() {
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Breaks at blanks; a word longer than any line is broken wherever that is. */
    private void fold(String text, int column, String lineBreak) {
        int indent = lineBreak.length() - 2;
        int width = column;
        int blank = -1; // the last one of the line
        int behind = 0; // the width of what is behind it
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            out.append(c);
            width += Utf8.length(c);
            behind += Utf8.length(c);
            if (c == ' ') {
                blank = out.length() - 1;
                behind = 0;
            } else if (width > USUAL_LINE && blank >= 0) {
                out.replace(blank, blank + 1, lineBreak);
                width = indent + behind;
                blank = -1;
            } else if (width > LONGEST_LINE && !Character.isHighSurrogate(c) && i + 1 < text.length()) {
                out.append(lineBreak);
                width = indent;
            }
        }
        out.append("\r\n");
    }

    /** Without control characters, and with a single blank wherever there are some. */
    private String clean(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        text.strip().codePoints().forEach(c -> {
            if (c == ' ' || Character.isISOControl(c)) {
                if (!clean.isEmpty() && clean.charAt(clean.length() - 1) != ' ') {
                    clean.append(' ');
                }
            } else if (c < 0x80 || utf8 && Character.getType(c) != Character.SURROGATE) {
                clean.appendCodePoint(c);
            } else {
                clean.append(escaped(c));
            }
        });
        return clean.toString().strip();
    }

    /** How RFC 6533 section 3 writes a character where only ASCII may be. */
    static String escaped(int c) {
        return String.format(Locale.ROOT, "\\x{%02X}", c);
    }
}
