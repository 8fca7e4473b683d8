package dev.kumo.smtp.server;

import dev.kumo.core.mail.Content;
import dev.kumo.core.spool.Draft;
import dev.kumo.core.spool.SpoolFullException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bounds the content, and the recipients, that all sessions of a listener hold at once, so that many clients cannot
 * exhaust the heap.
 */
final class ContentBudget {

    private static final Logger LOG = LoggerFactory.getLogger(ContentBudget.class);

    /** An address, and later the message made for it with its envelope, meta data and header fields. */
    static final int PER_RECIPIENT = 2048;

    private final long limit;
    private final AtomicLong used = new AtomicLong();

    ContentBudget(long limit) {
        this.limit = limit;
    }

    long used() {
        return used.get();
    }

    /** Room for one recipient; false if there is none. */
    boolean takeRecipient() {
        if (used.addAndGet(PER_RECIPIENT) > limit) {
            used.addAndGet(-PER_RECIPIENT);
            return false;
        }
        return true;
    }

    void releaseRecipients(int count) {
        used.addAndGet(-(long) count * PER_RECIPIENT);
    }

    Share share(Draft draft) {
        return new Share(draft);
    }

    /** A draft that counts. Release it once nothing of its session holds the content any more. */
    final class Share implements Draft {

        private final Draft draft;
        private long taken;

        private Share(Draft draft) {
            this.draft = draft;
        }

        @Override
        public void append(ByteBuffer bytes) throws IOException {
            int length = bytes.remaining();
            taken += length;
            if (used.addAndGet(length) > limit) {
                throw new IOException("sessions hold more than max_content_memory = " + limit + " bytes of content");
            }
            try {
                draft.append(bytes);
            } catch (SpoolFullException full) {
                throw full; // a shortage that strangers can bring about is not for the log
            } catch (IOException | RuntimeException e) {
                LOG.error("Content cannot be stored; the client keeps its mail", e);
                throw new IOException(e);
            }
        }

        @Override
        public Content finish() throws IOException {
            return draft.finish();
        }

        @Override
        public void discard() {
            try {
                draft.discard();
            } finally {
                release();
            }
        }

        void release() {
            used.addAndGet(-taken);
            taken = 0;
        }
    }
}
