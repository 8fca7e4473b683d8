package dev.kumo.smtp.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.kumo.core.mail.Content;
import dev.kumo.core.mail.Reply;
import dev.kumo.core.spool.Draft;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/**
 * What came of reading one message.
 *
 * @param received how much of the input belongs to the message, its end included
 * @param ended whether there was an end
 * @param failure as text, or empty
 * @param content in ISO 8859-1; empty if there is a failure or no end
 */
record ReadOutcome(long received, boolean ended, String failure, String content) {

    /** Gives the input to a {@link ContentReader} in reads that end at the cuts, by turns from the heap and direct. */
    static ReadOutcome of(byte[] input, InvalidLineEndings mode, long maxSize, int lineLengthLimit, int... cuts) {
        ContentReader reader = new ContentReader(Draft.inMemory(), true, mode, maxSize, lineLengthLimit);
        int start = 0;
        boolean ended = false;
        for (int i = 0; i <= cuts.length && !ended; i++) {
            int end = i < cuts.length ? cuts[i] : input.length;
            ByteBuffer bytes = i % 2 == 0
                    ? ByteBuffer.wrap(input, start, end - start)
                    : ByteBuffer.allocateDirect(end - start)
                            .put(input, start, end - start)
                            .flip();
            int limit = bytes.limit();
            ended = reader.accept(bytes);
            if (bytes.limit() != limit || !ended && bytes.hasRemaining()) {
                throw new AssertionError("left at " + bytes + " without an end");
            }
            start = end - bytes.remaining();
        }
        if (reader.received() != start) {
            throw new AssertionError("received " + reader.received() + " but read " + start);
        }
        String failure = ended ? reader.failure().map(Reply::toString).orElse("") : "";
        return new ReadOutcome(start, ended, failure, ended && failure.isEmpty() ? content(reader) : "");
    }

    private static String content(ContentReader reader) {
        try {
            Content content = reader.content();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            content.writeTo(out);
            if (reader.size() != out.size()) {
                throw new AssertionError("size " + reader.size() + " but stored " + out.size());
            }
            return out.toString(ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
