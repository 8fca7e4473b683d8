package dev.kumo.core.spool;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Content in memory, in chunks: every byte is copied once on its way in and never again.
 *
 * <p>A large piece gets a chunk of just its size, so that a fast client costs no memory unused. For small pieces a chunk
 * is as large as all before it together, so that at most about half is unused. Chunks stay at {@value #LARGEST_CHUNK}
 * bytes, which keeps them out of the way of collectors that treat large arrays apart.
 */
final class MemoryDraft implements Draft {

    static final int SMALLEST_CHUNK = 1 << 10;
    static final int WORTH_A_CHUNK = 1 << 14;
    static final int LARGEST_CHUNK = 1 << 16;

    private static final byte[] NONE = {};

    private final List<byte[]> full = new ArrayList<>();
    private byte[] chunk = NONE;
    private int used;
    private long capacity;
    private boolean ended;

    @Override
    public void append(ByteBuffer bytes) {
        requireOpen();
        while (bytes.hasRemaining()) {
            if (used == chunk.length) {
                grow(bytes.remaining());
            }
            int length = Math.min(bytes.remaining(), chunk.length - used);
            bytes.get(chunk, used, length);
            used += length;
        }
    }

    @Override
    public ChunkedContent finish() {
        requireOpen();
        if (used > 0) {
            full.add(chunk);
        }
        ChunkedContent content = new ChunkedContent(full.toArray(byte[][]::new), capacity - (chunk.length - used));
        end();
        return content;
    }

    @Override
    public void discard() {
        end();
    }

    private void grow(int wanted) {
        if (used > 0) {
            full.add(chunk);
        }
        chunk = new byte[(int) Math.min(LARGEST_CHUNK, wanted >= WORTH_A_CHUNK ? wanted : roundUp(wanted))];
        used = 0;
        capacity += chunk.length;
    }

    /** Room for what comes, and as much as all that came before, so that a slow client makes few chunks. */
    private long roundUp(int wanted) {
        return (Math.max(wanted, capacity) + SMALLEST_CHUNK - 1) & -SMALLEST_CHUNK;
    }

    private void requireOpen() {
        if (ended) {
            throw new IllegalStateException("the draft is finished or discarded; begin another one");
        }
    }

    private void end() {
        ended = true;
        full.clear();
        chunk = NONE;
        used = 0;
    }
}
