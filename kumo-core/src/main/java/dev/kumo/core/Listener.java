package dev.kumo.core;

import java.io.IOException;

/** A door through which messages come: a bound port that speaks one protocol. */
public interface Listener extends AutoCloseable {

    /**
     * Binds the port and accepts clients from now on.
     *
     * @param reception who takes the messages
     * @throws IOException if the address cannot be bound; the message names it
     * @throws IllegalStateException if the listener is open or was closed
     */
    void open(Reception reception) throws IOException;

    /**
     * Stops accepting, lets running transactions finish within the listener's grace period, and closes. Does nothing
     * if the listener is not open.
     */
    @Override
    void close();
}
