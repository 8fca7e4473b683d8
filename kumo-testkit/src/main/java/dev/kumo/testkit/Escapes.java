package dev.kumo.testkit;

/** What a line of a script cannot hold as it is, or not so that a reader sees it. */
final class Escapes {

    private static final String LETTERS = "\\rnt0s";
    private static final String MEANINGS = "\\\r\n\t\0 ";

    private Escapes() {}

    static String undo(String text) {
        if (text.indexOf('\\') < 0) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                i++;
                int which = i < text.length() ? LETTERS.indexOf(text.charAt(i)) : -1;
                if (which < 0) {
                    throw new IllegalArgumentException(
                            "a backslash is followed by one of r n t 0 s \\ and stands for itself as \\\\, in: "
                                    + text);
                }
                c = MEANINGS.charAt(which);
            }
            out.append(c);
        }
        return out.toString();
    }

    /** Shows a line as a script would write it. A blank is escaped only at the end, where it could not be seen. */
    static String show(String line) {
        StringBuilder out = new StringBuilder(line.length());
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            int which = MEANINGS.indexOf(c);
            if (which < 0 || c == ' ' && i < line.length() - 1) {
                out.append(c);
            } else {
                out.append('\\').append(LETTERS.charAt(which));
            }
        }
        return out.toString();
    }
}
