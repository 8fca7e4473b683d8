package dev.kumo.http.wire;

import dev.kumo.http.answer.RefusedException;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/** A body while it comes, up to its limit. What it holds is counted until it is released. */
final class BodyBuffer {

    private static final byte[] EMPTY = new byte[0];
    private static final int FIRST_SIZE = 1024;

    private final Capacity capacity;
    private final long limit;
    private final int told;
    private byte[] bytes = EMPTY;
    private int size;

    /**
     * An empty one.
     *
     * @param limit how many bytes it takes
     * @param told the limit that a client is told of; 0 if there is to be no body at all
     */
    BodyBuffer(Capacity capacity, long limit, int told) {
        this.capacity = capacity;
        this.limit = limit;
        this.told = told;
    }

    /**
     * One for a body as it comes, compressed or not.
     *
     * @throws RefusedException if the client says that it is too large
     */
    static BodyBuffer onTheWire(Capacity capacity, RequestHead head, int limit) {
        if (!head.takesBody()) {
            if (head.contentLength() > 0) {
                throw tooLarge(0);
            }
            return new BodyBuffer(capacity, 0, 0);
        }
        // Data that cannot be compressed grows a little when it is.
        long onTheWire = head.encoding() == Encoding.IDENTITY ? limit : limit + limit / 64L + 1024;
        if (head.contentLength() > onTheWire) {
            throw tooLarge(limit);
        }
        return new BodyBuffer(capacity, onTheWire, limit);
    }

    /**
     * Adds what is readable.
     *
     * @throws RefusedException if it becomes too large, for its limit or for the memory that is left
     */
    void append(ByteBuf buffer) {
        int count = buffer.readableBytes();
        grow(count);
        buffer.readBytes(bytes, size, count);
        size += count;
    }

    void append(byte[] from, int offset, int count) {
        grow(count);
        System.arraycopy(from, offset, bytes, size, count);
        size += count;
    }

    private void grow(int count) {
        if (size + (long) count > limit) {
            throw tooLarge(told);
        }
        if (size + count > bytes.length) {
            int larger = (int) Math.min(limit, Math.max(size + (long) count, Math.max(FIRST_SIZE, 2L * bytes.length)));
            capacity.take(larger - bytes.length);
            bytes = Arrays.copyOf(bytes, larger);
        }
    }

    private static RefusedException tooLarge(int limit) {
        if (limit == 0) { // strangers could fill the memory with what nobody reads
            return new RefusedException(400, "a request of this method brings no body (RFC 9110 section 9.3.1)");
        }
        return new RefusedException(
                413, "the body is larger than request_body_limit, which is " + limit + " bytes after decompression");
    }

    byte[] bytes() {
        return bytes;
    }

    int size() {
        return size;
    }

    byte[] toArray() {
        return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
    }

    void release() {
        capacity.give(bytes.length);
        bytes = EMPTY;
        size = 0;
    }
}
