package dev.kumo.core;

import dev.kumo.core.delivery.Chores;
import dev.kumo.core.log.MtaObserver;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

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
     * What of this listener wants to hear what happens in the {@link Mta} that it is given to, as if it had been given to
     * {@link Mta.Builder#observer} as well.
     *
     * @return nobody unless overridden; the same each time
     */
    default MtaObserver observer() {
        return MtaObserver.NONE;
    }

    /**
     * What this listener does later, in the queues of the {@link Mta} that it is given to.
     *
     * @return none unless overridden; the same each time
     */
    default Optional<Chores> chores() {
        return Optional.empty();
    }

    /**
     * How it stands with this listener. Never waits, not even for {@link #close()}.
     *
     * @param links how many connections are to be named at most
     * @return without address and connections unless overridden
     */
    default ListenerState state(int links) {
        return new ListenerState(getClass().getSimpleName(), Optional.empty(), 0, List.of());
    }

    /**
     * Stops accepting, lets running transactions finish within the listener's grace period, and closes. Does nothing
     * if the listener is not open.
     */
    @Override
    void close();
}
