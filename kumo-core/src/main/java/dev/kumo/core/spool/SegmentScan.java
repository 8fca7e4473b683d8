package dev.kumo.core.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Goes through the records of a segment by their headers. What is no record is a bad piece: it ends where the next header
 * begins, or at the end. The bodies are not read, so it takes the same little memory whatever they are.
 */
final class SegmentScan {

    private static final int WINDOW = 1 << 15;
    private static final byte FIRST_OF_MAGIC = (byte) (RecordHeader.MAGIC >>> 24);

    private final Disk.Input input;
    private final long salt;
    private final int size;
    private final ByteBuffer window = ByteBuffer.allocate(WINDOW).limit(0);

    private int windowStart;
    private int offset;
    private int end;
    private @Nullable RecordHeader record;

    SegmentScan(Disk.Input input, long salt, int from, int size) {
        this.input = input;
        this.salt = salt;
        this.size = size;
        this.end = from;
    }

    /** Goes to the next record or bad piece. Answers false at the end. */
    boolean next() throws IOException {
        offset = end;
        if (offset >= size) {
            return false;
        }
        record = headerAt(offset);
        end = record == null ? nextHeader(offset + 1) : offset + record.length();
        return true;
    }

    int offset() {
        return offset;
    }

    int end() {
        return end;
    }

    /** The record, or null for a bad piece. */
    @Nullable RecordHeader record() {
        return record;
    }

    /** Reads the body of the record to see whether it is what was written. */
    boolean isSound() throws IOException {
        if (record == null) {
            return false;
        }
        CRC32C crc = RecordHeader.salted(salt);
        int at = offset + RecordHeader.SIZE;
        while (at < end) {
            ByteBuffer piece = window(at, 1);
            if (!piece.hasRemaining()) {
                return false;
            }
            piece.limit(Math.min(piece.limit(), piece.position() + end - at));
            at += piece.remaining();
            crc.update(piece);
        }
        return (int) crc.getValue() == record.bodyCrc();
    }

    private @Nullable RecordHeader headerAt(int at) throws IOException {
        RecordHeader header = RecordHeader.read(window(at, RecordHeader.SIZE), salt);
        return header != null && header.bodyLength() >= 0 && header.length() <= size - at ? header : null;
    }

    private int nextHeader(int from) throws IOException {
        int at = from;
        while (at < size) {
            ByteBuffer piece = window(at, RecordHeader.SIZE);
            if (piece.remaining() < RecordHeader.SIZE) {
                return size;
            }
            int last = piece.limit() - RecordHeader.SIZE;
            for (int i = piece.position(); i <= last; i++, at++) {
                if (piece.get(i) == FIRST_OF_MAGIC && piece.getInt(i) == RecordHeader.MAGIC && headerAt(at) != null) {
                    return at;
                }
            }
        }
        return size;
    }

    /** What stands at an offset; fewer bytes than wanted only at the end. */
    private ByteBuffer window(int at, int wanted) throws IOException {
        if (at < windowStart || at + wanted > windowStart + window.limit()) {
            window.clear().limit(Math.min(WINDOW, size - at));
            windowStart = at;
            while (window.hasRemaining() && input.read(window, at + window.position()) > 0) {
                // until the window is full, or the file ends before the size it should have
            }
            window.flip();
        }
        ByteBuffer piece = window.duplicate();
        return piece.position(at - windowStart);
    }
}
