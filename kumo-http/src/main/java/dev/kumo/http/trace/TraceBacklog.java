package dev.kumo.http.trace;

import dev.kumo.core.log.SessionEvent;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Events that wait for a client to read them. It is bounded; once there is room again, an event in the place of those that were left out
 * says how many they were.
 */
final class TraceBacklog {

    static final int MOST_EVENTS = 10_000;
    static final int MOST_CHARACTERS = 4 << 20;

    private final InstantSource time;
    private final Runnable onFirst;
    private final Queue<SessionEvent> events = new ArrayDeque<>();
    private long characters;
    private long leftOut;
    private volatile boolean terse;

    /**
     * Makes an empty one.
     *
     * @param onFirst told that an event waits where none has waited
     */
    TraceBacklog(InstantSource time, Runnable onFirst) {
        this.time = time;
        this.onFirst = onFirst;
    }

    /** Whether long texts that are read are to be cut. */
    void terse(boolean wanted) {
        terse = wanted;
    }

    void add(SessionEvent event) {
        boolean first;
        synchronized (this) {
            int size = size(event);
            if (leftOut > 0 || events.size() >= MOST_EVENTS || characters + size > MOST_CHARACTERS) {
                leftOut++;
                return;
            }
            first = events.isEmpty();
            events.add(event);
            characters += size;
        }
        if (first) {
            onFirst.run();
        }
    }

    private static int size(SessionEvent event) {
        int text = event.what() instanceof SessionEvent.Read read ? read.text().length() : 0;
        return text + 64 * (1 + event.meta().size());
    }

    /** The next one as JSON; null if none waits. */
    @Nullable String next() {
        SessionEvent event;
        synchronized (this) {
            event = events.poll();
            if (event != null) {
                characters -= size(event);
            } else if (leftOut > 0) {
                event = lagged();
                leftOut = 0;
            }
        }
        return event == null ? null : TraceJson.of(event, terse);
    }

    private SessionEvent lagged() {
        return new SessionEvent(
                time.instant(),
                InetSocketAddress.createUnresolved("", 0),
                Map.of(),
                new SessionEvent.Diagnostic(
                        System.Logger.Level.ERROR, leftOut + " events were left out, as they were read too slowly"));
    }
}
