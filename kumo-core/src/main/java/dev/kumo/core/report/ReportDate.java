package dev.kumo.core.report;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.StringTokenizer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A date of a report, read as leniently as reports are dated: RFC 5322 sections 3.3 and 4.3 with whatever day of the week,
 * zones by name, years of two digits, no seconds, the order of C's {@code asctime}, or RFC 3339.
 */
final class ReportDate {

    private static final DateTimeFormatter WRITTEN = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM uuuu HH:mm:ss xx", Locale.US)
            .withZone(ZoneOffset.UTC);

    private static final int LONGEST = 100;
    private static final Pattern COMMENT = Pattern.compile("\\([^()]*\\)");
    private static final Pattern TIME = Pattern.compile("(\\d{1,2}):(\\d{2})(?::(\\d{2})(?:\\.\\d{1,9})?)?");
    private static final Pattern OFFSET = Pattern.compile("(?:GMT|UTC)?([+-])(\\d{2}):?(\\d{2})");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,4}");
    private static final List<String> MONTHS =
            List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC");

    /** Hours east of Greenwich. All other names, and those that several zones share, count as UTC, RFC 5322 section 4.3. */
    private static final Map<String, Integer> ZONES = Map.ofEntries(
            Map.entry("EST", -5),
            Map.entry("EDT", -4),
            Map.entry("CST", -6),
            Map.entry("CDT", -5),
            Map.entry("MST", -7),
            Map.entry("MDT", -6),
            Map.entry("PST", -8),
            Map.entry("PDT", -7),
            Map.entry("WEST", 1),
            Map.entry("CET", 1),
            Map.entry("CEST", 2),
            Map.entry("EET", 2),
            Map.entry("EEST", 3),
            Map.entry("MSK", 3),
            Map.entry("SAST", 2),
            Map.entry("HKT", 8),
            Map.entry("JST", 9),
            Map.entry("KST", 9),
            Map.entry("AEST", 10),
            Map.entry("AEDT", 11),
            Map.entry("NZST", 12),
            Map.entry("NZDT", 13));

    private int day;
    private int month;
    private int year = -1;
    private int hour = -1;
    private int minute;
    private int second;
    private ZoneOffset zone = ZoneOffset.UTC;

    private ReportDate() {}

    /** RFC 5322 section 3.3. */
    static String write(Instant at) {
        return WRITTEN.format(at);
    }

    /** The date, or nothing if it cannot be read. */
    static Optional<Instant> read(String text) {
        if (text.length() > LONGEST) {
            return Optional.empty();
        }
        try {
            if (text.length() > 10 && text.charAt(4) == '-') {
                return Optional.of(
                        OffsetDateTime.parse(text.replaceFirst(" ", "T")).toInstant());
            }
            return new ReportDate().tokens(COMMENT.matcher(text).replaceAll(" "));
        } catch (DateTimeException unreadable) {
            return Optional.empty();
        }
    }

    private Optional<Instant> tokens(String text) {
        StringTokenizer tokens = new StringTokenizer(text.toUpperCase(Locale.ROOT), " \t,");
        while (tokens.hasMoreTokens()) {
            token(tokens.nextToken());
        }
        if (hour < 0 || year < 0 || month == 0) {
            return Optional.empty();
        }
        // A leap second is the one before, as java.time knows none.
        return Optional.of(LocalDateTime.of(year, month, day, hour, minute, Math.min(second, 59))
                .toInstant(zone));
    }

    private void token(String token) {
        Matcher time = TIME.matcher(token);
        Matcher offset = OFFSET.matcher(token);
        if (time.matches()) {
            hour = Integer.parseInt(time.group(1));
            minute = Integer.parseInt(time.group(2));
            second = time.group(3) == null ? 0 : Integer.parseInt(time.group(3));
        } else if (offset.matches()) {
            int sign = offset.group(1).equals("-") ? -1 : 1;
            zone = ZoneOffset.ofHoursMinutes(
                    sign * Integer.parseInt(offset.group(2)), sign * Integer.parseInt(offset.group(3)));
        } else if (NUMBER.matcher(token).matches()) {
            number(token);
        } else if (hour < 0) {
            month = month > 0 || token.length() < 3 ? month : MONTHS.indexOf(token.substring(0, 3)) + 1;
        } else if (ZONES.containsKey(token)) {
            zone = ZoneOffset.ofHours(ZONES.get(token));
        }
    }

    private void number(String digits) {
        int number = Integer.parseInt(digits);
        if (day == 0 && digits.length() <= 2) {
            day = number;
        } else if (year < 0) {
            year = switch (digits.length()) {
                case 4 -> number;
                case 3 -> 1900 + number;
                default -> number < 50 ? 2000 + number : 1900 + number;
            };
        }
    }
}
