package dev.kumo.core.report;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A {@code Content-Type} value, RFC 2045 section 5.1, read as far as it makes sense.
 *
 * <p>One pass, no recursion: comments (RFC 5322 section 3.2.2) may nest as deep as their writer liked.
 */
final class ContentType {

    private static final int LONGEST_VALUE = 16_384;

    private final String text;
    private final Map<String, String> parameters = new LinkedHashMap<>();
    private final String type;
    private String subtype = "";
    private int at;

    private ContentType(String text) {
        this.text = text;
        this.type = token();
        if (take('/')) {
            subtype = token();
            while (toNextParameter()) {
                parameter();
            }
        }
    }

    static ContentType parse(String value) {
        return new ContentType(value.length() > LONGEST_VALUE ? value.substring(0, LONGEST_VALUE) : value);
    }

    boolean is(String wantedType, String wantedSubtype) {
        return type.equalsIgnoreCase(wantedType) && subtype.equalsIgnoreCase(wantedSubtype);
    }

    /** Whether the value is a single word, with or without parameters. */
    boolean isOnly(String word) {
        return type.equalsIgnoreCase(word) && subtype.isEmpty();
    }

    /** The value without quotes; the first one, should the name come twice. */
    @Nullable String parameter(String lowerCaseName) {
        return parameters.get(lowerCaseName);
    }

    /** Skips what does not belong there, so that one bad parameter does not hide the next. */
    private boolean toNextParameter() {
        while (!take(';')) {
            if (at == text.length()) {
                return false;
            } else if (text.charAt(at) == '"') {
                quoted();
            } else {
                at++;
            }
        }
        return true;
    }

    private void parameter() {
        String name = token().toLowerCase(Locale.ROOT);
        if (take('=')) {
            skipBlank();
            String value = at < text.length() && text.charAt(at) == '"' ? quoted() : bare();
            parameters.putIfAbsent(name, value);
        }
    }

    private boolean take(char wanted) {
        skipBlank();
        boolean found = at < text.length() && text.charAt(at) == wanted;
        if (found) {
            at++;
        }
        return found;
    }

    private String token() {
        skipBlank();
        int start = at;
        while (at < text.length() && isToken(text.charAt(at))) {
            at++;
        }
        return text.substring(start, at);
    }

    /** A value without quotes; many a boundary has an "=" and should have had quotes. */
    private String bare() {
        int start = at;
        while (at < text.length() && "; \t\r\n(".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return text.substring(start, at);
    }

    private String quoted() {
        StringBuilder value = new StringBuilder();
        for (at++; at < text.length() && text.charAt(at) != '"'; at++) {
            if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                at++;
            }
            value.append(text.charAt(at));
        }
        at = Math.min(at + 1, text.length()); // the closing quote, should there be one
        return value.toString();
    }

    private void skipBlank() {
        int depth = 0;
        for (; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '(') {
                depth++;
            } else if (c == ')' && depth > 0) {
                depth--;
            } else if (c == '\\' && depth > 0 && at + 1 < text.length()) {
                at++;
            } else if (depth == 0 && c != ' ' && c != '\t' && c != '\r' && c != '\n') {
                return;
            }
        }
    }

    private static boolean isToken(char c) {
        return c > ' ' && c < 0x7f && "()<>@,;:\\\"/[]?=".indexOf(c) < 0;
    }
}
