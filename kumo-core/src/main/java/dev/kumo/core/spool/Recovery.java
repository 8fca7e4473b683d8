package dev.kumo.core.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Fills the index from what is on the disk, after a good end or a crash. */
final class Recovery {

    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    private final Disk disk;
    private final Path directory;
    private final Index index;
    private final Damage damage;

    /** Records of messages whose contents are missing, and no removal has come yet. */
    private final Map<Index.Key, Orphan> orphans = new HashMap<>();

    /**
     * The disk does not give back what a segment holds. To go on without it would send mail again whose removal is in it, and lose
     * what nobody has seen to be lost: that is for a human to decide.
     */
    private static final class Unreadable extends IOException {

        private static final long serialVersionUID = 1L;

        Unreadable(Path file, String where, IOException cause) {
            super(
                    "cannot read '" + file + "'" + where + ": " + cause + ". Copy the spool to a sound"
                            + " disk and start with that copy; or, to start without the messages in this file, move it out of"
                            + " the spool. What it says was removed may then be sent again",
                    cause);
        }
    }

    private record Checked(Disk.Input input, Path file) implements Disk.Input {

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            try {
                return input.read(target, position);
            } catch (IOException e) {
                throw new Unreadable(file, " at offset " + position, e);
            }
        }

        @Override
        public long size() throws IOException {
            return input.size();
        }

