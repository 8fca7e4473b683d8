package dev.kumo.core.spool;

import java.io.IOException;

/** A spool has no room left. The client hears {@code 452 4.3.1} and keeps its messages. */
public final class SpoolFullException extends IOException {

    private static final long serialVersionUID = 1L;

    /**
     * A full spool.
     *
     * @param message how much room there is and how much was asked for; for the log, never for a client
     */
    public SpoolFullException(String message) {
        super(message);
    }
}
