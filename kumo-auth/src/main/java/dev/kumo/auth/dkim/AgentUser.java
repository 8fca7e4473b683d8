package dev.kumo.auth.dkim;

import dev.kumo.core.mail.DomainName;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;

/** The agent or user identifier, tag {@code i=}: a domain, perhaps with a local part. */
final class AgentUser {

    private static final int LONGEST_LOCAL_PART = 64; // octets, RFC 5321 section 4.5.3.1.1

    private AgentUser() {}

    /** With its domain in A-labels. */
    static String normalized(String address) {
        int at = address.lastIndexOf('@');
        if (at < 0) {
            throw new IllegalArgumentException(
                    "must be '@' and a domain, perhaps with a local part before it, not " + Printable.quoted(address));
        }
        String local = address.substring(0, at);
        if (local.getBytes(StandardCharsets.UTF_8).length > LONGEST_LOCAL_PART
                || local.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("the local part has at most " + LONGEST_LOCAL_PART
                    + " octets, and none that control something, not " + Printable.quoted(local));
        }
        return local + "@" + DomainName.normalize(address.substring(at + 1));
    }

    static void requireWithin(String domain, Optional<String> user) {
        String own = user.map(address -> address.substring(address.lastIndexOf('@') + 1))
                .orElse(domain);
        if (!own.equals(domain) && !own.endsWith("." + domain)) {
            throw new IllegalArgumentException("agent_user_identifier is of '" + own + "', which is not '" + domain
                    + "' nor below it (RFC 6376 section 3.5)");
        }
    }

    /** As it stands in a signature: dkim-quoted-printable, RFC 6376 section 2.11. */
    static String quoted(String address) {
        StringBuilder quoted = new StringBuilder();
        for (byte octet : address.getBytes(StandardCharsets.UTF_8)) {
            if (octet > ' ' && octet < 0x7f && octet != ';' && octet != '=') {
                quoted.append((char) octet);
            } else {
                quoted.append('=').append(HexFormat.of().withUpperCase().toHexDigits(octet));
            }
        }
        return quoted.toString();
    }
}
