package dev.kumo.core.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * Makes a segment anew without the pieces in it that are bad or do not count, where what counts stands behind them. The copy takes
 * the segment's place as one of {@link Compaction} does: it has its name once it is on the disk, and then only it counts.
 */
final class Rescue {

    private static final int BUFFER = 1 << 16;

    private final Disk disk;
    private final Path directory;
    private final Damage damage;
    private final Segment from;
    private final Disk.Input input;
    private final Segment copy;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);

    Rescue(Disk disk, Path directory, Damage damage, Segment from, Disk.Input input) {
        this.disk = disk;
        this.directory = directory;
        this.damage = damage;
        this.from = from;
        this.input = input;
        SegmentHeader old = from.header;
        this.copy = new Segment(
                new SegmentHeader(
                        old.first(),
                        old.last(),
                        old.generation() + 1,
                        old.salt(),
                        old.nextArrival(),
                        old.previous(),
                        old.previousLength()),
                directory);
    }

    /** Answers with the new segment; the old one is deleted. */
    Segment run(Tail tail) throws IOException {
        Path unfinished = directory.resolve(copy.file.getFileName() + Compaction.UNFINISHED);
        try (Disk.Output out = disk.create(unfinished)) {
            out.write(copy.header.bytes());
            records(SegmentHeader.SIZE, tail.end(), out);
            int at = tail.end();
            for (Tail.Span span : tail.beyond()) {
                if (at < span.from()) {
                    damage.leaveOut(from, at, span.from() - at);
                }
                records(span.from(), span.to(), out);
                at = span.to();
            }
            out.force();
        }
        disk.rename(unfinished, copy.file);
        disk.syncDirectory(directory);
        disk.delete(from.file);
        return copy;
    }

    private void records(int start, int end, Disk.Output out) throws IOException {
        SegmentScan scan = new SegmentScan(input, from.header.salt(), start, end);
        while (scan.next()) {
            RecordHeader record = scan.record();
            if (record == null) {
                damage.setAside(from, scan.offset(), scan.end() - scan.offset(), "a bad piece");
            } else {
                out.write(ByteBuffer.wrap(record.movedTo(copy.size).bytes(copy.header.salt())));
                body(scan.offset() + RecordHeader.SIZE, scan.end(), out);
                copy.size += record.length();
            }
        }
    }

    private void body(int start, int end, Disk.Output out) throws IOException {
        int at = start;
        while (at < end) {
            int read = input.read(buffer.clear().limit(Math.min(BUFFER, end - at)), at);
            if (read <= 0) {
                throw new IOException("it became shorter");
            }
            at += read;
            out.write(buffer.flip());
        }
    }
}
