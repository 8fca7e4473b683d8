package dev.kumo.http.mime;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Writes header fields: folded (RFC 5322 section 2.2.3), and encoded where they hold more than ASCII (RFC 2047). */
public final class HeaderWriter {

    private static final int PREFERRED_LINE = 76; // RFC 2047 section 2, for lines with encoded words
    private static final int LONGEST_LINE = 998;

    /** Fields that hold addresses, where only phrases and comments may be encoded. */
    private static final Set<String> ADDRESSES = Set.of(
            "from",
            "sender",
            "reply-to",
            "to",
            "cc",
            "bcc",
            "resent-from",
            "resent-sender",
            "resent-to",
            "resent-cc",
            "resent-bcc",
            "disposition-notification-to",
            "return-receipt-to");

    /** Fields that people read, where a word too long for a line may be encoded as well. */
    private static final Set<String> TEXTS = Set.of("subject", "comments", "thread-topic");

    private final StringBuilder out = new StringBuilder(512);
    private boolean utf8;

    /** Whether what was written holds more than ASCII all the same, and so needs SMTPUTF8. */
    public boolean isUtf8() {
        return utf8;
    }

    public byte[] bytes() {
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** A field as it is, which has to be in order. */
    public HeaderWriter raw(String field) {
        out.append(field).append("\r\n");
        return this;
    }

    /**
     * A field.
     *
     * @param name in printable ASCII
     * @param value on one line
     * @throws IllegalArgumentException if the value holds a control character, or a word that fits in no line
     */
    public HeaderWriter field(String name, String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < ' ' && c != '\t' || c == 0x7f) {
                throw new IllegalArgumentException("the value of header " + name
                        + " holds a line break or another control character; a value is one line");
            }
        }
        List<String> words = ADDRESSES.contains(name.toLowerCase(Locale.ROOT))
                ? AddressText.words(value.strip())
                : words(name, value.strip());
        out.append(name).append(':');
        int column = name.length() + 1;
        for (String word : words) {
            String blank = isBlank(word.charAt(0)) ? "" : " ";
            int length = word.getBytes(StandardCharsets.UTF_8).length + blank.length();
            utf8 |= length != word.length() + blank.length();
            if (column + length > PREFERRED_LINE && column > name.length() + 1) {
                out.append("\r\n");
                column = 0;
            }
            if (column + length > LONGEST_LINE) {
                throw new IllegalArgumentException("header " + name + " holds a word of more than " + (LONGEST_LINE - 1)
                        + " octets, which fits in no line");
            }
            out.append(blank).append(word);
            column += length;
        }
        if (words.isEmpty()) {
            out.append(' ');
        }
        out.append("\r\n");
        return this;
    }

    /**
     * The words of a text, between which a line may be broken; runs of those that need it are encoded together. A word
     * has the blanks before it if they are more than one: a line may be broken before them all the same.
     */
    private static List<String> words(String name, String value) {
        int longest = TEXTS.contains(name.toLowerCase(Locale.ROOT)) ? PREFERRED_LINE : Integer.MAX_VALUE;
        List<String> words = new ArrayList<>();
        StringBuilder run = new StringBuilder();
        String before = "";
        boolean wasEncoded = false;
        for (int at = 0; at < value.length(); ) {
            int from = at;
            while (isBlank(value.charAt(at))) {
                at++;
            }
            String blanks = value.substring(from, at);
            from = at;
            while (at < value.length() && !isBlank(value.charAt(at))) {
                at++;
            }
            String word = value.substring(from, at);
            boolean isEncoded = EncodedWords.isEncoded(word);
            if (EncodedWords.isBeyondAscii(word) || word.length() > longest) {
                if (!run.isEmpty() || wasEncoded) { // blanks between encoded words count for nothing
                    run.append(blanks);
                } else if (blanks.length() > 1) {
                    before = blanks;
                }
                run.append(word);
            } else {
                if (isEncoded && !run.isEmpty()) {
                    run.append(blanks);
                    blanks = "";
                }
                flush(before, run, words);
                before = "";
                words.add((blanks.equals(" ") ? "" : blanks) + word);
            }
            wasEncoded = isEncoded;
        }
        flush(before, run, words);
        return words;
    }

    private static void flush(String before, StringBuilder run, List<String> words) {
        if (!run.isEmpty()) {
            List<String> encoded = EncodedWords.of(run.toString());
            words.add(before + encoded.get(0));
            words.addAll(encoded.subList(1, encoded.size()));
            run.setLength(0);
        }
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
