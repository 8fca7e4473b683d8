package dev.kumo.smtp.server;

import dev.kumo.core.mail.Content;
import dev.kumo.core.mail.Reply;
import dev.kumo.core.spool.Draft;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Content that is arriving, and the share of memory that it takes. */
final class Arrival {

    private static final long PATIENCE = 1 << 20;
    private static final Logger LOG = LoggerFactory.getLogger(Arrival.class);

    private final ContentReader reader;
    private final ContentBudget.Share share;
    private final long most;

    Arrival(EsmtpListenerOptions options, boolean stuffed, Draft draft, ContentBudget budget) {
        this.share = budget.share(draft);
        this.reader = new ContentReader(
                share, stuffed, options.invalidLineEndings(), options.maxMessageSize(), options.lineLengthHardLimit());
        this.most = most(options);
    }

    /** How much is read of what will not be taken. */
    static long most(EsmtpListenerOptions options) {
        return 2 * Math.min(options.maxMessageSize(), Long.MAX_VALUE / 4) + PATIENCE;
    }

    /** Reads on; true once there is nothing more to read. */
    boolean accept(ByteBuffer bytes) {
        return reader.accept(bytes) || isEndless();
    }

    /** A client that sends twice what it may has not read our SIZE and will not stop by itself. */
    boolean isEndless() {
        return reader.received() > most && reader.failure().isPresent();
    }

    /** The last chunk has come. */
    void end() {
        reader.end();
    }

    /** Whether it is known by now that the content will not be taken. */
    boolean hasFailed() {
        return reader.failure().isPresent();
    }

    /** The content, unless it has a {@link #failure}. */
    Optional<Content> content() {
        if (reader.failure().isPresent()) {
            return Optional.empty();
        }
        try {
            return Optional.of(reader.content());
        } catch (IOException | RuntimeException e) {
            LOG.error("Content cannot be stored; the client keeps its mail", e);
            return Optional.empty();
        }
    }

    Reply failure() {
        return reader.failure().orElse(ContentReader.STORAGE_FAILED);
    }

    /** Forgets the content. */
    void discard() {
        share.discard();
    }

    /** Gives the memory back, as nothing of the session holds the content any more. */
    void release() {
        share.release();
    }
}
