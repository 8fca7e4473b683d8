package dev.kumo.core.log.file;

import java.nio.ByteBuffer;

/** How a piece of the log stands in its file: whole in itself, so that pieces can be read as far as they were written. */
interface Framing extends AutoCloseable {

    /**
     * Frames a piece.
     *
     * @return valid until the next call
     */
    ByteBuffer frame(byte[] piece, int length);

    @Override
    void close();

    /** The lines as they are. */
    static Framing none() {
        return new Framing() {
            @Override
            public ByteBuffer frame(byte[] piece, int length) {
                return ByteBuffer.wrap(piece, 0, length);
            }

            @Override
            public void close() {}
        };
    }
}
