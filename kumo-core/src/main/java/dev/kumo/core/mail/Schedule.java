package dev.kumo.core.mail;

import java.time.Instant;

/**
 * When a message is to be tried next, and how often it has been.
 *
 * @param due the next attempt is not made before
 * @param attempts how many have been made, and have failed; at least 0
 */
public record Schedule(Instant due, int attempts) {

    /** Due at once, and never tried. */
    public static final Schedule NOW = new Schedule(Instant.EPOCH, 0);

    /**
     * Checks the number.
     *
     * @param due the next attempt is not made before
     * @param attempts at least 0
     * @throws IllegalArgumentException if there are fewer than no attempts
     */
    public Schedule {
        if (attempts < 0) {
            throw new IllegalArgumentException("there cannot be " + attempts + " attempts; give 0 or more");
        }
    }
}
