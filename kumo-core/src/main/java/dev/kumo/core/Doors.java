package dev.kumo.core;

import dev.kumo.core.delivery.Chores;
import dev.kumo.core.log.MtaObserver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The listeners of an {@link Mta}, opened one after another and closed side by side. */
final class Doors {

    private static final Logger LOG = LoggerFactory.getLogger(Mta.class);

    private final List<Listener> listeners;
    private final List<Listener> open = new ArrayList<>();

    Doors(List<Listener> listeners) {
        this.listeners = List.copyOf(listeners);
    }

    /** Those that were given, and the listeners' own. */
    List<MtaObserver> observers(List<MtaObserver> given) {
        List<MtaObserver> all = new ArrayList<>(given);
        for (Listener listener : listeners) {
            MtaObserver own = listener.observer();
            if (!own.equals(MtaObserver.NONE) && !all.contains(own)) {
                all.add(own);
            }
        }
        return all;
    }

    /** What the listeners do later. */
    List<Chores> chores() {
        return listeners.stream()
                .flatMap(listener -> listener.chores().stream())
                .toList();
    }

    List<ListenerState> states(int links) {
        return listeners.stream().map(listener -> listener.state(links)).toList();
    }

    /**
     * Opens all.
     *
     * @throws IOException if one cannot be opened; those before it stay open until they are {@linkplain #close() closed}
     */
    void open(Reception reception) throws IOException {
        for (Listener listener : listeners) {
            try {
                listener.open(reception);
            } catch (IOException e) {
                throw new IOException("cannot open " + listener + ": " + e.getMessage(), e);
            }
            open.add(listener);
        }
    }

    /** Closes those that are open, so that the grace periods of several do not add up. */
    void close() {
        List<Thread> closing = new ArrayList<>();
        for (Listener listener : open) {
            Thread thread = new Thread(() -> close(listener), "kumo-close");
            thread.start();
            closing.add(thread);
        }
        open.clear();
        boolean interrupted = false;
        for (Thread thread : closing) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true; // a listener closes within its grace period, and what follows relies on it
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void close(Listener listener) {
        try {
            listener.close();
        } catch (RuntimeException | Error e) {
            LOG.error("cannot close {}", listener, e);
        }
    }
}
