package dev.kumo.core.spool;

import dev.kumo.core.mail.Content;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;

/** Drafts in memory, which together take no more than so many bytes. */
final class DraftBudget {

    private final long most;
    private final AtomicLong taken = new AtomicLong();

    DraftBudget(long most) {
        this.most = most;
    }

    Draft draft() {
        return new Counted();
    }

    private final class Counted implements Draft {

        private final Draft draft = Draft.inMemory();
        private long size;

        @Override
        public void append(ByteBuffer bytes) throws IOException {
            int length = bytes.remaining();
            long all = taken.addAndGet(length);
            if (all > most) {
                taken.addAndGet(-length);
                throw new SpoolFullException("messages on their way in take " + (all - length) + " of " + most
                        + " bytes; no room for " + length + " more");
            }
            size += length;
            draft.append(bytes);
        }

        @Override
        public Content finish() throws IOException {
            Content content = draft.finish();
            release();
            return content;
        }

        @Override
        public void discard() {
            draft.discard();
            release();
        }

        private void release() {
            taken.addAndGet(-size);
            size = 0;
        }
    }
}
