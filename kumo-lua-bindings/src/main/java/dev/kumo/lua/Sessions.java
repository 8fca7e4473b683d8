package dev.kumo.lua;

import dev.kumo.smtp.server.Peer;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/** Which version of a script a session is asked with: the one that it began with, to its end. */
final class Sessions implements SessionPolicies.Caller {

    /** Empty unless versions may change; a session that is gone is forgotten. */
    private final Map<Peer, Generation> pinned = Collections.synchronizedMap(new WeakHashMap<>());

    private final boolean changing;
    private volatile @Nullable Generation current;

    Sessions(boolean changing) {
        this.changing = changing;
    }

    @Override
    public @Nullable Object call(Peer peer, String event, boolean first, @Nullable Object... arguments) {
        Generation now = current();
        Generation generation = changing ? pinned.computeIfAbsent(peer, unknown -> now) : now;
        return generation.call(event, first, arguments);
    }

    /** For events that belong to no session. */
    @Nullable Object call(String event, boolean first, @Nullable Object... arguments) {
        return current().call(event, first, arguments);
    }

    /** Whether another version of the script may take the place of this one. */
    boolean isChanging() {
        return changing;
    }

    Generation current() {
        Generation now = current;
        if (now == null) {
            throw new IllegalStateException("no script is loaded yet");
        }
        return now;
    }

    void swap(Generation next) {
        Generation before = current;
        current = next;
        if (before != null) {
            before.pool().retire();
        }
    }

    void close() {
        current().pool().close();
        for (Generation generation : List.copyOf(pinned.values())) {
            generation.pool().close();
        }
    }
}
