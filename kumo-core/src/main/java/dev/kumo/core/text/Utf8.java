package dev.kumo.core.text;

/** Lengths in UTF-8, which is what the limits of mail count. */
public final class Utf8 {

    private Utf8() {}

    /**
     * How many octets a text makes.
     *
     * @param text any text
     * @return its length in UTF-8; equal to {@link String#length()} if and only if the text is ASCII
     */
    public static int length(String text) {
        int octets = 0;
        for (int i = 0; i < text.length(); i++) {
            octets += length(text.charAt(i));
        }
        return octets;
    }

    /**
     * How many octets a char makes.
     *
     * @param c a char
     * @return 1 to 3; two for half a surrogate pair, so that a pair makes four
     */
    public static int length(char c) {
        return c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }
}
