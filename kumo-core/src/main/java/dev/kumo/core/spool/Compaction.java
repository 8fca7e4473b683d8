package dev.kumo.core.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives back the room of what is gone: copies what is left in segments of which little is left into a new one, and deletes
 * them. It shares no file with those who write, so nobody waits for it.
 *
 * <p>The copy takes the place of the originals in the order, so that what came after them still does. It gets its name
 * once it is complete and on the disk; from then on it counts, and a restart would delete the originals. If nothing is left
 * there is no copy, and the originals go one by one from the oldest on: the removal of a message must not go before the message.
 *
 * <p>A segment in which something is needed that cannot be read stays as it is for as long as that is needed.
 */
final class Compaction {

    static final String UNFINISHED = ".tmp";

    private static final Logger LOG = LoggerFactory.getLogger(Compaction.class);

    private static final int BUFFER = 1 << 18;

    /** So much is forced at once, since whoever forces elsewhere on the disk may have to wait for it. */
    private static final int FORCE_EVERY = 4 << 20;

    private static final int MOVE_AT_ONCE = 1000;

    private final Disk disk;
    private final Path directory;
    private final int segmentSize;
    private final Index index;
    private final ReadChannels channels;
    private final Damage damage;
    private final BarrierToDisk barrier;
    private final BooleanSupplier ending;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);

    /** Returns once all that the index says is on the disk. */
    interface BarrierToDisk {
        void await() throws IOException;
    }

    Compaction(
            Disk disk,
            DiskSettings settings,
            Index index,
            ReadChannels channels,
            Damage damage,
            BarrierToDisk barrier,
            BooleanSupplier ending) {
        this.disk = disk;
        this.directory = settings.path();
        this.segmentSize = settings.segmentSize();
        this.index = index;
        this.channels = channels;
        this.damage = damage;
        this.barrier = barrier;
        this.ending = ending;
    }

    /** Does what there is to do. */
    void run() throws IOException {
        List<Segment> old = index.worthCopying(segmentSize);
        while (!old.isEmpty() && !ending.getAsBoolean()) {
            if (!compact(old)) {
                return;
            }
            old = index.worthCopying(segmentSize);
        }
    }

    private boolean compact(List<Segment> old) throws IOException {
        Segment copy = new Segment(header(old), directory);
        List<Index.Moved> moved;
        Path unfinished = directory.resolve(copy.file.getFileName() + UNFINISHED);
        try {
            moved = copy(old, copy, unfinished);
        } catch (Ended e) {
            disk.delete(unfinished);
            return false;
        } catch (Stuck e) {
            disk.delete(unfinished);
            index.keep(e.segment);
            return true;
        } catch (IOException e) {
            deleteQuietly(unfinished);
            throw e;
        }
        // What was left out of the copy, since it is removed or changed, must not come back as it was earlier.
        barrier.await();
        // What follows a failed write counts as long as nobody says otherwise, and only the copy could say it.
        boolean needed = copy.size > SegmentHeader.SIZE || index.tellsLengthOfAnother(old.get(0));
        if (needed) {
            disk.rename(unfinished, copy.file);
            disk.syncDirectory(directory);
            index.add(copy);
            for (int from = 0; from < moved.size(); from += MOVE_AT_ONCE) {
                index.move(moved.subList(from, Math.min(moved.size(), from + MOVE_AT_ONCE)), copy);
            }
            index.seal(copy, copy.size, false);
        } else {
            disk.delete(unfinished);
        }
        delete(old, needed);
        LOG.debug("copied {} of {} segments into {}", moved.size(), old.size(), copy);
        return true;
    }

    private SegmentHeader header(List<Segment> old) {
        SegmentHeader first = old.get(0).header;
        int last = first.last();
        int generation = first.generation();
        for (Segment segment : old) {
            last = Math.max(last, segment.header.last());
            generation = Math.max(generation, segment.header.generation());
        }
        // An old file that could not be deleted is copied again, and must not take the place of its first copy.
        for (Segment segment : index.segments()) {
            if (segment.header.first() == first.first()) {
                generation = Math.max(generation, segment.header.generation());
            }
        }
        return new SegmentHeader(
                first.first(),
                last,
                generation + 1,
                first.salt(),
                first.nextArrival(),
                first.previous(),
                first.previousLength());
    }

    private List<Index.Moved> copy(List<Segment> old, Segment copy, Path file) throws IOException, Ended, Stuck {
        disk.delete(file);
        List<Index.Moved> moved = new ArrayList<>();
        try (Disk.Output out = disk.create(file)) {
            Copying copying = new Copying(out, copy, old.get(0), moved);
            copying.begin();
            for (Segment segment : old) {
                try (Disk.Input input = disk.open(segment.file)) {
                    copying.copy(segment, input);
                }
            }
            copying.end();
        }
        return moved;
    }

    private void delete(List<Segment> old, boolean inAnyOrder) throws IOException {
        for (Segment segment : old) {
            channels.forget(segment);
            disk.delete(segment.file);
            if (!inAnyOrder) {
                disk.syncDirectory(directory);
            }
        }
        if (inAnyOrder) {
            disk.syncDirectory(directory);
        }
        old.forEach(index::forget); // not before: as long as a file may be there, removals of what is in it are kept
    }

    private void deleteQuietly(Path file) {
        try {
            disk.delete(file);
        } catch (IOException e) {
            LOG.debug("cannot delete {}; the next start will", file, e);
        }
    }

    /** The spool is closing. */
    private static final class Ended extends Exception {
        private static final long serialVersionUID = 1L;
    }

    /** Something that is needed cannot be copied. */
    private static final class Stuck extends Exception {
        private static final long serialVersionUID = 1L;

        final transient Segment segment;

        Stuck(Segment segment) {
            this.segment = segment;
        }
    }

    private final class Copying {

        private final Disk.Output out;
        private final Segment copy;
        private final Segment oldest;
        private final List<Index.Moved> moved;
        private int sinceForce;

        Copying(Disk.Output out, Segment copy, Segment oldest, List<Index.Moved> moved) {
            this.out = out;
            this.copy = copy;
            this.oldest = oldest;
            this.moved = moved;
        }

        void begin() throws IOException {
            buffer.clear();
            out.write(copy.header.bytes());
        }

        void copy(Segment from, Disk.Input input) throws IOException, Ended, Stuck {
            long[] contents = index.occupants().contentsIn(from);
            SegmentScan scan = new SegmentScan(input, from.header.salt(), SegmentHeader.SIZE, from.size);
            while (scan.next()) {
                RecordHeader record = scan.record();
                if (ending.getAsBoolean()) {
                    throw new Ended();
                }
                int offset = scan.offset();
                if (record == null) {
                    damage.setAside(from, offset, scan.end() - offset, "a bad piece");
                    if (index.occupants().isUsed(from, offset, scan.end())) {
                        throw new Stuck(from); // the disk may yet give it back, and somebody mend it from its copy
                    }
                    continue;
                }
                if (record.type() == RecordHeader.REMOVE) {
                    if (index.isNeeded(record, oldest)) {
                        write(record, input, offset);
                        copy.removals += record.length();
                        copy.removed.add(record.arrival());
                    }
                    continue;
                }
                int slot = slotOf(record, from, offset, contents);
                if (slot != MessageTable.NONE) {
                    int to = write(record, input, offset);
                    moved.add(new Index.Moved(record.type(), slot, from, offset, to, record.length()));
                    if (record.type() == RecordHeader.MESSAGE) {
                        copy.messages.add(record.arrival());
                    }
                }
            }
        }

        private int slotOf(RecordHeader record, Segment from, int offset, long[] contents) {
            return switch (record.type()) {
                case RecordHeader.MESSAGE -> index.liveMessage(record, from, offset);
                case RecordHeader.CONTENT -> contentAt(contents, offset);
                default -> MessageTable.NONE;
            };
        }

        private static int contentAt(long[] contents, int offset) {
            int at = Arrays.binarySearch(contents, (long) offset << 32);
            int next = at < 0 ? -at - 1 : at;
            return next < contents.length && (int) (contents[next] >>> 32) == offset
                    ? (int) contents[next]
                    : MessageTable.NONE;
        }

        /** Copies the body as it is, damaged or not: whoever reads it will see. */
        private int write(RecordHeader record, Disk.Input input, int offset) throws IOException, Ended {
            int to = copy.size;
            put(ByteBuffer.wrap(record.movedTo(to).bytes(copy.header.salt())));
            int at = offset + RecordHeader.SIZE;
            int end = offset + record.length();
            while (at < end) {
                if (!buffer.hasRemaining()) {
                    drain();
                }
                int limit = Math.min(buffer.limit(), buffer.position() + end - at);
                int read = input.read(buffer.limit(limit), at);
                buffer.limit(buffer.capacity());
                if (read <= 0) {
                    throw new IOException("a segment became shorter");
                }
                at += read;
            }
            copy.size = to + record.length();
            return to;
        }

        private void put(ByteBuffer bytes) throws IOException, Ended {
            if (buffer.remaining() < bytes.remaining()) {
                drain();
            }
            buffer.put(bytes);
        }

        private void drain() throws IOException, Ended {
            if (ending.getAsBoolean()) {
                throw new Ended();
            }
            sinceForce += buffer.position();
            out.write(buffer.flip());
            buffer.clear();
            if (sinceForce >= FORCE_EVERY) {
                out.force();
                sinceForce = 0;
            }
        }

        void end() throws IOException, Ended {
            drain();
            out.force();
        }
    }
}
