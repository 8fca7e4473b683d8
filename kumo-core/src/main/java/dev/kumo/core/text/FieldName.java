package dev.kumo.core.text;

/** Names of header fields, RFC 5322 section 2.2. */
public final class FieldName {

    private FieldName() {}

    /**
     * Whether a text can be the name of a header field.
     *
     * @param text any text
     * @return true if it is printable ASCII without white space and colon, and not empty
     */
    public static boolean isOne(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c >= 0x7f || c == ':') {
                return false;
            }
        }
        return !text.isEmpty();
    }
}
