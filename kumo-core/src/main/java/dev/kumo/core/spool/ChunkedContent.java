package dev.kumo.core.spool;

import dev.kumo.core.mail.Content;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Objects;

/** Content over arrays that nobody writes to any more. All but the last one are full. */
final class ChunkedContent implements Content {

    private final byte[][] chunks;
    private final long size;

    ChunkedContent(byte[][] chunks, long size) {
        this.chunks = chunks;
        this.size = size;
    }

    @Override
    public long size() {
        return size;
    }

    /** Content that is elsewhere, copied here. */
    static ChunkedContent copyOf(Content content) throws IOException {
        MemoryDraft draft = new MemoryDraft();
        content.writeTo(new OutputStream() {
            @Override
            public void write(int octet) {
                draft.append(ByteBuffer.wrap(new byte[] {(byte) octet}));
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                draft.append(ByteBuffer.wrap(bytes, offset, length));
            }
        });
        return draft.finish();
    }

    /** How many chunks there are. */
    int chunks() {
        return chunks.length;
    }

    /** A chunk, not to be changed. */
    byte[] chunk(int number) {
        return chunks[number];
    }

    /** How much of a chunk counts. */
    int length(int number) {
        if (number < chunks.length - 1) {
            return chunks[number].length;
        }
        long before = 0;
        for (int i = 0; i < number; i++) {
            before += chunks[i].length;
        }
        return (int) (size - before);
    }

    @Override
    public InputStream open() {
        return new Reading();
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        new Reading().transferTo(out);
    }

    private final class Reading extends InputStream {

        private long left = size;
        private int chunk;
        private int at;

        @Override
        public int read() {
            if (left == 0) {
                return -1;
            }
            int octet = chunks[chunk][at] & 0xff;
            advance(1);
            return octet;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            Objects.checkFromIndexSize(offset, length, target.length);
            if (length == 0) {
                return 0;
            }
            if (left == 0) {
                return -1;
            }
            int read = 0;
            while (read < length && left > 0) {
                int run = Math.min(length - read, run());
                System.arraycopy(chunks[chunk], at, target, offset + read, run);
                advance(run);
                read += run;
            }
            return read;
        }

        @Override
        public long skip(long count) {
            long skipped = 0;
            while (skipped < count && left > 0) {
                int run = (int) Math.min(count - skipped, run());
                advance(run);
                skipped += run;
            }
            return skipped;
        }

        @Override
        public int available() {
            return (int) Math.min(left, Integer.MAX_VALUE);
        }

        @Override
        public long transferTo(OutputStream out) throws IOException {
            long before = left;
            while (left > 0) {
                int run = run();
                out.write(chunks[chunk], at, run);
                advance(run);
            }
            return before;
        }

        /** What the current chunk still holds. */
        private int run() {
            return (int) Math.min(chunks[chunk].length - at, left);
        }

        private void advance(int count) {
            left -= count;
            at += count;
            if (at == chunks[chunk].length) {
                chunk++;
                at = 0;
            }
        }
    }
}
