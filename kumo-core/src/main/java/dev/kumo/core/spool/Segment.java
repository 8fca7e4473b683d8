package dev.kumo.core.spool;

import java.nio.file.Path;

/**
 * A file of records, and what is known of it. All but the header, the path and {@link #gone} is guarded by the
 * {@link Index}.
 */
final class Segment {

    final SegmentHeader header;
    final Path file;

    /** Its name within the index. */
    int handle = -1;

    /** Where its records end, once it is sealed. */
    int size = SegmentHeader.SIZE;

    /** Whether nothing will be added. */
    boolean sealed;

    /** Whether the file holds more than counts, because a write failed. */
    boolean untidy;

    /** Whether something in use cannot be copied out of it. */
    boolean stuck;

    /** How many bytes of it are in use. */
    long live;

    /** How many bytes of it are records of removals. */
    long removals;

    /** The arrival numbers of the messages that it has records of, dead or alive. */
    final Range messages = new Range();

    /** The arrival numbers of the messages of which it records the removal. */
    final Range removed = new Range();

    /** Whether the file is deleted, so that what was in it is elsewhere or nowhere. */
    volatile boolean gone;

    Segment(SegmentHeader header, Path directory) {
        this.header = header;
        this.file = directory.resolve(header.fileName());
    }

    @Override
    public String toString() {
        return file.getFileName().toString();
    }

    /** From the least to the greatest of some numbers. */
    static final class Range {

        private long least = Long.MAX_VALUE;
        private long greatest = Long.MIN_VALUE;

        void add(long number) {
            least = Math.min(least, number);
            greatest = Math.max(greatest, number);
        }

        boolean contains(long number) {
            return least <= number && number <= greatest;
        }

        boolean meets(Range other) {
            return least <= other.greatest && other.least <= greatest;
        }
    }
}
