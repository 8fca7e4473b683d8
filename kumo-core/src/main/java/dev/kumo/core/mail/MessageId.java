package dev.kumo.core.mail;

import dev.kumo.core.text.Quoted;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.random.RandomGenerator;

/**
 * The name of a message within this system: 32 lower-case hexadecimal digits. One made by {@link #next} is a UUID of
 * version 7 (RFC 9562 section 5.7) without its dashes, so that ids sort by the time they were made.
 *
 * @param text the 32 digits
 */
public record MessageId(String text) implements Comparable<MessageId> {

    private static final int LENGTH = 32;
    private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.ISO_8859_1);

    /**
     * Checks the form.
     *
     * @param text the 32 digits
     * @throws IllegalArgumentException if the text is not 32 lower-case hexadecimal digits
     */
    public MessageId {
        boolean fit = text.length() == LENGTH;
        for (int i = 0; fit && i < LENGTH; i++) {
            char c = text.charAt(i);
            fit = c >= '0' && c <= '9' || c >= 'a' && c <= 'f';
        }
        if (!fit) {
            throw new IllegalArgumentException(
                    "a message id is 32 lower-case hexadecimal digits, not " + Quoted.of(text));
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
        byte[] digits = new byte[LENGTH];
        for (int i = 0; i < 16; i++) {
            int shift = 60 - 4 * i;
            digits[i] = DIGITS[(int) (high >>> shift) & 0xf];
            digits[16 + i] = DIGITS[(int) (low >>> shift) & 0xf];
        }
        return new MessageId(new String(digits, StandardCharsets.ISO_8859_1));
    }

    /**
     * The time that the id tells.
     *
     * @return to the millisecond; without a meaning if the id was not made by {@link #next}
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
