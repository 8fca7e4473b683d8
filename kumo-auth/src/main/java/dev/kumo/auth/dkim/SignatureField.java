package dev.kumo.auth.dkim;

import java.util.Iterator;

/** The value of a signature's header field, RFC 6376 section 3.5, folded to lines of less than 78 columns. */
final class SignatureField {

    static final String NAME = "DKIM-Signature";

    private static final int WIDTH = 77;

    private final StringBuilder value = new StringBuilder(600);
    private int column = NAME.length() + 2;

    /** Adds a tag. Only a value that has no place to be folded at may make a line longer. */
    SignatureField tag(String name, String text) {
        if (!value.isEmpty()) {
            value.append(';');
            column++;
        }
        String tag = name + "=" + text;
        if (column + 1 + tag.length() + 1 > WIDTH) {
            fold();
        } else if (!value.isEmpty()) {
            put(" ");
        }
        put(tag);
        return this;
    }

    /** Adds a tag that is a list with colons in it, where it may be folded. */
    SignatureField list(String name, Iterable<String> items) {
        Iterator<String> rest = items.iterator();
        tag(name, colon(rest));
        while (rest.hasNext()) {
            String item = colon(rest);
            if (column + item.length() + 1 > WIDTH) {
                fold();
            }
            put(item);
        }
        return this;
    }

    private static String colon(Iterator<String> items) {
        String item = items.next();
        return items.hasNext() ? item + ":" : item;
    }

    /** Begins the last tag, that of the signature, on a line of its own; what {@link #field} is then, is signed. */
    SignatureField last(String name) {
        value.append(';');
        fold();
        put(name + "=");
        return this;
    }

    /** Adds the value of the last tag, which may be folded anywhere. */
    SignatureField end(String base64) {
        for (int at = 0; at < base64.length(); ) {
            if (column == WIDTH) {
                fold();
            }
            int end = Math.min(base64.length(), at + WIDTH - column);
            put(base64.substring(at, end));
            at = end;
        }
        return this;
    }

    private void fold() {
        value.append("\r\n ");
        column = 1;
    }

    private void put(String text) {
        value.append(text);
        column += text.length();
    }

    /** The whole field, as it is signed: without the end of its line. */
    String field() {
        return NAME + ": " + value;
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
