package dev.kumo.core.mail;

/** Text of strangers in a form that is safe to show in one line of a log. */
final class Printable {

    private static final int LONGEST = 80;

    private Printable() {}

    static String of(String text) {
        StringBuilder out = new StringBuilder(Math.min(text.length(), LONGEST) + 3).append('\'');
        int i = 0;
        while (i < text.length() && i < LONGEST) {
            int c = text.codePointAt(i);
            out.appendCodePoint(isShown(c) ? c : '?');
            i += Character.charCount(c);
        }
        return out.append(i < text.length() ? "…'" : "'").toString();
    }

    private static boolean isShown(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
