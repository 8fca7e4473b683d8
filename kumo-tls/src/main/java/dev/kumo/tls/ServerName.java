package dev.kumo.tls;

import java.net.IDN;
import java.util.List;
import java.util.Locale;

/** Names of servers as keys: lower case, ASCII, and without a dot at the end. */
final class ServerName {

    private ServerName() {}

    /** A name that a client asks for; what cannot be one is left as it is, since it will match nothing. */
    static String normalize(String name) {
        String bare = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        return bare.toLowerCase(Locale.ROOT);
    }

    /**
     * Whether a certificate is for a name that is served: for each host that a wildcard stands for only if it has the same one.
     *
     * @param name as {@link #served} gives it
     * @param certified the names in the certificate
     */
    static boolean isCovered(String name, List<String> certified) {
        int dot = name.indexOf('.');
        String wildcard = dot > 0 ? "*" + name.substring(dot) : name;
        return certified.stream()
                .map(ServerName::normalize)
                .anyMatch(each -> each.equals(name) || each.equals(wildcard));
    }

    /**
     * A name to be served.
     *
     * @throws IllegalArgumentException if it is neither a host name nor {@code *.} and one
     */
    static String served(String name) {
        String host = name.startsWith("*.") ? name.substring(2) : name;
        try {
            String ascii = normalize(IDN.toASCII(host, IDN.USE_STD3_ASCII_RULES));
            if (!ascii.isEmpty()) {
                return name.startsWith("*.") ? "*." + ascii : ascii;
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        throw new IllegalArgumentException(
                "must be a host name such as 'mx.example.com', or '*.example.com' for all hosts in a domain, not '"
                        + name + "'");
    }
}
