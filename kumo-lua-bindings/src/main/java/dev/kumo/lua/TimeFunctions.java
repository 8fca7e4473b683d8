package dev.kumo.lua;

import dev.kumo.core.net.DurationText;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** {@code kumo.time}: instants with the fields of their date in UTC, and what lies between two of them. */
final class TimeFunctions {

    private static final String FIELDS =
            "year, month, day, hour, minute, second, unix_timestamp, unix_timestamp_millis, rfc2822, rfc3339, elapsed";
    private static final String DELTA_FIELDS = "seconds, milliseconds, microseconds, nanoseconds, human";

    private static final DateTimeFormatter SHOWN =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'UTC'", Locale.ROOT);

    private final InstantSource clock;

    private TimeFunctions(InstantSource clock) {
        this.clock = clock;
    }

    static void addTo(Map<String, LuaFunction> functions, InstantSource clock) {
        functions.put("kumo.time.now", arguments -> clock.instant());
        functions.put("kumo.time.from_unix_timestamp", arguments -> Instant.ofEpochSecond(arguments.whole(1)));
        functions.put("kumo.time.with_ymd_hms", TimeFunctions::ofDate);
        functions.put("kumo.time.parse_rfc3339", arguments -> parse(arguments, DateTimeFormatter.ISO_OFFSET_DATE_TIME));
        functions.put("kumo.time.parse_rfc2822", arguments -> parse(arguments, DateTimeFormatter.RFC_1123_DATE_TIME));
        functions.put("kumo.time.parse_duration", TimeFunctions::delta);
        functions.put("kumo.time.epoch_millis", arguments -> clock.millis());
        functions.put("kumo.time.since_millis", arguments -> clock.millis() - arguments.whole(1));
    }

    static List<LuaType> types(InstantSource clock) {
        TimeFunctions time = new TimeFunctions(clock);
        return List.of(
                new LuaType(
                        "time",
                        Instant.class,
                        true,
                        Map.of(
                                "__index", time::field,
                                "__add", arguments -> instant(arguments, 1).plus(duration(arguments, 2)),
                                "__sub", TimeFunctions::minus,
                                "__eq", TimeFunctions::same,
                                "__tostring",
                                        arguments -> SHOWN.format(
                                                instant(arguments, 1).atOffset(ZoneOffset.UTC)))),
                new LuaType(
                        "time_delta",
                        Duration.class,
                        true,
                        Map.of(
                                "__index", TimeFunctions::deltaField,
                                "__add", arguments -> duration(arguments, 1).plus(duration(arguments, 2)),
                                "__sub", arguments -> duration(arguments, 1).minus(duration(arguments, 2)),
                                "__eq", TimeFunctions::same,
                                "__tostring", arguments -> human(duration(arguments, 1)))));
    }

    private static Instant instant(Arguments arguments, int at) {
        return arguments.object(at, Instant.class);
    }

    private static Duration duration(Arguments arguments, int at) {
        return arguments.object(at, Duration.class);
    }

    private static Object minus(Arguments arguments) {
        Instant time = instant(arguments, 1);
        return arguments.is(2, Instant.class)
                ? Duration.between(instant(arguments, 2), time)
                : time.minus(duration(arguments, 2));
    }

    private static Object same(Arguments arguments) {
        return arguments.object(1, Object.class).equals(arguments.object(2, Object.class));
    }

    private static Object ofDate(Arguments arguments) {
        try {
            return OffsetDateTime.of(
                            arguments.between(1, -9999, 9999),
                            arguments.between(2, 1, 12),
                            arguments.between(3, 1, 31),
                            arguments.between(4, 0, 23),
                            arguments.between(5, 0, 59),
                            arguments.between(6, 0, 59),
                            0,
                            ZoneOffset.UTC)
                    .toInstant();
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("kumo.time.with_ymd_hms: " + e.getMessage(), e);
        }
    }

    private static Instant parse(Arguments arguments, DateTimeFormatter format) {
        try {
            return OffsetDateTime.parse(arguments.text(1), format).toInstant();
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("no date: '" + Shown.of(arguments.text(1)) + "'", e);
        }
    }

    private static Object delta(Arguments arguments) {
        if (arguments.value(1) instanceof Number seconds) {
            return Duration.ofNanos(Math.round(seconds.doubleValue() * 1e9));
        }
        return DurationText.parse(arguments.text(1));
    }

    private static String human(Duration delta) {
        return delta.isNegative() ? "-" + DurationText.format(delta.negated()) : DurationText.format(delta);
    }

    private Object field(Arguments arguments) {
        Instant time = instant(arguments, 1);
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
            case "elapsed" -> Duration.between(time, clock.instant());
            default -> throw unknown("time", FIELDS, arguments);
        };
    }

    private static Object deltaField(Arguments arguments) {
        Duration delta = duration(arguments, 1);
        return switch (arguments.text(2)) {
            case "seconds" -> delta.toNanos() / 1e9;
            case "milliseconds" -> delta.toMillis();
            case "microseconds" -> delta.toNanos() / 1000;
            case "nanoseconds" -> delta.toNanos();
            case "human" -> human(delta);
            default -> throw unknown("time_delta", DELTA_FIELDS, arguments);
        };
    }

    private static IllegalArgumentException unknown(String what, String fields, Arguments arguments) {
        return new IllegalArgumentException(
                "a " + what + " has " + fields + ", not '" + Shown.of(arguments.text(2)) + "'");
    }
}
