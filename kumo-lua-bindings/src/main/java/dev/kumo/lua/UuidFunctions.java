package dev.kumo.lua;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code kumo.uuid}: names that nobody else has given, RFC 9562. */
final class UuidFunctions {

    private static final Pattern WRITTEN = Pattern.compile(
            "(?:urn:uuid:)?\\{?([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})" + "-?([0-9a-f]{4})-?([0-9a-f]{12})\\}?");

    static final LuaType TYPE = new LuaType(
            "uuid",
            UUID.class,
            true,
            Map.of(
                    "__index",
                    UuidFunctions::field,
                    "__eq",
                    arguments -> arguments.object(1, UUID.class).equals(arguments.object(2, UUID.class)),
                    "__tostring",
                    arguments -> arguments.object(1, UUID.class).toString()));

    private UuidFunctions() {}

    static void addTo(Map<String, LuaFunction> functions, InstantSource clock) {
        RandomGenerator random = new SecureRandom();
        functions.put("kumo.uuid.new_v4", arguments -> of(4, random.nextLong(), random.nextLong()));
        functions.put(
                "kumo.uuid.new_v7",
                arguments -> of(7, clock.millis() << 16 | random.nextLong() & 0xffff, random.nextLong()));
        functions.put("kumo.uuid.parse", UuidFunctions::parse);
    }

    /** With the bits that say the version and the variant, sections 4.1 and 4.2. */
    private static UUID of(int version, long high, long low) {
        return new UUID(
                high & 0xffff_ffff_ffff_0fffL | (long) version << 12,
                low & 0x3fff_ffff_ffff_ffffL | 0x8000_0000_0000_0000L);
    }

    private static Object parse(Arguments arguments) {
        String text = arguments.text(1);
        Matcher parts = WRITTEN.matcher(text.toLowerCase(Locale.ROOT));
        if (!parts.matches()) {
            throw new IllegalArgumentException("kumo.uuid.parse: '" + Shown.of(text) + "' is no UUID");
        }
        return UUID.fromString(
                String.join("-", parts.group(1), parts.group(2), parts.group(3), parts.group(4), parts.group(5)));
    }

    private static Object field(Arguments arguments) {
        UUID uuid = arguments.object(1, UUID.class);
        return switch (arguments.text(2)) {
            case "bytes" ->
                ByteBuffer.allocate(16)
                        .putLong(uuid.getMostSignificantBits())
                        .putLong(uuid.getLeastSignificantBits())
                        .array();
            case "hyphenated" -> uuid.toString();
            case "simple" -> uuid.toString().replace("-", "");
            case "braced" -> "{" + uuid + "}";
            case "urn" -> "urn:uuid:" + uuid;
            default ->
                throw new IllegalArgumentException("a uuid has bytes, hyphenated, simple, braced and urn, not '"
                        + Shown.of(arguments.text(2)) + "'");
        };
    }
}
