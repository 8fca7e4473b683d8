package dev.kumo.core.log;

import java.time.Instant;
import java.time.LocalDate;

/**
 * Writes times as RFC 3339 has them, in UTC and with as many groups of three decimals as they need. A log writes two for
 * each record, nearly always of the same day.
 */
final class Timestamp {

    private static final byte[] FORM = JsonBytes.ascii("0000-00-00T00:00:00");
    private static final int SECONDS_PER_DAY = 86_400;
    private static final long FIRST_DAY = LocalDate.of(0, 1, 1).toEpochDay();
    private static final long LAST_DAY = LocalDate.of(9999, 12, 31).toEpochDay();

    private final byte[] text = new byte["2026-08-04T03:04:05.123456789Z".length()];
    private long day = Long.MIN_VALUE;

    /** The characters, all ASCII, of the last time that was set. */
    byte[] text() {
        return text;
    }

    /**
     * Sets the time.
     *
     * @return how many characters it has; 0 if its year is not one of four digits
     */
    int set(Instant time) {
        long second = time.getEpochSecond();
        long newDay = Math.floorDiv(second, SECONDS_PER_DAY);
        if (newDay < FIRST_DAY || newDay > LAST_DAY) {
            return 0;
        }
        if (newDay != day) {
            setDay(newDay);
        }
        int ofDay = (int) Math.floorMod(second, (long) SECONDS_PER_DAY);
        digits(11, 2, ofDay / 3600);
        digits(14, 2, ofDay / 60 % 60);
        digits(17, 2, ofDay % 60);
        return fraction(time.getNano());
    }

    private void setDay(long newDay) {
        LocalDate date = LocalDate.ofEpochDay(newDay);
        day = newDay;
        System.arraycopy(FORM, 0, text, 0, FORM.length);
        digits(0, 4, date.getYear());
        digits(5, 2, date.getMonthValue());
        digits(8, 2, date.getDayOfMonth());
    }

    private int fraction(int nano) {
        int end = 19;
        if (nano > 0) {
            text[end] = '.';
            int width = nano % 1_000_000 == 0 ? 3 : nano % 1_000 == 0 ? 6 : 9;
            digits(end + 1, width, width == 3 ? nano / 1_000_000 : width == 6 ? nano / 1_000 : nano);
            end += 1 + width;
        }
        text[end] = 'Z';
        return end + 1;
    }

    private void digits(int from, int width, int number) {
        int left = number;
        for (int i = from + width - 1; i >= from; i--) {
            text[i] = (byte) ('0' + left % 10);
            left /= 10;
        }
    }
}
