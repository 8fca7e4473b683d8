package dev.kumo.core.spool;

import dev.kumo.core.text.Quoted;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much of a disk is to stay free.
 *
 * @param bytes at least so many
 * @param share and at least this share of the whole, 0 to 1
 */
record FreeSpace(long bytes, BigDecimal share) {

    private static final Pattern PERCENT = Pattern.compile("(\\d{1,3}(\\.\\d{1,6})?) ?%");
    private static final Pattern BYTES = Pattern.compile("\\d{1,18}");

    /**
     * Reads a text.
     *
     * @throws IllegalArgumentException if it is neither a percentage nor a number of bytes
     */
    static FreeSpace parse(String text) {
        Matcher percent = PERCENT.matcher(text);
        if (percent.matches()) {
            BigDecimal share = new BigDecimal(percent.group(1)).movePointLeft(2);
            if (share.compareTo(BigDecimal.ONE) <= 0) {
                return new FreeSpace(0, share);
            }
        } else if (BYTES.matcher(text).matches()) {
            return new FreeSpace(Long.parseLong(text), BigDecimal.ZERO);
        }
        throw new IllegalArgumentException("the space to stay free is a percentage such as '10%', at most 100%, "
                + "or a number of bytes, not " + Quoted.of(text));
    }

    /** How many bytes that is on a disk of some size. */
    long of(long total) {
        return Math.max(
                bytes,
                share.multiply(BigDecimal.valueOf(total))
                        .setScale(0, RoundingMode.CEILING)
                        .longValueExact());
    }
}
