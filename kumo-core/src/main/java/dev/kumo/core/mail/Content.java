package dev.kumo.core.mail;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * The bytes of a message as a client sent them: header block, empty line, body; dots unstuffed. Lines end
 * with CRLF, unless the listener was told to allow others.
 *
 * <p>Content never changes and can be read any number of times, by several messages at once.
 */
public interface Content {

    /**
     * The length.
     *
     * @return in bytes
     */
    long size();

    /**
     * Reads the content from its beginning.
     *
     * @return a stream that the caller closes
     * @throws IOException if the store that holds the content fails
     */
    InputStream open() throws IOException;

    /**
     * Writes the whole content.
     *
     * @param out where to; it is neither flushed nor closed
     * @throws IOException if the store or {@code out} fails
     */
    default void writeTo(OutputStream out) throws IOException {
        try (InputStream in = open()) {
            in.transferTo(out);
        }
    }

    /**
     * Content in memory.
     *
     * @param bytes the bytes; they are copied
     * @return the content
     */
    static Content of(byte[] bytes) {
        byte[] copy = bytes.clone();
        return new Content() {
            @Override
            public long size() {
                return copy.length;
            }

            @Override
            public InputStream open() {
                return new ByteArrayInputStream(copy);
            }

            @Override
            public void writeTo(OutputStream out) throws IOException {
                out.write(copy);
            }
        };
    }
}
