package dev.kumo.smtp.server;

import dev.kumo.core.mail.Reply;
import dev.kumo.smtp.ChunkSize;
import dev.kumo.smtp.Verb;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The content of a session's transaction on its way: all of it after DATA, or in chunks (RFC 3030). */
final class Incoming {

    private final SessionContext context;
    private final Tally tally;
    private @Nullable Arrival content;
    private @Nullable Chunk chunk;

    Incoming(SessionContext context, Tally tally) {
        this.context = context;
        this.tally = tally;
    }

    /** Whether some of it has come, and more is to come. */
    boolean hasBegun() {
        return content != null;
    }

    Answer afterData() {
        content = context.newArrival(true);
        return new Answer(Replies.SEND_CONTENT, Answer.Next.CONTENT);
    }

    /** A chunk that goes on with the content, or begins it. */
    Answer chunk(ChunkSize size) {
        if (content == null) {
            content = context.newArrival(false);
        }
        chunk = Chunk.of(size, content);
        return new Answer(Replies.SEND_CONTENT, Answer.Next.CHUNK);
    }

    /** A chunk that came out of order: read all the same, unless it is longer than any message may be. */
    Answer refusedChunk(ChunkSize size, Reply refusal) {
        if (size.octets() > Arrival.most(context.options())) {
            return Answer.close(refusal);
        }
        chunk = Chunk.refused(size, refusal);
        return new Answer(Replies.SEND_CONTENT, Answer.Next.CHUNK);
    }

    /** Reads on; true once the content or the chunk has ended. */
    boolean accept(ByteBuffer bytes) {
        return chunk == null ? content().accept(bytes) : chunk.accept(bytes);
    }

    /** What to say of a chunk that has ended; nothing once the content has, or cannot be taken. */
    Optional<Answer> endOfChunk() {
        Chunk ended = chunk;
        if (ended == null) {
            return Optional.empty();
        }
        if (ended.refusal().isPresent()) {
            chunk = null;
            return ended.refusal().map(Answer::of);
        }
        if (ended.isLast() || content().hasFailed()) {
            content().end();
            return Optional.empty();
        }
        chunk = null;
        return Optional.of(
                ended.isSmall() && tally.smallChunk()
                        ? Answer.close(context.replies().tooManyCommands)
                        : Answer.of(Replies.CHUNK_TAKEN));
    }

    /** The command that brought the content. */
    Verb verb() {
        return chunk == null ? Verb.DATA : Verb.BDAT;
    }

    /** The content, which has ended: whoever takes it ends it, or releases it. */
    Arrival taken() {
        Arrival taken = content();
        content = null;
        chunk = null;
        return taken;
    }

    /** Drops what has come. */
    void drop() {
        if (content != null) {
            content.discard();
        }
        content = null;
        chunk = null;
    }

    private Arrival content() {
        if (content == null) {
            throw new IllegalStateException("no content is expected");
        }
        return content;
    }
}
