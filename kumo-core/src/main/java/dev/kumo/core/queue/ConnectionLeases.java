package dev.kumo.core.queue;

import java.util.concurrent.CompletableFuture;

/** Connections that are open, counted by the name of a limit. Any number of threads may use it. */
final class ConnectionLeases {

    /** Leave to have a connection, until it is closed; closing it again does nothing. */
    interface Lease extends AutoCloseable {

        @Override
        void close();
    }

    /**
     * Asks for a lease. Who asks first, gets it first. A future that is cancelled loses its place.
     *
     * @param limit at least 1; leases that are had stay, even if the limit becomes smaller
     * @return completes at once if there is room, else on the thread that makes room
     */
    CompletableFuture<Lease> acquire(String key, int limit) {
        return CompletableFuture.completedFuture(() -> {});
    }

    /** How many leases of a key are had. */
    int count(String key) {
        return 0;
    }
}
