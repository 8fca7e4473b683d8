package dev.kumo.core.spool;

import dev.kumo.core.mail.Content;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Content on disk. It is read as it is asked for, and found again if it has been moved meanwhile; once the last message that
 * had it is removed, it may be gone at any time.
 *
 * <p>The last piece is handed out only if the checksum of all is right, so that nobody takes damaged content for whole.
 */
final class SpooledContent implements Content {

    private static final int LARGEST_READ = 1 << 17;

    private final RecordReader reader;
    private final int slot;
    private final long number;
    private final int size;

    SpooledContent(RecordReader reader, int slot, long number, int size) {
        this.reader = reader;
        this.slot = slot;
        this.number = number;
        this.size = size;
    }

    boolean isReadBy(RecordReader other) {
        return reader == other;
    }

    int slot() {
        return slot;
    }

    long number() {
        return number;
    }

    @Override
    public long size() {
        return size;
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

        private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

        private byte @Nullable [] buffer;
        private ByteBuffer piece = NOTHING;

        /** What was read from the disk, of the record with its header. */
        private int read;

        private CRC32C crc = new CRC32C();
        private int expected;

        @Override
        public int read() throws IOException {
            return fill() ? piece.get() & 0xff : -1;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, target.length);
            if (length == 0) {
                return 0;
            }
            if (!fill()) {
                return -1;
            }
            int count = Math.min(length, piece.remaining());
            piece.get(target, offset, count);
            return count;
        }

        @Override
        public int available() {
            return piece.remaining();
        }

        @Override
        public long transferTo(OutputStream out) throws IOException {
            long count = 0;
            while (fill()) {
                out.write(piece.array(), piece.arrayOffset() + piece.position(), piece.remaining());
                count += piece.remaining();
                piece.position(piece.limit());
            }
            return count;
        }

        /** Has something to hand out, unless this is the end. */
        private boolean fill() throws IOException {
            if (piece.hasRemaining()) {
                return true;
            }
            int left = RecordHeader.SIZE + size - read;
            if (left == 0 || size == 0) {
                return false;
            }
            ByteBuffer next = ByteBuffer.wrap(buffer == null ? buffer(left) : buffer);
            next.limit(Math.min(left, next.capacity()));
            Index.ContentPlace place = reader.content(slot, number, read, next);
            next.flip();
            if (read == 0) {
                begin(place, next);
            }
            crc.update(next.duplicate());
            if (next.limit() == left && (int) crc.getValue() != expected) {
                throw damaged(place);
            }
            read += next.limit();
            piece = next;
            return true;
        }

        private void begin(Index.ContentPlace place, ByteBuffer record) throws IOException {
            long salt = place.segment().header.salt();
            RecordHeader header = RecordHeader.read(record, salt);
            if (header == null || header.content() != number || header.bodyLength() != size) {
                throw damaged(place);
            }
            crc = RecordHeader.salted(salt);
            expected = header.bodyCrc();
        }

        private byte[] buffer(int left) {
            buffer = new byte[Math.min(left, LARGEST_READ)];
            return buffer;
        }

        private IOException damaged(Index.ContentPlace place) {
            return reader.damaged(place, number);
        }
    }
}
