package dev.kumo.core.trace;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/**
 * Dates in UTC as RFC 5322 section 3.3 writes them: {@code Tue, 04 Aug 2026 03:04:05 +0000}.
 *
 * <p>Remembers the last one, because a busy listener asks for the same second thousands of times. May be used by any
 * number of threads: the memory is one reference to a value that never changes, and losing a race costs one rendering.
 */
final class HeaderDate {

    private static final String[] DAYS = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    private static final String[] MONTHS = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
    };

    private volatile Rendered last = render(0);

    private record Rendered(long second, String text) {}

    String of(Instant at) {
        Rendered rendered = last;
        if (rendered.second != at.getEpochSecond()) {
            rendered = render(at.getEpochSecond());
            last = rendered;
        }
        return rendered.text;
    }

    private static Rendered render(long second) {
        LocalDateTime time = LocalDateTime.ofEpochSecond(second, 0, ZoneOffset.UTC);
        StringBuilder out =
                new StringBuilder(31).append(DAYS[time.getDayOfWeek().getValue() - 1]);
        twoDigits(out.append(", "), time.getDayOfMonth());
        out.append(' ').append(MONTHS[time.getMonthValue() - 1]).append(' ').append(time.getYear());
        twoDigits(out.append(' '), time.getHour());
        twoDigits(out.append(':'), time.getMinute());
        twoDigits(out.append(':'), time.getSecond());
        return new Rendered(second, out.append(" +0000").toString());
    }

    private static void twoDigits(StringBuilder out, int number) {
        out.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }
}
