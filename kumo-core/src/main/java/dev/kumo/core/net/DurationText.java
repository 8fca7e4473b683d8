package dev.kumo.core.net;

import dev.kumo.core.text.Quoted;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as text, such as {@code 1 minute}, {@code 1m30s} or {@code 1.5 h}: the value of {@code client_timeout} and
 * its like.
 *
 * <p>A duration is a sum of items, each a decimal number and a unit, with white space wherever it pleases between them.
 * The units are, case being significant:
 *
 * <ul>
 *   <li>{@code ns}, {@code nsec}, {@code nanos}; {@code us}, {@code usec}, {@code µs}; {@code ms}, {@code msec},
 *       {@code millis}
 *   <li>{@code s}, {@code sec}, {@code secs}, {@code second}, {@code seconds}; {@code m}, {@code min}, {@code mins},
 *       {@code minute}, {@code minutes}
 *   <li>{@code h}, {@code hr}, {@code hrs}, {@code hour}, {@code hours}; {@code d}, {@code day}, {@code days};
 *       {@code w}, {@code wk}, {@code wks}, {@code week}, {@code weeks}
 *   <li>{@code M}, {@code month}, {@code months}: 30.44 days; {@code y}, {@code yr}, {@code yrs}, {@code year},
 *       {@code years}: 365.25 days
 * </ul>
 *
 * <p>A lone {@code 0} needs no unit; every other number does.
 */
public final class DurationText {

    private static final Pattern ITEM = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)\\s*+([a-zA-Zµ]++)\\s*+");
    private static final Pattern NUMBER = Pattern.compile("[0-9]+(?:\\.[0-9]+)?(?=\\s|$)");
    private static final int LONGEST_NUMBER = 40;
    private static final BigInteger NANOS_PER_SECOND = BigInteger.valueOf(1_000_000_000);
    private static final BigInteger MOST_SECONDS = BigInteger.valueOf(Long.MAX_VALUE);

    private static final Map<String, BigDecimal> NANOS = units();

    private DurationText() {}

    private static Map<String, BigDecimal> units() {
        Map<String, BigDecimal> nanos = new HashMap<>();
        unit(nanos, 1L, "ns", "nsec", "nanos");
        unit(nanos, 1_000L, "us", "usec", "µs");
        unit(nanos, 1_000_000L, "ms", "msec", "millis");
        unit(nanos, 1_000_000_000L, "s", "sec", "secs", "second", "seconds");
        unit(nanos, 60_000_000_000L, "m", "min", "mins", "minute", "minutes");
        unit(nanos, 3_600_000_000_000L, "h", "hr", "hrs", "hour", "hours");
        unit(nanos, 86_400_000_000_000L, "d", "day", "days");
        unit(nanos, 604_800_000_000_000L, "w", "wk", "wks", "week", "weeks");
        unit(nanos, 2_630_016_000_000_000L, "M", "month", "months");
        unit(nanos, 31_557_600_000_000_000L, "y", "yr", "yrs", "year", "years");
        return Map.copyOf(nanos);
    }

    private static void unit(Map<String, BigDecimal> nanos, long length, String... names) {
        for (String name : names) {
            nanos.put(name, BigDecimal.valueOf(length));
        }
    }

    /**
     * Reads a duration.
     *
     * @param text the text
     * @return the duration, zero or longer, exact
     * @throws IllegalArgumentException if the text has another form, is finer than a nanosecond, or is longer than a
     *     {@link Duration} can be; the message says the mend
     */
    public static Duration parse(String text) {
        String items = text.strip();
        if (items.isEmpty()) {
            throw refused(text, "it is empty: write a number and a unit, such as '1 minute'");
        }
        if (items.equals("0")) {
            return Duration.ZERO;
        }
        BigDecimal nanos = BigDecimal.ZERO;
        Matcher item = ITEM.matcher(items);
        for (int at = 0; at < items.length(); at = item.end()) {
            if (!item.region(at, items.length()).lookingAt()) {
                throw refused(text, whatIsWrong(items.substring(at)));
            }
            if (item.group(1).length() > LONGEST_NUMBER) {
                throw refused(text, "a number in it has too many digits");
            }
            nanos = nanos.add(new BigDecimal(item.group(1)).multiply(nanosIn(item.group(2), text)));
        }
        if (nanos.stripTrailingZeros().scale() > 0) {
            throw refused(text, "it is finer than a nanosecond");
        }
        BigInteger[] parts = nanos.toBigInteger().divideAndRemainder(NANOS_PER_SECOND);
        if (parts[0].compareTo(MOST_SECONDS) > 0) {
            throw refused(text, "it is longer than " + Long.MAX_VALUE + " seconds");
        }
        return Duration.ofSeconds(parts[0].longValue(), parts[1].longValue());
    }

    /**
     * Writes a duration in its compact form, with the units d, h, m, s, ms, us and ns, such as {@code 1m} or
     * {@code 1h 30m}; zero is {@code 0s}.
     *
     * @param duration the duration
     * @return the text, which {@link #parse} reads to an equal duration
     * @throws IllegalArgumentException if the duration is negative
     */
    public static String format(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException(duration + " is negative, which no text of a duration can be");
        }
        if (duration.isZero()) {
            return "0s";
        }
        StringBuilder text = new StringBuilder();
        append(text, duration.toDaysPart(), "d");
        append(text, duration.toHoursPart(), "h");
        append(text, duration.toMinutesPart(), "m");
        append(text, duration.toSecondsPart(), "s");
        append(text, duration.toMillisPart(), "ms");
        append(text, duration.toNanosPart() / 1_000 % 1_000, "us");
        append(text, duration.toNanosPart() % 1_000, "ns");
        return text.toString();
    }

    private static void append(StringBuilder text, long number, String unit) {
        if (number > 0) {
            text.append(text.isEmpty() ? "" : " ").append(number).append(unit);
        }
    }

    private static BigDecimal nanosIn(String unit, String text) {
        BigDecimal nanos = NANOS.get(unit);
        if (nanos == null) {
            String lower = unit.toLowerCase(Locale.ROOT);
            throw refused(
                    text,
                    Quoted.of(unit) + " is not a unit "
                            + (NANOS.containsKey(lower)
                                    ? "(did you mean '" + lower + "'?)"
                                    : "(the units are ns, us, ms, s, m, h, d, w, M for month, y)"));
        }
        return nanos;
    }

    private static String whatIsWrong(String rest) {
        if (rest.startsWith("-")) {
            return "it must not be negative";
        }
        Matcher number = NUMBER.matcher(rest);
        return number.lookingAt()
                ? number.group() + " has no unit: write '" + number.group() + " s'"
                : "write numbers with units, such as '1 minute' or '1h 30m'";
    }

    private static IllegalArgumentException refused(String text, String why) {
        return new IllegalArgumentException(Quoted.of(text) + " is not a duration: " + why);
    }
}
