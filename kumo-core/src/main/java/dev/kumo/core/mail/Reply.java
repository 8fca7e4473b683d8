package dev.kumo.core.mail;

import dev.kumo.core.text.Utf8;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a server says to a command, RFC 5321 section 4.2: a code, an enhanced status (RFC 2034) where one applies, and
 * one or more lines of text.
 *
 * <p>An illegal reply cannot be made: the code is 200 to 599, the enhanced status never contradicts it, and no text can
 * break out of its line.
 */
public final class Reply {

    /** {@code 250 2.0.0 OK}. */
    public static final Reply OK = of(250, "2.0.0", "OK");

    private static final int LONGEST_LINE = 512; // RFC 5321 section 4.5.3.1.5, with the code and CRLF

    private final int code;
    private final @Nullable EnhancedStatus status;
    private final List<String> lines;
    private final String wire;

    private Reply(int code, @Nullable EnhancedStatus status, List<String> lines) {
        if (code < 200 || code > 599) {
            throw new IllegalArgumentException("a reply code is 200 to 599, not " + code);
        }
        if (status != null && status.statusClass() != code / 100) {
            throw new IllegalArgumentException("enhanced status " + status + " contradicts the reply code " + code);
        }
        if (lines.isEmpty()) {
            throw new IllegalArgumentException("a reply needs at least one line of text");
        }
        this.code = code;
        this.status = status;
        this.lines = List.copyOf(lines);
        this.wire = render();
    }

    /**
     * A reply of one line, or of one line per line break in the text.
     *
     * @param code 200 to 599
     * @param status an enhanced status such as {@code 5.7.1}, of the class of the code
     * @param text what a person may read; control characters are refused, line breaks make further lines
     * @return the reply
     * @throws IllegalArgumentException if the code is out of range or contradicts the status, or the text is not fit
     *     for a line
     */
    public static Reply of(int code, String status, String text) {
        return new Reply(code, EnhancedStatus.parse(status), text.lines().toList());
    }

    /**
     * A reply with an enhanced status.
     *
     * @param code 200 to 599
     * @param status of the class of the code
     * @param lines one or more lines of text
     * @return the reply
     * @throws IllegalArgumentException if the code is out of range or contradicts the status, or a line is not fit for
     *     the wire
     */
    public static Reply of(int code, EnhancedStatus status, List<String> lines) {
        return new Reply(code, status, lines);
    }

    /**
     * A reply without an enhanced status, as the greeting, the answer to EHLO and intermediate (3xx) replies have none.
     *
     * @param code 200 to 599
     * @param lines one or more lines of text
     * @return the reply
     * @throws IllegalArgumentException if the code is out of range or a line is not fit for the wire
     */
    public static Reply plain(int code, List<String> lines) {
        return new Reply(code, null, lines);
    }

    /**
     * A reply without an enhanced status.
     *
     * @param code 200 to 599
     * @param text one line of text
     * @return the reply
     * @throws IllegalArgumentException if the code is out of range or the text is not fit for the wire
     */
    public static Reply plain(int code, String text) {
        return new Reply(code, null, List.of(text));
    }

    /**
     * The three digits.
     *
     * @return 200 to 599
     */
    public int code() {
        return code;
    }

    /**
     * The enhanced status, where the reply has one.
     *
     * @return of the same class as the code
     */
    public Optional<EnhancedStatus> status() {
        return Optional.ofNullable(status);
    }

    /**
     * The text, without codes.
     *
     * @return one or more lines
     */
    public List<String> lines() {
        return lines;
    }

    /**
     * Whether the command was taken: a code of 2xx.
     *
     * @return true for 200 to 299
     */
    public boolean isPositive() {
        return code < 300;
    }

    /**
     * Whether the same command may succeed later: a code of 4xx.
     *
     * @return true for 400 to 499
     */
    public boolean isTransient() {
        return code >= 400 && code < 500;
    }

    /**
     * Whether the same command will fail again: a code of 5xx.
     *
     * @return true for 500 to 599
     */
    public boolean isPermanent() {
        return code >= 500;
    }

    /**
     * The bytes for the wire as text, each line with its code and CRLF.
     *
     * @return ASCII, or UTF-8 where the text holds more
     */
    public String wire() {
        return wire;
    }

    private String render() {
        String prefix = status == null ? "" : status + " ";
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            requireFit(line, prefix.length() + 6);
            out.append(code).append(i == lines.size() - 1 ? ' ' : '-').append(prefix);
            out.append(line).append("\r\n");
        }
        return out.toString();
    }

    private static void requireFit(String line, int overhead) {
        int octets = Utf8.length(line) + overhead;
        if (octets > LONGEST_LINE) {
            throw new IllegalArgumentException(
                    "a line of a reply has at most " + LONGEST_LINE + " octets with its code, not " + octets);
        }
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c < ' ' && c != '\t' || c >= 0x7f && c < 0xa0) {
                throw new IllegalArgumentException(
                        "a reply holds no control characters, found 0x" + Integer.toHexString(c));
            }
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Reply that && wire.equals(that.wire);
    }

    @Override
    public int hashCode() {
        return Objects.hash(wire);
    }

    /** The reply as it is said, lines joined by {@code " / "}. */
    @Override
    public String toString() {
        return code + " " + (status == null ? "" : status + " ") + String.join(" / ", lines);
    }
}
