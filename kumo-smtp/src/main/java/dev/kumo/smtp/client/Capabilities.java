package dev.kumo.smtp.client;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;

/** What the far side offers, RFC 5321 section 4.1.1.1: keywords, each with its parameters. */
final class Capabilities {

    /** Of a server that knows no EHLO. */
    static final Capabilities NONE = new Capabilities(Map.of());

    private final Map<String, List<String>> offered;

    private Capabilities(Map<String, List<String>> offered) {
        this.offered = offered;
    }

    /** Those of a reply to EHLO or LHLO, whose first line is a greeting. */
    static Capabilities of(ServerReply reply) {
        Map<String, List<String>> offered = new HashMap<>();
        for (String line : reply.lines().subList(1, reply.lines().size())) {
            String[] words = line.strip().split("[ \t]+");
            if (!words[0].isEmpty()) {
                offered.putIfAbsent(
                        words[0].toUpperCase(Locale.ROOT), Arrays.asList(words).subList(1, words.length));
            }
        }
        return new Capabilities(offered);
    }

    boolean has(String keyword) {
        return offered.containsKey(keyword);
    }

    /** Whether a mechanism of AUTH is offered, RFC 4954 section 3. */
    boolean hasAuth(String mechanism) {
        return offered.getOrDefault("AUTH", List.of()).stream().anyMatch(mechanism::equalsIgnoreCase);
    }

    /** The largest message, RFC 1870 section 3; {@link Long#MAX_VALUE} where it is not said. */
    long largestMessage() {
        List<String> size = offered.getOrDefault("SIZE", List.of());
        if (size.isEmpty() || !size.get(0).matches("[0-9]{1,18}")) {
            return Long.MAX_VALUE;
        }
        long limit = Long.parseLong(size.get(0));
        return limit == 0 ? Long.MAX_VALUE : limit;
    }

    /**
     * A limit of RFC 9422 section 5.
     *
     * @param name {@code MAILMAX} or {@code RCPTMAX}
     */
    OptionalInt limit(String name) {
        return offered.getOrDefault("LIMITS", List.of()).stream()
                .map(limit -> limit.toUpperCase(Locale.ROOT))
                .filter(limit -> limit.matches(name + "=[1-9][0-9]{0,5}"))
                .mapToInt(limit -> Integer.parseInt(limit.substring(name.length() + 1)))
                .findFirst();
    }
}
