package dev.kumo.core;

import java.time.Duration;

/** A front hall of an {@link Mta}, in one of its forms. */
interface Hall extends Reception {

    /**
     * Takes nothing more, and waits until the transactions that are here have been answered, or until the time is up.
     *
     * @return whether all have been answered
     */
    boolean close(Duration patience);
}
