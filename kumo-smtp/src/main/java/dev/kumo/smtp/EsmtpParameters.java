package dev.kumo.smtp;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of MAIL or RCPT, RFC 5321 section 4.1.2: keywords, some with a value. Which of them are known is not
 * decided here; a session answers others with 555 (section 4.1.1.11).
 */
public final class EsmtpParameters {

    /** None at all. */
    public static final EsmtpParameters NONE = new EsmtpParameters(Map.of());

    private static final int MOST = 16;

    private final Map<String, String> values;

    private EsmtpParameters(Map<String, String> values) {
        this.values = values;
    }

    /**
     * Reads parameters.
     *
     * @param text {@code keyword[=value]}, separated by white space; values as RFC 6531 section 3.3 widens them
     * @return the parameters, perhaps {@link #NONE}
     * @throws SyntaxException with 501 5.5.4 if one is malformed or comes twice, or if there are more than 16
     */
    public static EsmtpParameters parse(String text) throws SyntaxException {
        int from = CommandParser.skipBlanks(text, 0, text.length());
        if (from == text.length()) {
            return NONE;
        }
        Map<String, String> values = new LinkedHashMap<>();
        while (from < text.length()) {
            int end = from;
            while (end < text.length() && !CommandParser.isBlank(text.charAt(end))) {
                end++;
            }
            int equals = text.indexOf('=', from);
            boolean valued = equals >= 0 && equals < end;
            String keyword = readKeyword(text.substring(from, valued ? equals : end));
            String value = valued ? readValue(text.substring(equals + 1, end)) : "";
            if (values.putIfAbsent(keyword, value) != null || values.size() > MOST) {
                throw new SyntaxException(SyntaxException.BAD_PARAMETER);
            }
            from = CommandParser.skipBlanks(text, end, text.length());
        }
        return new EsmtpParameters(values);
    }

    private static String readKeyword(String text) throws SyntaxException {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!CommandParser.isLetterOrDigit(c) && (c != '-' || i == 0)) {
                throw new SyntaxException(SyntaxException.BAD_PARAMETER);
            }
        }
        if (text.isEmpty()) {
            throw new SyntaxException(SyntaxException.BAD_PARAMETER);
        }
        return text.toUpperCase(Locale.ROOT);
    }

    private static String readValue(String text) throws SyntaxException {
        boolean fit = !text.isEmpty();
        int c;
        for (int i = 0; i < text.length(); i += Character.charCount(c)) {
            c = text.codePointAt(i);
            fit &= c > ' ' && c < 0x7f && c != '=' || c >= 0xa0 && Character.getType(c) != Character.SURROGATE;
        }
        if (!fit) {
            throw new SyntaxException(SyntaxException.BAD_PARAMETER);
        }
        return text;
    }

    /**
     * The keywords.
     *
     * @return in upper case, in the order of the client; cannot be changed
     */
    public Set<String> names() {
        return Collections.unmodifiableSet(values.keySet());
    }

    /**
     * Whether a parameter is there, with a value or without.
     *
     * @param name the keyword in any case
     * @return whether the client sent it
     */
    public boolean has(String name) {
        return values.containsKey(name.toUpperCase(Locale.ROOT));
    }

    /**
     * The value of a parameter.
     *
     * @param name the keyword in any case
     * @return as the client sent it, never empty text; nothing if the parameter is not there or has no value
     */
    public Optional<String> value(String name) {
        String value = values.get(name.toUpperCase(Locale.ROOT));
        return value == null || value.isEmpty() ? Optional.empty() : Optional.of(value);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof EsmtpParameters that && values.equals(that.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    /** The parameters as they stand in a command, keywords in upper case. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        values.forEach((name, value) -> {
            out.append(out.isEmpty() ? "" : " ").append(name);
            if (!value.isEmpty()) {
                out.append('=').append(value);
            }
        });
        return out.toString();
    }
}
