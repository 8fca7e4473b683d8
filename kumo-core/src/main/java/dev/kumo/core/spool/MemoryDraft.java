package dev.kumo.core.spool;

import dev.kumo.core.mail.Content;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** Content in memory. */
final class MemoryDraft implements Draft {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Override
    public void append(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        out.writeBytes(copy);
    }

    @Override
    public Content finish() {
        return Content.of(out.toByteArray());
    }

    @Override
    public void discard() {
        out.reset();
    }
}
