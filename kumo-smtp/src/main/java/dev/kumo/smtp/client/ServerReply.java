package dev.kumo.smtp.client;

import dev.kumo.core.mail.EnhancedStatus;
import dev.kumo.core.mail.Reply;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the far side answered, as it came.
 *
 * @param code 200 to 599
 * @param lines the text of each line, without the code; at least one
 */
record ServerReply(int code, List<String> lines) {

    private static final Pattern STATUS = Pattern.compile("([245]\\.[0-9]{1,3}\\.[0-9]{1,3})(?: +|$)");
    private static final int LONGEST_TEXT = 480; // a line of 512 less code, status and CRLF
    private static final int MOST_LINES = 10; // for people to read; nobody reads more

    ServerReply {
        lines = List.copyOf(lines);
    }

    boolean isPositive() {
        return code < 300;
    }

    /** The enhanced status (RFC 2034), even if it contradicts the code. */
    Optional<EnhancedStatus> status() {
        Matcher status = STATUS.matcher(lines.get(0));
        if (!status.lookingAt()) {
            return Optional.empty();
        }
        try {
            return Optional.of(EnhancedStatus.parse(status.group(1)));
        } catch (IllegalArgumentException leadingZeros) {
            return Optional.empty();
        }
    }

    /** As it may be kept and shown: lines cut, control characters replaced, a status that contradicts the code left as text. */
    Reply reply() {
        Optional<EnhancedStatus> status = status().filter(found -> found.statusClass() == code / 100);
        List<String> texts = texts(status.isPresent());
        return status.isPresent() ? Reply.of(code, status.get(), texts) : Reply.plain(code, texts);
    }

    /** The same as another code, for a deferral of what the far side gave a final code. */
    Reply as(int other) {
        List<String> texts = new ArrayList<>(texts(status().isPresent()));
        String said = code + status().map(status -> " " + status).orElse("");
        texts.set(0, fit("the far side said " + said + " " + texts.get(0)));
        return status().map(status ->
                        Reply.of(other, new EnhancedStatus(other / 100, status.subject(), status.detail()), texts))
                .orElseGet(() -> Reply.plain(other, texts));
    }

    private List<String> texts(boolean withoutStatus) {
        return lines.stream()
                .limit(MOST_LINES)
                .map(line -> fit(withoutStatus ? STATUS.matcher(line).replaceFirst("") : line))
                .toList();
    }

    /** Makes a line of anybody's text that a {@link Reply} takes. */
    static String fit(String text) {
        StringBuilder fit = new StringBuilder(Math.min(text.length(), LONGEST_TEXT));
        int octets = 0;
        int c;
        for (int i = 0; i < text.length(); i += Character.charCount(c)) {
            c = text.codePointAt(i);
            boolean shown =
                    c >= ' ' && c < 0x7f || c == '\t' || c >= 0xa0 && Character.getType(c) != Character.SURROGATE;
            String one = shown ? Character.toString(c) : "?";
            octets += one.getBytes(StandardCharsets.UTF_8).length;
            if (octets > LONGEST_TEXT) {
                break;
            }
            fit.append(one);
        }
        return fit.toString();
    }
}
