package dev.kumo.core.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Objects;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends records to the newest segment. Used by one thread.
 *
 * <p>All goes through one buffer outside the heap, so that a byte is copied once on its way from a draft to the file.
 */
final class Appender {

    private static final Logger LOG = LoggerFactory.getLogger(Appender.class);

    private static final int STAGING = 1 << 18;

    private final Disk disk;
    private final Path directory;
    private final Index index;
    private final DiskSettings settings;
    private final long salt;
    private final ByteBuffer staging = ByteBuffer.allocateDirect(STAGING);

    private int lastNumber;
    private int previous;
    private int previousLength;

    private @Nullable Segment segment;
    private Disk.@Nullable Output out;
    private int end;
    private int forced;

    /**
     * Appends after what a restart has found.
     *
     * @param lastNumber the greatest number of a segment
     * @param lastLength how much of that one counts
     */
    Appender(Disk disk, DiskSettings settings, Index index, long salt, int lastNumber, int lastLength) {
        this.disk = disk;
        this.directory = settings.path();
        this.index = index;
        this.settings = settings;
        this.salt = salt;
        this.lastNumber = lastNumber;
        this.previous = lastNumber;
        this.previousLength = lastLength;
    }

    /** The segment to which records go. */
    Segment segment() {
        return Objects.requireNonNull(segment, "no segment is open");
    }

    /** Whether the segment has room for records of some length together; an empty one always has. */
    boolean fits(long length) {
        return end == SegmentHeader.SIZE || end + length <= settings.segmentSize();
    }

    /** Begins the next segment. Once this returns, whatever was not forced in the one before is nothing. */
    void begin() throws IOException {
        SegmentHeader header =
                new SegmentHeader(++lastNumber, lastNumber, 0, salt, index.nextArrival(), previous, previousLength);
        Segment next = new Segment(header, directory);
        Disk.Output output = disk.create(next.file);
        try {
            output.write(header.bytes());
            output.force();
            disk.syncDirectory(directory);
        } catch (IOException | RuntimeException | Error e) {
            close(output);
            deleteQuietly(next.file);
            throw e;
        }
        out = output;
        segment = next;
        end = SegmentHeader.SIZE;
        forced = SegmentHeader.SIZE;
        staging.clear();
        index.add(next);
    }

    private void deleteQuietly(Path file) {
        try {
            disk.delete(file);
        } catch (IOException e) {
            LOG.warn("cannot delete {}, which is empty; the next start will", file, e);
        }
    }

    /** Appends a record whose body is some of the bytes; answers with its offset. */
    int append(RecordHeader record, byte[] bytes, int from) throws IOException {
        CRC32C crc = RecordHeader.salted(salt);
        crc.update(bytes, from, record.bodyLength());
        int offset = begin(record, crc);
        put(bytes, from, record.bodyLength());
        return offset;
    }

    int append(RecordHeader record, ChunkedContent content) throws IOException {
        CRC32C crc = RecordHeader.salted(salt);
        for (int i = 0; i < content.chunks(); i++) {
            crc.update(content.chunk(i), 0, content.length(i));
        }
        int offset = begin(record, crc);
        for (int i = 0; i < content.chunks(); i++) {
            put(content.chunk(i), 0, content.length(i));
        }
        return offset;
    }

    private int begin(RecordHeader record, CRC32C crc) throws IOException {
        int offset = end;
        byte[] header = new RecordHeader(
                        record.type(),
                        record.flags(),
                        record.bodyLength(),
                        forced,
                        record.idHigh(),
                        record.idLow(),
                        record.arrival(),
                        record.content(),
                        (int) crc.getValue())
                .bytes(salt);
        put(header, 0, header.length);
        return offset;
    }

    private void put(byte[] bytes, int from, int length) throws IOException {
        int at = from;
        int left = length;
        while (left > 0) {
            if (!staging.hasRemaining()) {
                drain();
            }
            int run = Math.min(left, staging.remaining());
            staging.put(bytes, at, run);
            at += run;
            left -= run;
        }
        end += length;
    }

    /** Hands all to the system, where it survives the end of the process. For the end of a change, not its midst. */
    void flush() throws IOException {
        drain();
        if (!settings.flush()) {
            forced = end;
        }
    }

    private void drain() throws IOException {
        staging.flip();
        Objects.requireNonNull(out, "no segment is open").write(staging);
        staging.clear();
    }

    /** Returns once all is on the disk; or, if it need not be, with the system. */
    void force() throws IOException {
        flush();
        if (settings.flush()) {
            sync();
        }
    }

    /** Returns once all is on the disk. */
    void sync() throws IOException {
        drain();
        Objects.requireNonNull(out, "no segment is open").force();
        forced = end;
    }

    /** Ends the last segment: what is in it is on the disk, and says so. */
    void finish() throws IOException {
        sync();
        append(new RecordHeader(RecordHeader.END, RecordHeader.ALONE, 0, 0, 0, 0, 0, 0, 0), new byte[0], 0);
        seal();
    }

    /** Ends the segment, all of which is forced. */
    void seal() throws IOException {
        Disk.Output output = Objects.requireNonNull(out, "no segment is open");
        sync();
        end(end, false);
        output.close();
    }

    /** Ends the segment after a failure. What was not forced does not count, and the file is never forced again. */
    void abandon() {
        if (segment != null && out != null) {
            Disk.Output output = out;
            end(forced, true);
            close(output);
        }
    }

    private void end(int length, boolean untidy) {
        Segment ended = segment();
        index.seal(ended, length, untidy);
        previous = ended.header.last();
        previousLength = length;
        segment = null;
        out = null;
    }

    private static void close(Disk.Output output) {
        try {
            output.close();
        } catch (IOException e) {
            LOG.debug("cannot close a file that failed", e);
        }
    }
}