        @Override
        public void close() throws IOException {
            input.close();
        }
    }

    private record Orphan(long arrival, Segment segment, int offset, int length) {}

    /**
     * Where to go on.
     *
     * @param number the greatest number of a segment, 0 if there is none
     * @param length how much of that one counts
     * @param salt of that one, if there is one
     */
    record Found(int number, int length, Optional<Long> salt) {}

    private Recovery(Disk disk, Path directory, Index index, Damage damage) {
        this.disk = disk;
        this.directory = directory;
        this.index = index;
        this.damage = damage;
    }

    static Found run(Disk disk, Path directory, Index index, Damage damage) throws IOException {
        return new Recovery(disk, directory, index, damage).run();
    }

    private Found run() throws IOException {
        List<Segment> segments = segments();
        Map<Integer, Integer> lengths = new HashMap<>();
        for (Segment segment : segments) {
            lengths.merge(segment.header.previous(), segment.header.previousLength(), Math::min);
        }
        index.beginRestart();
        Segment last = null;
        for (Segment segment : segments) {
            last = read(segment, lengths).orElse(segment);
        }
        disk.syncDirectory(directory);
        index.endRestart();
        orphans.forEach((key, orphan) -> damage.setAside(
                orphan.segment(),
                orphan.offset(),
                orphan.length(),
                "the content of message " + key.id() + " is missing;" + " its envelope is"));
        if (last == null) {
            return new Found(0, 0, Optional.empty());
        }
        return new Found(last.header.last(), last.size, Optional.of(last.header.salt()));
    }

    private List<Segment> segments() throws IOException {
        List<Segment> found = new ArrayList<>();
        boolean deleted = false;
        for (Path file : disk.list(directory)) {
            String name = file.getFileName().toString();
            if (name.endsWith(Compaction.UNFINISHED)) {
                disk.delete(file);
                deleted = true;
            }
            Optional<SegmentHeader> named = SegmentHeader.ofName(name);
            if (named.isPresent()) {
                found.add(new Segment(header(file, named.get()), directory));
            }
        }
        found.sort(Comparator.comparingInt(segment -> segment.header.first()));
        for (Segment segment : List.copyOf(found)) {
            if (found.stream().anyMatch(other -> other.header.replaces(segment.header))) {
                disk.delete(segment.file);
                found.remove(segment);
                deleted = true;
            }
        }
        if (deleted) {
            disk.syncDirectory(directory);
        }
        return found;
    }

    private SegmentHeader header(Path file, SegmentHeader named) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(SegmentHeader.SIZE);
        try (Disk.Input input = open(file)) {
            while (bytes.hasRemaining() && input.read(bytes, bytes.position()) > 0) {
                // until the header is whole, or the file ends
            }
        }
        SegmentHeader header;
        try {
            header = SegmentHeader.read(bytes.flip()).orElse(named);
        } catch (IOException e) {
            throw new IOException("cannot read '" + file + "': " + e.getMessage(), e);
        }
        if (!header.fileName().equals(named.fileName())) {
            throw new IOException("'" + file + "' has another name than it had: name it '" + header.fileName() + "'");
        }
        return header;
    }

    /** Answers with the segment as it is now, or with nothing if there is nothing in it. */
    private Optional<Segment> read(Segment segment, Map<Integer, Integer> lengths) throws IOException {
        try (Disk.Input input = open(segment.file)) {
            int size = Math.toIntExact(input.size());
            Integer known =
                    segment.header.generation() == 0 ? lengths.get(segment.header.last()) : Integer.valueOf(size);
            Tail tail = known == null ? Tail.of(segment, input, size) : new Tail(Math.min(known, size), List.of());
            if (!tail.beyond().isEmpty()) {
                Segment copy = new Rescue(disk, directory, damage, segment, input).run(tail);
                try (Disk.Input copied = open(copy.file)) {
                    take(copy, copied, copy.size);
                }
                return Optional.of(copy);
            }
            int end = tail.end();
            if (known != null && size < known) {
                LOG.error("damage in the spool: {} has {} bytes, and had {}. Check the disk", segment, size, known);
            }
            if (end < size) {
                LOG.info("cut {} bytes off {}, which nobody was told to be in the spool", size - end, segment);
            }
            if (known == null || end < size) {
                // Also forces what the last process only handed to the system.
                disk.truncate(segment.file, end);
            }
            if (end < SegmentHeader.SIZE) {
                disk.delete(segment.file); // its beginning was interrupted
                return Optional.empty();
            }
            take(segment, input, end);
            return Optional.of(segment);
        } catch (Unreadable e) {
            throw e;
        } catch (IOException e) {
            throw new IOException("cannot read '" + segment.file + "': " + e.getMessage(), e);
        }
    }

    private Disk.Input open(Path file) throws IOException {
        try {
            return new Checked(disk.open(file), file);
        } catch (IOException e) {
            throw new Unreadable(file, "", e);
        }
    }

    private void take(Segment segment, Disk.Input input, int end) throws IOException {
        index.add(segment);
        apply(segment, input, end);
        index.seal(segment, end, false);
        index.seen(segment.header.nextArrival() - 1);
    }

    private void apply(Segment segment, Disk.Input input, int end) throws IOException {
        SegmentScan scan = new SegmentScan(input, segment.header.salt(), SegmentHeader.SIZE, end);
        while (scan.next()) {
            RecordHeader record = scan.record();
            if (record == null) {
                damage.setAside(segment, scan.offset(), scan.end() - scan.offset(), "a bad piece");
            } else {
                apply(record, segment, scan.offset());
            }
        }
    }

    private void apply(RecordHeader record, Segment segment, int offset) {
        Index.Key key = new Index.Key(record.idHigh(), record.idLow());
        switch (record.type()) {
            case RecordHeader.CONTENT -> index.recoverContent(record, segment, offset);
            case RecordHeader.MESSAGE -> {
                if (index.recoverMessage(record, segment, offset)) {
                    orphans.remove(key);
                } else {
                    orphans.put(key, new Orphan(record.arrival(), segment, offset, record.length()));
                }
            }
            case RecordHeader.REMOVE -> {
                index.recoverRemoval(record, segment);
                Orphan orphan = orphans.get(key);
                if (orphan != null && orphan.arrival() <= record.arrival()) {
                    orphans.remove(key);
                }
            }
            default -> {}
        }
    }
}
