package dev.kumo.http.mime;

import dev.kumo.http.answer.Tokens;
import java.util.ArrayList;
import java.util.List;

/**
 * Lists of addresses as text, RFC 5322 section 3.4. Of a list, only the phrases are encoded (RFC 2047 section 5 (3)); an
 * address beyond ASCII stays as it is, which needs SMTPUTF8.
 */
public final class AddressText {

    private final String text;
    private final List<String> words = new ArrayList<>();
    private final StringBuilder raw = new StringBuilder();
    private final StringBuilder plain = new StringBuilder();
    private boolean address;
    private int at;

    private AddressText(String text) {
        this.text = text;
    }

    /** A mailbox with a name: as it is, or in quotes if it holds what has a meaning of its own. */
    public static String mailbox(String email, String name) {
        if (name.isBlank()) {
            return email;
        }
        boolean atoms = name.equals(name.strip())
                && name.chars()
                        .allMatch(c -> c == ' ' || c >= 0x80 || c != '.' && Tokens.isToken(Character.toString(c)));
        String phrase = atoms ? name : "\"" + name.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
        return phrase + " <" + email + ">";
    }

    /** The words of a list, between which a line may be broken. */
    static List<String> words(String list) {
        AddressText reader = new AddressText(list);
        reader.read();
        return reader.words;
    }

    private void read() {
        while (at < text.length()) {
            char c = text.charAt(at);
            switch (c) {
                case '"' -> quoted();
                case '<' -> {
                    flush();
                    words.add(upTo('>'));
                }
                case '(' -> {
                    flush();
                    comment(upToEndOfComment());
                }
                case ',', ';', ':' -> {
                    flush();
                    at++;
                    if (words.isEmpty()) {
                        words.add(Character.toString(c));
                    } else {
                        words.set(words.size() - 1, words.get(words.size() - 1) + c);
                    }
                }
                default -> {
                    address |= c == '@';
                    raw.append(c);
                    plain.append(c);
                    at++;
                }
            }
        }
        flush();
    }

    private void quoted() {
        int start = at++;
        while (at < text.length() && text.charAt(at) != '"') {
            if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                at++;
            }
            plain.append(text.charAt(at++));
        }
        at = Math.min(at + 1, text.length());
        raw.append(text, start, at);
    }

    private String upTo(char end) {
        int found = text.indexOf(end, at);
        int start = at;
        at = found < 0 ? text.length() : found + 1;
        return text.substring(start, at);
    }

    /** RFC 2047 section 5 (2): words within a comment, with a blank before each but the first. */
    private void comment(String comment) {
        int end = comment.endsWith(")") ? comment.length() - 1 : comment.length();
        String inner = comment.substring(1, end);
        if (EncodedWords.isBeyondAscii(inner)) {
            List<String> encoded = new ArrayList<>(EncodedWords.of(inner.replaceAll("\\\\(.)", "$1")));
            encoded.set(0, "(" + encoded.get(0));
            encoded.set(encoded.size() - 1, encoded.get(encoded.size() - 1) + ")");
            words.addAll(encoded);
        } else {
            words.add(comment);
        }
    }

    /** The end of a comment, within which others may lie. */
    private String upToEndOfComment() {
        int start = at;
        int depth = 0;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '\\' && at < text.length()) {
                at++;
            } else if (c == '(') {
                depth++;
            } else if (c == ')' && --depth == 0) {
                break;
            }
        }
        return text.substring(start, at);
    }

    private void flush() {
        String phrase = raw.toString().strip();
        if (!phrase.isEmpty()) {
            if (!address && EncodedWords.isBeyondAscii(plain.toString())) {
                words.addAll(EncodedWords.of(plain.toString().strip()));
            } else {
                unquotedWords(phrase);
            }
        }
        raw.setLength(0);
        plain.setLength(0);
        address = false;
    }

    private void unquotedWords(String phrase) {
        StringBuilder word = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < phrase.length(); i++) {
            char c = phrase.charAt(i);
            if (c == '\\' && quoted && i + 1 < phrase.length()) {
                word.append(c).append(phrase.charAt(++i));
            } else if (c == ' ' && !quoted) {
                if (!word.isEmpty()) {
                    words.add(word.toString());
                    word.setLength(0);
                }
            } else {
                quoted ^= c == '"';
                word.append(c);
            }
        }
        if (!word.isEmpty()) {
            words.add(word.toString());
        }
    }
}
