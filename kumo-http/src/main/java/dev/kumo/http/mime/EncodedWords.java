package dev.kumo.http.mime;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/** Text beyond ASCII in a header, RFC 2047: UTF-8, in whichever of the two encodings is shorter. */
final class EncodedWords {

    private static final int LONGEST = 75;
    private static final Pattern ENCODED =
            Pattern.compile("=\\?[!#$%&'*+0-9A-Z^_`a-z{|}~-]+\\?(?:[Bb]\\?[A-Za-z0-9+/]*={0,2}|[Qq]\\?[!->@-~]*)\\?=");

    private static final String PREFIX = "=?UTF-8?";

    /** Octets that make 44 characters. Section 2 allows more, but the first word shares its line with the field's name. */
    private static final int MOST_IN_BASE64 = 33;

    private static final int MOST_IN_Q = 44;

    /** What needs no encoding in Q wherever it stands, section 5 (3). */
    private static final String PLAIN_IN_Q = "!*+-/";

    private EncodedWords() {}

    static boolean isBeyondAscii(String text) {
        return text.chars().anyMatch(c -> c >= 0x7f || c < ' ' && c != '\t');
    }

    /** Whether a word is one encoded already, section 2, which is whoever wrote it's own. */
    static boolean isEncoded(String word) {
        return word.length() <= LONGEST && ENCODED.matcher(word).matches();
    }

    /** The words, each of at most 56 characters; no character is split between two of them. */
    static List<String> of(String text) {
        List<String> q = new ArrayList<>();
        List<String> base64 = new ArrayList<>();
        StringBuilder qWord = new StringBuilder();
        StringBuilder base64Word = new StringBuilder();
        int base64Octets = 0;
        for (int at = 0; at < text.length(); ) {
            int end = text.offsetByCodePoints(at, 1);
            byte[] octets = text.substring(at, end).getBytes(StandardCharsets.UTF_8);
            String encoded = q(octets);
            if (qWord.length() + encoded.length() > MOST_IN_Q) {
                q.add(qWord.toString());
                qWord.setLength(0);
            }
            qWord.append(encoded);
            if (base64Octets + octets.length > MOST_IN_BASE64) {
                base64.add(base64(base64Word));
                base64Word.setLength(0);
                base64Octets = 0;
            }
            base64Word.append(text, at, end);
            base64Octets += octets.length;
            at = end;
        }
        q.add(qWord.toString());
        base64.add(base64(base64Word));
        boolean short64 = length(base64) < length(q);
        String open = PREFIX + (short64 ? "B?" : "Q?");
        return (short64 ? base64 : q).stream().map(word -> open + word + "?=").toList();
    }

    private static int length(List<String> words) {
        return words.stream()
                .mapToInt(word -> word.length() + PREFIX.length() + 5)
                .sum();
    }

    private static String base64(CharSequence word) {
        return Base64.getEncoder().encodeToString(word.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static String q(byte[] octets) {
        StringBuilder out = new StringBuilder(3 * octets.length);
        for (byte octet : octets) {
            int c = octet & 0xff;
            if (c == ' ') {
                out.append('_');
            } else if (c >= '0' && c <= '9'
                    || c >= 'A' && c <= 'Z'
                    || c >= 'a' && c <= 'z'
                    || PLAIN_IN_Q.indexOf(c) >= 0) {
                out.append((char) c);
            } else {
                out.append('=').append(HexFormat.of().withUpperCase().toHexDigits(octet));
            }
        }
        return out.toString();
    }
}
