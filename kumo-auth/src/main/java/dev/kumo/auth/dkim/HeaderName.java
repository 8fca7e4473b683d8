package dev.kumo.auth.dkim;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Names of header fields, RFC 5322 section 2.2. */
final class HeaderName {

    private static final int LONGEST = 70; // so that each fits into a line of the signature
    private static final int MOST = 100;

    private HeaderName() {}

    private static boolean isOne(String text) {
        return !text.isEmpty() && text.chars().allMatch(HeaderName::isPartOfOne);
    }

    static boolean isPartOfOne(int c) {
        return c > ' ' && c < 0x7f && c != ':';
    }

    /** The form in which names are compared. */
    static String folded(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    /**
     * The names of fields that are to be signed, as often as they are given, each in its first spelling.
     *
     * @throws IllegalArgumentException if one cannot be signed, or {@code From} is not among them
     */
    static List<String> signed(Collection<String> given) {
        Map<String, String> seen = new HashMap<>();
        List<String> names = new ArrayList<>();
        for (String name : given) {
            if (!isOne(name) || name.indexOf(';') >= 0 || name.length() > LONGEST) {
                throw new IllegalArgumentException(
                        "a name of a header field is printable ASCII without ':' and ';', at most " + LONGEST
                                + " characters, not " + Printable.quoted(name));
            }
            if (name.equalsIgnoreCase(SignatureField.NAME)) {
                throw new IllegalArgumentException(
                        "'" + name
                                + "' cannot be signed: the signature always covers itself (RFC 6376 section 3.5); leave it out");
            }
            if (name.equalsIgnoreCase("Return-Path")) {
                throw new IllegalArgumentException(
                        "'" + name + "' cannot be signed: the last server writes it anew; leave it out");
            }
            names.add(seen.computeIfAbsent(folded(name), first -> name));
        }
        if (!seen.containsKey("from")) {
            throw new IllegalArgumentException("'From' has to be signed (RFC 6376 section 5.4); add it to headers");
        }
        if (names.size() > MOST) {
            throw new IllegalArgumentException("at most " + MOST + " names can be signed, not " + names.size());
        }
        return List.copyOf(names);
    }
}
