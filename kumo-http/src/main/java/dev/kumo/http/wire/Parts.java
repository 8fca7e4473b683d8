package dev.kumo.http.wire;

import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Parts of requests that came with what was asked for, and cannot be used yet. */
final class Parts {

    private final Deque<Object> waiting = new ArrayDeque<>();
    private boolean feeding;

    void add(Object part) {
        waiting.add(part);
    }

    /**
     * Hands out what waits, for as long as it is wanted, and releases it. Never calls itself, however many parts wait.
     *
     * @return false if this is called from within
     */
    boolean feed(BooleanSupplier wanted, Consumer<Object> use) {
        if (feeding) {
            return false;
        }
        feeding = true;
        try {
            while (wanted.getAsBoolean() && !waiting.isEmpty()) {
                Object part = waiting.remove();
                try {
                    use.accept(part);
                } finally {
                    ReferenceCountUtil.release(part);
                }
            }
        } finally {
            feeding = false;
        }
        return true;
    }

    void drop() {
        while (!waiting.isEmpty()) {
            ReferenceCountUtil.release(waiting.remove());
        }
    }
}
