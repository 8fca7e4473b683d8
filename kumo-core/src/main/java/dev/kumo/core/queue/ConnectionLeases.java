package dev.kumo.core.queue;

import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Connections that are open, counted by the name of a limit. Where there are as many as may be, the next goes to
 * whoever has waited longest, straight from the hand of who closes one, so that nobody can step in between.
 *
 * <p>Any number of threads may use it. A name without leases and without anybody waiting takes no memory.
 */
final class ConnectionLeases {

    private final Map<String, Limit> limits = new HashMap<>();

    /** Granted, and to be told so outside of the lock, by one thread at a time and never from within a telling. */
    private final Queue<Grant> grants = new ConcurrentLinkedQueue<>();

    private final AtomicInteger untold = new AtomicInteger();

    /** Leave to have a connection, until it is closed; closing it again does nothing. */
    interface Lease extends AutoCloseable {

        @Override
        void close();
    }

    private static final class Limit {

        private final LinkedHashSet<Request> waiting = new LinkedHashSet<>();
        private int count;
    }

    private static final class Request extends CompletableFuture<Lease> {

        private final int limit;

        Request(int limit) {
            this.limit = limit;
        }
    }

    private record Grant(Request request, Lease lease) {}

    /**
     * Asks for a lease. Who asks first, gets it first. A future that is cancelled, or completed by anybody else, gives
     * up its place.
     *
     * @param limit at least 1; leases that are had stay, even if the limit has become smaller
     * @return completes at once if there is room, else on a thread that closes a lease, which is not to be held up
     */
    CompletableFuture<Lease> acquire(String name, int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("a limit of connections is 1 or more, not " + limit);
        }
        Request request = new Request(limit);
        synchronized (limits) {
            Limit at = limits.computeIfAbsent(name, first -> new Limit());
            if (at.waiting.isEmpty() && at.count < limit) {
                at.count++;
                return CompletableFuture.completedFuture(lease(name));
            }
            at.waiting.add(request);
        }
        request.whenComplete((lease, cancelled) -> {
            if (cancelled != null) {
                giveUp(name, request);
            }
        });
        return request;
    }

    /** How many leases of a name are had. */
    int count(String name) {
        synchronized (limits) {
            Limit at = limits.get(name);
            return at == null ? 0 : at.count;
        }
    }

    /** How many wait for a lease of a name. */
    int waiting(String name) {
        synchronized (limits) {
            Limit at = limits.get(name);
            return at == null ? 0 : at.waiting.size();
        }
    }

    private Lease lease(String name) {
        AtomicBoolean open = new AtomicBoolean(true);
        return () -> {
            if (open.getAndSet(false)) {
                release(name);
            }
        };
    }

    private void release(String name) {
        synchronized (limits) {
            Limit at = limits.get(name);
            if (at != null) {
                at.count--;
                grant(name, at);
            }
        }
        tell();
    }

    private void giveUp(String name, Request request) {
        synchronized (limits) {
            @Nullable Limit at = limits.get(name);
            if (at != null && at.waiting.remove(request)) {
                grant(name, at); // the next may ask for a greater limit
            }
        }
        tell();
    }

    private void grant(String name, Limit at) {
        Iterator<Request> next = at.waiting.iterator();
        while (next.hasNext()) {
            Request request = next.next();
            if (at.count >= request.limit) {
                break;
            }
            next.remove();
            at.count++;
            grants.add(new Grant(request, lease(name)));
        }
        if (at.count == 0 && at.waiting.isEmpty()) {
            limits.remove(name);
        }
    }

    /** Who is told may close a lease at once: the loop, and not the stack, takes that on. */
    private void tell() {
        if (untold.getAndIncrement() > 0) {
            return;
        }
        int seen = 1;
        do {
            for (Grant grant = grants.poll(); grant != null; grant = grants.poll()) {
                if (!grant.request.complete(grant.lease)) {
                    grant.lease.close();
                }
            }
            seen = untold.addAndGet(-seen);
        } while (seen != 0);
    }
}
