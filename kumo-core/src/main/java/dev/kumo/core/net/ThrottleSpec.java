package dev.kumo.core.net;

import dev.kumo.core.text.Quoted;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A rate as text, such as {@code 100/min}, {@code 1,000/hr,max_burst=10} or {@code 20/30min}: the value of
 * {@code max_message_rate} and its like.
 *
 * <p>The form is {@code [local:]N/[k]PERIOD[,max_burst=M]}. N and M may have {@code ,} or {@code _} between their
 * digits; k is a whole number of periods, 1 if it is left out. The periods are {@code s}, {@code sec}, {@code second};
 * {@code m}, {@code min}, {@code minute}; {@code h}, {@code hr}, {@code hour}; {@code d}, {@code day}. Unlike in a
 * {@link DurationText}, no white space is taken, and there is no plural.
 *
 * <p>Permits come evenly, one each N-th of the period, and up to M unused ones are kept. So in the first period up to
 * {@code M + N} are had, and {@code N} in each period in the long run; {@code max_burst=1} has none come before its
 * time.
 *
 * @param limit N, how many in a period; 1 to 1,000,000,000
 * @param period k times the period; whole seconds, 1 second to 366 days
 * @param maxBurst M, how many at once; 1 to 1,000,000,000, N where nothing is said; to come by as many may take no
 *     longer than 36,600 days
 * @param local {@code local:}, whether the rate is held in this process even where others could share it
 */
public record ThrottleSpec(long limit, Duration period, long maxBurst, boolean local) {

    private static final long MOST = 1_000_000_000;
    private static final Duration LONGEST = Duration.ofDays(366);
    private static final Duration LONGEST_BURST = Duration.ofDays(36_600);

    private static final Pattern FORM = Pattern.compile(
            "(local:)?+([0-9][0-9,_]*+)/([0-9]*+)([A-Za-z]++)(?:,max_burst=([0-9][0-9,_]*+))?+", Pattern.DOTALL);

    private static final Map<String, Long> SECONDS = Map.ofEntries(
            Map.entry("s", 1L),
            Map.entry("sec", 1L),
            Map.entry("second", 1L),
            Map.entry("m", 60L),
            Map.entry("min", 60L),
            Map.entry("minute", 60L),
            Map.entry("h", 3_600L),
            Map.entry("hr", 3_600L),
            Map.entry("hour", 3_600L),
            Map.entry("d", 86_400L),
            Map.entry("day", 86_400L));

    private static final List<String> WRITTEN = List.of("d", "h", "min", "s");

    /**
     * Checks the ranges.
     *
     * @param limit 1 to 1,000,000,000
     * @param period whole seconds, 1 second to 366 days
     * @param maxBurst 1 to 1,000,000,000
     * @param local whether the rate is held in this process
     * @throws IllegalArgumentException if one is out of its range; the message names it
     */
    public ThrottleSpec {
        if (limit < 1 || limit > MOST) {
            throw new IllegalArgumentException("a rate allows 1 to 1,000,000,000 in its period, not " + limit);
        }
        if (maxBurst < 1 || maxBurst > MOST) {
            throw new IllegalArgumentException("max_burst is 1 to 1,000,000,000, not " + maxBurst);
        }
        if (period.toNanosPart() != 0 || period.toSeconds() < 1 || period.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "the period of a rate is a whole number of seconds up to 366 days, not " + period);
        }
        // Divided, as the product could overflow.
        if (maxBurst > LONGEST_BURST.toNanos() / spacing(limit, period)) {
            throw new IllegalArgumentException("max_burst " + maxBurst + " would take longer than "
                    + LONGEST_BURST.toDays() + " days to come by; make it smaller");
        }
    }

    /**
     * Reads a rate.
     *
     * @param text the text
     * @return the rate
     * @throws IllegalArgumentException if the text has another form, or a number is out of its range; the message says
     *     the mend
     */
    public static ThrottleSpec parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw refused(
                    text, "write a number, '/' and a period, such as '100/min', '20/30min' or '100/s,max_burst=10'");
        }
        Long unit = SECONDS.get(form.group(4));
        if (unit == null) {
            throw refused(text, Quoted.of(form.group(4)) + " is not a period (the periods are s, min, h, d)");
        }
        long limit = number(text, form.group(2));
        long periods = form.group(3).isEmpty() ? 1 : number(text, form.group(3));
        long burst = form.group(5) == null ? limit : number(text, form.group(5));
        try {
            return new ThrottleSpec(limit, Duration.ofSeconds(periods * unit), burst, form.group(1) != null);
        } catch (IllegalArgumentException outOfRange) {
            throw refused(text, String.valueOf(outOfRange.getMessage()));
        }
    }

    private static long number(String text, String digits) {
        String plain = digits.replaceAll("[,_]", "");
        if (plain.length() > 10) {
            throw refused(text, "a number in it has too many digits");
        }
        return Long.parseLong(plain);
    }

    /**
     * How far apart permits come: the period divided by the limit, rounded up to a nanosecond so that the rate is never
     * exceeded.
     *
     * @return 1 ns to 366 days
     */
    public Duration spacing() {
        return Duration.ofNanos(spacing(limit, period));
    }

    private static long spacing(long limit, Duration period) {
        return (period.toNanos() + limit - 1) / limit;
    }

    /** In the shortest form, which {@link #parse} reads to an equal rate. */
    @Override
    public String toString() {
        long seconds = period.toSeconds();
        String unit = WRITTEN.stream()
                .filter(candidate -> seconds % SECONDS.getOrDefault(candidate, 1L) == 0)
                .findFirst()
                .orElse("s");
        long periods = seconds / SECONDS.getOrDefault(unit, 1L);
        return (local ? "local:" : "")
                + limit
                + "/"
                + (periods == 1 ? "" : periods)
                + unit
                + (maxBurst == limit ? "" : ",max_burst=" + maxBurst);
    }

    private static IllegalArgumentException refused(String text, String why) {
        return new IllegalArgumentException(Quoted.of(text) + " is not a rate: " + why);
    }
}
