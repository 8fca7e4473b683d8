package dev.kumo.lua;

import dev.kumo.core.net.IpLiteral;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The tables by which scripts are told who somebody is, and say it. Their groups are for access control lists, which there are none of
 * here.
 */
final class AuthInfo {

    private AuthInfo() {}

    static Map<String, Object> of(InetAddress client, Optional<String> identity, List<String> groups) {
        return Map.of(
                "peer_address",
                IpLiteral.format(client),
                "identities",
                identity.map(name -> List.of(Map.of("identity", name, "context", "GenericAuth")))
                        .orElse(List.of()),
                "groups",
                groups);
    }

    /** The names in what a handler returned; at least one. */
    static List<String> identities(String event, Object result) {
        List<String> names = new ArrayList<>();
        if (result instanceof Map<?, ?> info && info.get("identities") instanceof List<?> identities) {
            for (Object identity : identities) {
                if (identity instanceof Map<?, ?> named && named.get("identity") instanceof String name) {
                    names.add(name);
                }
            }
        }
        if (names.isEmpty()) {
            throw new IllegalArgumentException("a handler of " + event + " must return true or false, or"
                    + " { identities = { { identity = 'name', context = '…' } } }");
        }
        return names;
    }

    /** Who a client is, is known here by what it has shown. */
    static void requireOnly(String event, List<String> identities, String... shown) {
        for (String name : identities) {
            if (!List.of(shown).contains(name)) {
                throw new IllegalArgumentException("a handler of " + event + " gave the identity '" + Shown.of(name)
                        + "', which is not what the client has shown");
            }
        }
    }
}
