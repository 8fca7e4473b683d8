package dev.kumo.smtp.client;

import dev.kumo.core.mail.DomainName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a domain demands of those who send it mail, RFC 8461 section 3.2.
 *
 * @param mode how much it means it
 * @param mx names of the hosts that take its mail, in the form of {@link DomainName}; one that begins with {@code *.}
 *     stands for all with one label in that place. Empty only if the mode is {@link Mode#NONE}
 * @param maxAge how long it may be kept, 0 to 31,557,600 s (about a year)
 */
public record MtaStsPolicy(Mode mode, List<String> mx, Duration maxAge) {

    private static final Duration LONGEST_AGE = Duration.ofHours(8_766); // 31,557,600 s

    /** The policy of a domain that has none. */
    public static final MtaStsPolicy NONE = new MtaStsPolicy(Mode.NONE, List.of(), Duration.ZERO);

    private static final int MOST_HOSTS = 100;
    private static final Pattern FIELD = Pattern.compile("([A-Za-z0-9][A-Za-z0-9_.-]{0,31}):[ \\t]*(.*)");
    private static final Pattern AGE = Pattern.compile("[0-9]{1,10}");

    /** How much a domain means its policy, RFC 8461 section 5. */
    public enum Mode {

        /** No mail to other hosts, and none without TLS and a certificate that is good for the host. */
        ENFORCE,

        /** Mail goes where it would go without a policy; what would fail is to be reported. */
        TESTING,

        /** As if there were no policy. */
        NONE
    }

    /**
     * Checks and copies.
     *
     * @param mode how much it means it
     * @param mx names of hosts, not empty unless the mode is {@link Mode#NONE}
     * @param maxAge 0 to 31,557,600 s
     * @throws IllegalArgumentException if there is no host, or the age is out of range
     */
    public MtaStsPolicy {
        mx = List.copyOf(mx);
        if (mx.isEmpty() && mode != Mode.NONE) {
            throw new IllegalArgumentException("an MTA-STS policy names at least one mx, unless its mode is none");
        }
        if (mx.size() > MOST_HOSTS) {
            throw new IllegalArgumentException("an MTA-STS policy of more than " + MOST_HOSTS + " mx is not taken");
        }
        if (maxAge.isNegative() || maxAge.compareTo(LONGEST_AGE) > 0) {
            throw new IllegalArgumentException(
                    "max_age of an MTA-STS policy is 0 to " + LONGEST_AGE.toSeconds() + " seconds");
        }
    }

    /**
     * Reads a policy. Fields that are not known are passed over, and of a field that is there twice the first counts,
     * but for {@code mx}.
     *
     * @param text lines {@code name: value}, ended by LF or CRLF
     * @return the policy
     * @throws IllegalArgumentException if a line is no field, {@code version}, {@code mode}, {@code max_age} or
     *     {@code mx} is missing or has a value it cannot have; the message says which, and quotes nothing
     */
    public static MtaStsPolicy parse(String text) {
        Map<String, String> first = new HashMap<>();
        List<String> mx = new ArrayList<>();
        int number = 0;
        for (String line : text.split("\r?\n", -1)) {
            number++;
            var field = FIELD.matcher(line.stripTrailing());
            if (field.matches()) {
                String value = field.group(2);
                if (field.group(1).equals("mx")) {
                    mx.add(pattern(value));
                } else {
                    first.putIfAbsent(field.group(1), value);
                }
            } else if (!line.isBlank()) {
                throw new IllegalArgumentException("line " + number + " of the MTA-STS policy is no field");
            }
        }
        if (!"STSv1".equals(first.get("version"))) {
            throw new IllegalArgumentException("version of an MTA-STS policy is STSv1");
        }
        return new MtaStsPolicy(mode(first.getOrDefault("mode", "")), mx, age(first.getOrDefault("max_age", "")));
    }

    private static Mode mode(String value) {
        return switch (value) {
            case "enforce" -> Mode.ENFORCE;
            case "testing" -> Mode.TESTING;
            case "none" -> Mode.NONE;
            default -> throw new IllegalArgumentException("mode of an MTA-STS policy is enforce, testing or none");
        };
    }

    private static Duration age(String value) {
        if (!AGE.matcher(value).matches()) {
            throw new IllegalArgumentException("max_age of an MTA-STS policy is a number of seconds");
        }
        return Duration.ofSeconds(Long.parseLong(value));
    }

    private static String pattern(String value) {
        boolean wildcard = value.startsWith("*.");
        try {
            String name = DomainName.normalize(wildcard ? value.substring(2) : value);
            return wildcard ? "*." + name : name;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("mx of an MTA-STS policy is a host name, or one after '*.'");
        }
    }

    /**
     * Whether the policy names a host, RFC 8461 section 4.1. The mode does not matter.
     *
     * @param mxHost a host name in the form of {@link DomainName}
     * @return true if one of {@link #mx} is the name, or is it but for its first label
     */
    public boolean matches(String mxHost) {
        int dot = mxHost.indexOf('.');
        return mx.contains(mxHost) || dot > 0 && mx.contains("*" + mxHost.substring(dot));
    }
}
