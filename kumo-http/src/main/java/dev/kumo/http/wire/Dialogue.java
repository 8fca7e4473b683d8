package dev.kumo.http.wire;

import dev.kumo.http.answer.RefusedException;
import org.jspecify.annotations.Nullable;

/** What is said over a WebSocket: one text comes in, and then any number go out. Called on the event loop, so it does not block. */
public interface Dialogue {

    /**
     * Takes what the client has sent.
     *
     * @throws RefusedException if it is wrong; the client is told why, and the connection ends
     */
    void begin(String text);

    /** What is to be said next; null if there is nothing for now. */
    @Nullable String next();

    /** The connection is gone. */
    void end();
}
