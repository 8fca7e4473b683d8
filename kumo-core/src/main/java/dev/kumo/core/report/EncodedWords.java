package dev.kumo.core.report;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Encoded words in a header value, RFC 2047, made readable. What cannot be decoded stays as it was written. */
final class EncodedWords {

    /** Group 1 the charset, without the language of RFC 2231 section 5; group 2 the encoding; group 3 the text. */
    private static final Pattern WORD =
            Pattern.compile("=\\?([^?*\\s]{1,60})(?:\\*[^?\\s]{0,60})?\\?([bBqQ])\\?([^?]*+)\\?=");

    private final StringBuilder text = new StringBuilder();
    private final ByteArrayOutputStream octets = new ByteArrayOutputStream();
    private @Nullable Charset charset;

    private EncodedWords() {}

    static String decode(String value) {
        return value.contains("=?") ? new EncodedWords().decoded(value) : value;
    }

    private String decoded(String value) {
        Matcher word = WORD.matcher(value);
        int at = 0;
        while (word.find()) {
            Charset next = charset(word.group(1));
            if (next == null) {
                continue;
            }
            String gap = value.substring(at, word.start());
            // White space between two encoded words is not shown, section 6.2; a character may be cut by it.
            boolean joins = charset != null && gap.isBlank();
            if (!joins || !next.equals(charset)) {
                flush();
            }
            if (!joins) {
                text.append(gap);
            }
            charset = next;
            octets.writeBytes(octets(word.group(2), word.group(3)));
            at = word.end();
        }
        flush();
        return text.append(value, at, value.length()).toString();
    }

    private void flush() {
        if (charset != null) {
            text.append(new String(octets.toByteArray(), charset));
            octets.reset();
            charset = null;
        }
    }

    private static byte[] octets(String encoding, String encoded) {
        byte[] ascii = encoded.getBytes(StandardCharsets.UTF_8);
        return encoding.equalsIgnoreCase("b")
                ? TransferEncoding.base64(ascii)
                : TransferEncoding.quotedPrintable(ascii, true);
    }

    private static @Nullable Charset charset(String name) {
        try {
            return Charset.forName(name);
        } catch (IllegalArgumentException unknown) {
            return null;
        }
    }
}
