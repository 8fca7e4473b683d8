package dev.kumo.http.mime;

/** Line ends of mail. */
public final class Lines {

    private Lines() {}

    /** The text with CRLF for each CRLF, LF or CR; nothing is added at its end. */
    static String crlf(String text) {
        StringBuilder out = new StringBuilder(text.length() + text.length() / 32 + 2);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\r' || c == '\n') {
                out.append("\r\n");
                if (c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n') {
                    i++;
                }
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    /** The same with a line end after its last line. */
    public static String ended(String text) {
        String lines = crlf(text);
        return lines.isEmpty() || lines.endsWith("\r\n") ? lines : lines + "\r\n";
    }
}
