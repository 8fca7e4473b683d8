package dev.kumo.http.answer;

/** Tokens of HTTP, RFC 9110 section 5.6.2. */
public final class Tokens {

    private static final String MARKS = "!#$%&'*+-.^_`|~";

    private Tokens() {}

    public static boolean isToken(String text) {
        return !text.isEmpty() && text.chars().allMatch(Tokens::isTokenChar);
    }

    private static boolean isTokenChar(int c) {
        return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || MARKS.indexOf(c) >= 0;
    }
}
