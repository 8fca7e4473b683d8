package dev.kumo.core.mail;

import java.time.Instant;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/**
 * The name of a message within this system: 32 lower-case hexadecimal digits, a UUID of version 7 (RFC 9562 section
 * 5.7) without its dashes, so that ids sort by the time they were made.
 *
 * @param text the 32 digits
 */
public record MessageId(String text) implements Comparable<MessageId> {

    /**
     * Checks the form.
     *
     * @param text the 32 digits
     * @throws IllegalArgumentException if the text is not 32 lower-case hexadecimal digits
     */
    public MessageId {
        if (text.length() != 32 || !text.chars().allMatch(c -> c >= '0' && c <= '9' || c >= 'a' && c <= 'f')) {
            throw new IllegalArgumentException("a message id is 32 lower-case hexadecimal digits");
        }
    }

    /**
     * Makes a new id.
     *
     * @param now the time it will tell
     * @param random what sets it apart from others of the same millisecond
     * @return the id
     */
    public static MessageId next(Instant now, RandomGenerator random) {
        long high = now.toEpochMilli() << 16 | 0x7000 | random.nextInt(0x1000);
        long low = random.nextLong() & 0x3fff_ffff_ffff_ffffL | 0x8000_0000_0000_0000L;
        HexFormat hex = HexFormat.of();
        return new MessageId(hex.toHexDigits(high) + hex.toHexDigits(low));
    }

    /**
     * When the message was received.
     *
     * @return to the millisecond
     */
    public Instant created() {
        return Instant.ofEpochMilli(Long.parseLong(text.substring(0, 12), 16));
    }

    @Override
    public int compareTo(MessageId other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
