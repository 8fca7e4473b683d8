package dev.kumo.auth.dkim;

import dev.kumo.core.mail.DomainName;
import java.util.HashSet;
import java.util.Set;

/** Whose mail it is: the mailboxes of {@code From}, RFC 5322 section 3.6.2. */
final class Author {

    private static final int MOST = 100;

    private Author() {}

    /** The domains of all authors in A-labels; what is no domain name is left out. */
    static Set<String> domains(String value) {
        Set<String> domains = new HashSet<>();
        for (String mailbox : plain(value).split(",", MOST)) {
            addDomain(mailbox, domains);
        }
        return domains;
    }

    private static void addDomain(String mailbox, Set<String> domains) {
        int open = mailbox.lastIndexOf('<');
        int close = mailbox.indexOf('>', open + 1);
        String address = open >= 0 && close > open ? mailbox.substring(open + 1, close) : mailbox;
        int at = address.lastIndexOf('@');
        if (at >= 0) {
            try {
                // The end of a group is written where a mailbox ends, section 3.4.
                domains.add(DomainName.normalize(
                        address.substring(at + 1).replaceFirst(";\\s*$", "").strip()));
            } catch (IllegalArgumentException noDomain) {
                // one that nobody signs for
            }
        }
    }

    /**
     * A value without its comments and quoted strings, section 3.2: whatever they hold, it is no part of a domain. Where one never ends, as in
     * {@code O"Brien <a@example.com>}, the mark was meant as a letter, and the value is taken as it is.
     */
    private static String plain(String value) {
        StringBuilder plain = new StringBuilder(value.length());
        int comments = 0;
        boolean quoted = false;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\\' && (quoted || comments > 0)) {
                i++;
            } else if (c == '"' && comments == 0) {
                quoted = !quoted;
            } else if (!quoted && c == '(') {
                comments++;
            } else if (!quoted && c == ')' && comments > 0) {
                comments--;
            } else if (!quoted && comments == 0) {
                plain.append(c);
            }
        }
        return quoted || comments > 0 ? value : plain.toString();
    }
}
