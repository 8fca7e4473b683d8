package dev.kumo.core.log;

import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Where sessions can be listened to while they go on, line by line. As long as nobody listens, a session pays one look at an empty
 * list for each line.
 *
 * <p>An {@link dev.kumo.core.Mta} has one for all its listeners. Any number of threads may tell and listen.
 */
public final class SessionTrace {

    private final List<Ear> ears = new CopyOnWriteArrayList<>();

    /** Makes one that nobody listens to yet. */
    public SessionTrace() {}

    private record Ear(Predicate<InetAddress> clients, Consumer<SessionEvent> hears) {}

    /** What ends the listening. */
    @FunctionalInterface
    public interface Listening extends AutoCloseable {

        /** Hears nothing that is told from now on. Does nothing the second time. */
        @Override
        void close();
    }

    /**
     * Listens from now on.
     *
     * @param clients whose sessions; asked for each event, so it has to be quick
     * @param hears called by the thread of the session, and by several at once: it must neither block nor throw
     * @return to be closed
     */
    public Listening listen(Predicate<InetAddress> clients, Consumer<SessionEvent> hears) {
        Ear ear = new Ear(clients, hears);
        ears.add(ear);
        return () -> ears.remove(ear);
    }

    /**
     * Whether anybody listens to a client's session, so that it is worth making an event.
     *
     * @param client where the client is
     * @return false as long as nobody does
     */
    public boolean isHeard(InetAddress client) {
        for (Ear ear : ears) {
            if (ear.clients().test(client)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Tells whoever listens to the client's session.
     *
     * @param event what happened, without credentials
     */
    public void tell(SessionEvent event) {
        for (Ear ear : ears) {
            if (ear.clients().test(event.client().getAddress())) {
                ear.hears().accept(event);
            }
        }
    }
}
