package dev.kumo.core.text;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Encoded words in a header value, RFC 2047, made readable. What cannot be decoded stays as it was written. */
public final class EncodedWords {

    /** Group 1 the charset, without the language of RFC 2231 section 5; group 2 the encoding; group 3 the text. */
    private static final Pattern WORD =
            Pattern.compile("=\\?([^?*\\s]{1,60})(?:\\*[^?\\s]{0,60})?\\?([bBqQ])\\?([^?]*+)\\?=");

    /** Those that mail is written in. Java looks for any other anew each time, which a stranger could make it do without end. */
    private static final Map<String, Charset> CHARSETS = Stream.concat(
                    Stream.of(
                            "utf-8",
                            "utf8",
                            "us-ascii",
                            "ascii",
                            "utf-16",
                            "utf-16be",
                            "utf-16le",
                            "koi8-r",
                            "koi8-u",
                            "gb2312",
                            "gbk",
                            "gb18030",
                            "big5",
                            "big5-hkscs",
                            "shift_jis",
                            "sjis",
                            "windows-31j",
                            "euc-jp",
                            "iso-2022-jp",
                            "iso-2022-kr",
                            "euc-kr",
                            "ks_c_5601-1987",
                            "windows-874",
                            "windows-936",
                            "windows-949",
                            "windows-950",
                            "tis-620",
                            "cp437",
                            "cp850",
                            "cp866",
                            "macintosh"),
                    Stream.concat(
                            IntStream.rangeClosed(1, 16).mapToObj(number -> "iso-8859-" + number),
                            IntStream.rangeClosed(1250, 1258).mapToObj(number -> "windows-" + number)))
            .filter(Charset::isSupported)
            .collect(Collectors.toUnmodifiableMap(name -> name, Charset::forName));

    private final StringBuilder text = new StringBuilder();
    private final ByteArrayOutputStream octets = new ByteArrayOutputStream();
    private @Nullable Charset charset;

    private EncodedWords() {}

    /**
     * Decodes the encoded words of a header value.
     *
     * @param value unfolded
     * @return with the encoded words of known charsets decoded; line breaks and other control characters may come of that
     */
    public static String decode(String value) {
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
        return CHARSETS.get(name.toLowerCase(Locale.ROOT));
    }
}
