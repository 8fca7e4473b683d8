package dev.kumo.core.spool;

import dev.kumo.core.mail.Content;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Content on its way in: written once, from front to back, then finished or discarded. After that it takes nothing more:
 * to add or to finish is an {@link IllegalStateException}.
 *
 * <p>A draft belongs to one session and is never used by two threads at once.
 */
public interface Draft {

    /**
     * Adds bytes.
     *
     * @param bytes taken from position to limit; copied before this returns
     * @throws IOException if the store fails; the draft is then only good to be discarded
     */
    void append(ByteBuffer bytes) throws IOException;

    /**
     * Ends the draft.
     *
     * @return what was written
     * @throws IOException if the store fails
     */
    Content finish() throws IOException;

    /** Forgets what was written. Does nothing after {@link #finish()} or a second time. */
    void discard();

    /**
     * A draft in memory.
     *
     * @return empty
     */
    static Draft inMemory() {
        return new MemoryDraft();
    }
}
