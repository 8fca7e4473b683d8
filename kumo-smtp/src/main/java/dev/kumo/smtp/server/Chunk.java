package dev.kumo.smtp.server;

import dev.kumo.core.mail.Reply;
import dev.kumo.smtp.ChunkSize;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A chunk of content that is arriving, RFC 3030 section 2. Its octets follow the command without waiting for a word, so
 * they are read even where the command is refused: they would else be taken for commands.
 */
final class Chunk {

    /** Less than this is not worth a command, unless it is the rest. */
    private static final int SMALL = 4096;

    private final ChunkSize size;
    private final @Nullable Arrival content;
    private final @Nullable Reply refusal;
    private long left;

    private Chunk(ChunkSize size, @Nullable Arrival content, @Nullable Reply refusal) {
        this.size = size;
        this.content = content;
        this.refusal = refusal;
        this.left = size.octets();
    }

    /** One that goes on with the content. */
    static Chunk of(ChunkSize size, Arrival content) {
        return new Chunk(size, content, null);
    }

    /** One that is dropped. */
    static Chunk refused(ChunkSize size, Reply refusal) {
        return new Chunk(size, null, refusal);
    }

    /** Reads on; true once there is nothing more to read. */
    boolean accept(ByteBuffer bytes) {
        int length = (int) Math.min(left, bytes.remaining());
        if (content != null && length > 0) {
            content.accept(bytes.slice(bytes.position(), length));
        }
        bytes.position(bytes.position() + length);
        left -= length;
        return left == 0 || content != null && content.isEndless();
    }

    Optional<Reply> refusal() {
        return Optional.ofNullable(refusal);
    }

    boolean isLast() {
        return size.last();
    }

    boolean isSmall() {
        return size.octets() < SMALL && !size.last();
    }
}
