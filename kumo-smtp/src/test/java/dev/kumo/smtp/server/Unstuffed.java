package dev.kumo.smtp.server;

import dev.kumo.core.mail.Content;
import dev.kumo.core.spool.Draft;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/** What our own listener makes of content on the wire, for tests of who sends it. */
public final class Unstuffed {

    private Unstuffed() {}

    /** The content, which has to end where the octets do, and to hold no line end of its own. */
    public static byte[] of(byte[] wire) {
        ContentReader reader =
                new ContentReader(Draft.inMemory(), true, InvalidLineEndings.DENY, wire.length, wire.length);
        if (!reader.accept(ByteBuffer.wrap(wire))
                || reader.received() != wire.length
                || reader.failure().isPresent()) {
            throw new AssertionError("ends after " + reader.received() + " of " + wire.length);
        }
        try {
            Content content = reader.content();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            content.writeTo(out);
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
