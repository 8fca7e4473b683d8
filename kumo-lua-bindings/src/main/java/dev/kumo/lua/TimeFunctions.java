package dev.kumo.lua;

import dev.kumo.core.net.DurationText;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;

/** {@code kumo.time}: instants with the fields of their date in UTC. */
final class TimeFunctions {

    private static final String FIELDS =
            "year, month, day, hour, minute, second, unix_timestamp, unix_timestamp_millis, rfc2822, rfc3339, elapsed";

    static final List<LuaType> TYPES = List.of(new LuaType(
            "time",
            Instant.class,
            true,
            Map.of(
                    "__index",
                    TimeFunctions::field,
                    "__tostring",
                    arguments -> arguments.object(1, Instant.class).toString())));

    private TimeFunctions() {}

    static void addTo(Map<String, LuaFunction> functions) {
        functions.put("kumo.time.now", arguments -> Instant.now());
        functions.put("kumo.time.from_unix_timestamp", arguments -> Instant.ofEpochSecond(arguments.whole(1)));
        functions.put("kumo.time.parse_rfc3339", arguments -> parse(arguments, DateTimeFormatter.ISO_OFFSET_DATE_TIME));
        functions.put("kumo.time.parse_rfc2822", arguments -> parse(arguments, DateTimeFormatter.RFC_1123_DATE_TIME));
        functions.put(
                "kumo.time.parse_duration",
                arguments -> DurationText.parse(arguments.text(1)).toNanos() / 1e9);
    }

    private static Instant parse(Arguments arguments, DateTimeFormatter format) {
        try {
            return OffsetDateTime.parse(arguments.text(1), format).toInstant();
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("no date: '" + Shown.of(arguments.text(1)) + "'", e);
        }
    }

    private static Object field(Arguments arguments) {
        Instant time = arguments.object(1, Instant.class);
        OffsetDateTime date = time.atOffset(ZoneOffset.UTC);
        return switch (arguments.text(2)) {
            case "year" -> date.getYear();
            case "month" -> date.getMonthValue();
            case "day" -> date.getDayOfMonth();
            case "hour" -> date.getHour();
            case "minute" -> date.getMinute();
            case "second" -> date.getSecond();
            case "unix_timestamp" -> time.getEpochSecond();
            case "unix_timestamp_millis" -> time.toEpochMilli();
            case "rfc2822" -> DateTimeFormatter.RFC_1123_DATE_TIME.format(date).replace("GMT", "+0000");
            case "rfc3339" -> DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(date);
            case "elapsed" -> (System.currentTimeMillis() - time.toEpochMilli()) / 1e3;
            default ->
                throw new IllegalArgumentException(
                        "a time has " + FIELDS + ", not '" + Shown.of(arguments.text(2)) + "'");
        };
    }
}
