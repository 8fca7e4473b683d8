package dev.kumo.core.spool;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The end of the newest segment, where a bad piece may be what a crash left, or damage in a commit that was acknowledged: nothing
 * that was written later tells which. So whole transactions count wherever they stand, and pieces of one never do.
 *
 * @param end where the whole transactions end that stand in front of the first bad piece
 * @param beyond the whole transactions behind it
 */
record Tail(int end, List<Span> beyond) {

    /** A piece of the segment. */
    record Span(int from, int to) {}

    static Tail of(Segment segment, Disk.Input input, int size) throws IOException {
        int end = forced(segment, input, size);
        List<Span> beyond = new ArrayList<>();
        SegmentScan scan = new SegmentScan(input, segment.header.salt(), end, size);
        int begun = -1;
        while (scan.next()) {
            RecordHeader record = scan.isSound() ? scan.record() : null;
            if (record == null) {
                begun = -1;
                continue;
            }
            begun = record.is(RecordHeader.FIRST) ? scan.offset() : begun;
            if (begun >= 0 && record.is(RecordHeader.LAST)) {
                if (begun == end) {
                    end = scan.end();
                } else {
                    beyond.add(new Span(begun, scan.end()));
                }
                begun = -1;
            }
        }
        return new Tail(end, beyond);
    }

    private static int forced(Segment segment, Disk.Input input, int size) throws IOException {
        int forced = Math.min(size, SegmentHeader.SIZE);
        SegmentScan all = new SegmentScan(input, segment.header.salt(), forced, size);
        while (all.next()) {
            @Nullable RecordHeader record = all.record();
            if (record != null) {
                forced = Math.max(forced, record.forced());
            }
        }
        return forced;
    }
}
