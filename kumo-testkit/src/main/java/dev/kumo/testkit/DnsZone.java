package dev.kumo.testkit;

import dev.kumo.core.net.IpLiteral;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The records of a {@link FakeDns}, read from lines like those of a master file (RFC 1035 section 5). */
final class DnsZone {

    static final int CNAME = 5;
    static final int SOA = 6;

    private static final Map<String, Integer> TYPES =
            Map.of("A", 1, "CNAME", CNAME, "SOA", SOA, "MX", 15, "TXT", 16, "AAAA", 28, "TLSA", 52);

    private static final Pattern LINE = Pattern.compile(
            "(?<name>\\S+)\\s+(?:(?<ttl>\\d+)\\s+)?(?:IN\\s+)?(?<type>[A-Za-z]+)\\s+(?<data>.*\\S)\\s*");

    private static final Pattern STRING = Pattern.compile("\\s*(?:\"((?:[^\"\\\\]|\\\\.)*)\"|(\\S+))");
    private static final long DEFAULT_TTL = 300;

    /** A record; names in it are written by the one that knows how to shorten them. */
    record Entry(String name, int type, long ttl, List<Part> data) {}

    /** A piece of the data of a record. */
    sealed interface Part {}

    static final class Octets implements Part {

        private final byte[] octets;

        Octets(byte[] octets) {
            this.octets = octets;
        }

        void writeTo(ByteArrayOutputStream out) {
            out.writeBytes(octets);
        }
    }

    record NamePart(String name) implements Part {}

    private final List<Entry> entries = new ArrayList<>();

    /** Adds what the lines say; a line is empty, a comment after {@code ;}, or a record. */
    void add(String text) {
        List<Entry> added = new ArrayList<>();
        for (String line : text.lines().toList()) {
            if (!line.isBlank() && !line.strip().startsWith(";")) {
                added.add(read(line.strip()));
            }
        }
        entries.addAll(added);
    }

    void remove(String name) {
        entries.removeIf(entry -> entry.name().equals(plain(name)));
    }

    List<Entry> of(String name, int type) {
        return entries.stream()
                .filter(entry -> entry.name().equals(name) && entry.type() == type)
                .toList();
    }

    /** Whether there is anything at the name or below it, RFC 8020. */
    boolean exists(String name) {
        return entries.stream()
                .anyMatch(entry -> entry.name().equals(name) || entry.name().endsWith("." + name));
    }

    /** The number of a type; for one that is not known to zones, as in {@code TYPE99}. */
    static int type(String name) {
        Integer known = TYPES.get(name.toUpperCase(Locale.ROOT));
        if (known == null) {
            throw new IllegalArgumentException("a FakeDns knows records of " + TYPES.keySet() + ", not '" + name + "'");
        }
        return known;
    }

    static String typeName(int type) {
        return TYPES.entrySet().stream()
                .filter(entry -> entry.getValue() == type)
                .map(Map.Entry::getKey)
                .findAny()
                .orElse("TYPE" + type);
    }

    static String plain(String name) {
        String rootless = name.length() > 1 && name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        return rootless.toLowerCase(Locale.ROOT);
    }

    private static Entry read(String line) {
        Matcher parts = LINE.matcher(line);
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "a record is like 'example.com 300 MX 10 mx.example.com', not '" + line + "'");
        }
        try {
            int type = type(parts.group("type"));
            long ttl = parts.group("ttl") == null ? DEFAULT_TTL : Long.parseLong(parts.group("ttl"));
            return new Entry(plain(parts.group("name")), type, ttl, data(type, parts.group("data")));
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("cannot read the record '" + line + "': " + e.getMessage(), e);
        }
    }

    private static List<Part> data(int type, String text) {
        String[] words = text.split("\\s+", -1);
        if (words[0].equals("\\#")) { // RFC 3597 section 5: octets as they are, right or wrong
            return List.of(new Octets(HexFormat.of()
                    .parseHex(text.substring(2).replaceFirst("\\s*\\d+", "").replaceAll("\\s", ""))));
        }
        return switch (typeName(type)) {
            case "A" -> List.of(address(words[0], 4));
            case "AAAA" -> List.of(address(words[0], 16));
            case "CNAME" -> List.of(new NamePart(words[0]));
            case "MX" -> List.of(numbers(2, words[0]), new NamePart(words[1]));
            case "SOA" ->
                List.of(
                        new NamePart(words[0]),
                        new NamePart(words[1]),
                        numbers(4, words[2], words[3], words[4], words[5], words[6]));
            case "TLSA" ->
                List.of(
                        numbers(1, words[0], words[1], words[2]),
                        new Octets(HexFormat.of().parseHex(words[3])));
            default -> List.of(strings(text));
        };
    }

    private static Octets address(String text, int length) {
        InetAddress address = IpLiteral.parse(text);
        if (address.getAddress().length != length) {
            throw new IllegalArgumentException("that address is of the other kind: A has IPv4, AAAA has IPv6");
        }
        return new Octets(address.getAddress());
    }

    private static Octets numbers(int octetsEach, String... numbers) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        for (String number : numbers) {
            long value = Long.parseLong(number);
            if (value < 0 || value >> 8 * octetsEach != 0) {
                throw new IllegalArgumentException(number + " does not fit into " + octetsEach + " octets");
            }
            for (int shift = 8 * octetsEach - 8; shift >= 0; shift -= 8) {
                octets.write((int) (value >> shift));
            }
        }
        return new Octets(octets.toByteArray());
    }

    /** The strings of a TXT record; a long one is cut into several of 255 octets. */
    private static Octets strings(String text) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        Matcher strings = STRING.matcher(text);
        while (strings.lookingAt()) {
            String string = strings.group(1) == null
                    ? strings.group(2)
                    : strings.group(1).replaceAll("\\\\(.)", "$1");
            byte[] all = string.getBytes(StandardCharsets.UTF_8);
            for (int from = 0; from == 0 || from < all.length; from += 255) {
                int length = Math.min(255, all.length - from);
                octets.write(length);
                octets.write(all, from, length);
            }
            strings.region(strings.end(), text.length());
        }
        return new Octets(octets.toByteArray());
    }
}
