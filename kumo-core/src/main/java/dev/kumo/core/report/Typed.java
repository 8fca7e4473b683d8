package dev.kumo.core.report;

import dev.kumo.core.mail.EnvelopeAddress;

/**
 * A value with a type in front, RFC 3464 section 2.1.2: {@code type; text}. Many reports leave out the type.
 *
 * @param type as written
 * @param text the rest
 */
record Typed(String type, String text) {

    private static final int LONGEST_TYPE = 64;
    private static final int LONGEST_ADDRESS = 1000;

    static Typed read(String value, String usualType) {
        int semicolon = value.indexOf(';');
        String type = semicolon < 0 ? "" : value.substring(0, semicolon).strip();
        return isType(type) ? new Typed(type, value.substring(semicolon + 1).strip()) : new Typed(usualType, value);
    }

    static boolean isType(String text) {
        return !text.isEmpty()
                && text.length() <= LONGEST_TYPE
                && text.chars()
                        .allMatch(c -> c >= 'a' && c <= 'z'
                                || c >= 'A' && c <= 'Z'
                                || c >= '0' && c <= '9'
                                || c == '-'
                                || c == '_'
                                || c == '.');
    }

    /**
     * A mailbox without brackets and comments, in its usual form; what is none stays as it is, for some systems hide
     * addresses and others have local ones.
     */
    static String address(String text) {
        int open = text.indexOf('<');
        int close = text.lastIndexOf('>');
        String mailbox =
                open >= 0 && close > open ? text.substring(open + 1, close).strip() : text;
        if (mailbox.isEmpty() || mailbox.length() > LONGEST_ADDRESS) {
            return mailbox;
        }
        int comment = mailbox.indexOf(" (");
        try {
            return EnvelopeAddress.parse(
                            comment > 0 ? mailbox.substring(0, comment).strip() : mailbox)
                    .toString();
        } catch (IllegalArgumentException none) {
            return mailbox;
        }
    }
}
