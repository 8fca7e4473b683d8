package dev.kumo.core.mail;

/** The two forms of a local part, RFC 5321 section 4.1.2 as RFC 6531 section 3.3 widens it. */
final class LocalPart {

    private static final boolean[] ATEXT = atext();

    private LocalPart() {}

    private static boolean[] atext() {
        boolean[] atext = new boolean[0x80];
        for (char c = '!'; c < 0x7f; c++) {
            atext[c] = "\"(),.:;<>@[\\]".indexOf(c) < 0; // RFC 5322 section 3.2.3
        }
        return atext;
    }

    /**
     * Where the dot-string that a text starts with ends: at the first {@code @}, or at the end of the text.
     *
     * @return 0 if there is none, -1 if what stands before the {@code @} is no dot-string
     */
    static int endOfDotString(String text) {
        int atom = 0;
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c < 0x80) {
                if (c == '@') {
                    break;
                }
                if (c == '.') {
                    if (i == atom) {
                        return -1;
                    }
                    atom = i + 1;
                } else if (!ATEXT[c]) {
                    return -1;
                }
                i++;
            } else {
                int width = widthBeyondAscii(text, i);
                if (width == 0) {
                    return -1;
                }
                i += width;
            }
        }
        return i > 0 && i == atom ? -1 : i;
    }

    /**
     * Where the quoted string that a text starts with ends: after its closing quote.
     *
     * @return -1 if the text starts with no quoted string
     */
    static int endOfQuotedString(String text) {
        int i = 1;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c == '"') {
                return i + 1;
            }
            if (c == '\\') {
                i++;
                if (i == text.length() || !isPrintableAscii(text.charAt(i))) {
                    return -1;
                }
                i++;
            } else if (isPrintableAscii(c)) {
                i++;
            } else {
                int width = widthBeyondAscii(text, i);
                if (width == 0) {
                    return -1;
                }
                i += width;
            }
        }
        return -1;
    }

    private static boolean isPrintableAscii(char c) {
        return c >= ' ' && c < 0x7f;
    }

    /** How many chars the character takes; 0 if it is a control or half a surrogate pair. */
    private static int widthBeyondAscii(String text, int i) {
        int c = text.codePointAt(i);
        return c < 0xa0 || c <= 0xffff && Character.isSurrogate((char) c) ? 0 : Character.charCount(c);
    }

    /** What a quoted string from the start of a text to {@code end} says. */
    static String unquote(String text, int end) {
        String inside = text.substring(1, end - 1);
        if (inside.indexOf('\\') < 0) {
            return inside;
        }
        StringBuilder content = new StringBuilder(inside.length());
        for (int i = 0; i < inside.length(); i++) {
            if (inside.charAt(i) == '\\') {
                i++;
            }
            content.append(inside.charAt(i));
        }
        return content.toString();
    }

    /** The form for a path: a dot-string if the content is one, else a quoted string that escapes no more than it must. */
    static String print(String content) {
        if (!content.isEmpty() && endOfDotString(content) == content.length()) {
            return content;
        }
        StringBuilder quoted = new StringBuilder(content.length() + 4).append('"');
        for (int i = 0; i < content.length(); i++) {
            char c = content.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\');
            }
            quoted.append(c);
        }
        return quoted.append('"').toString();
    }
}
