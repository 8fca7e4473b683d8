package dev.kumo.core.spool;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The segments in their order, each also by the small number that the tables have for it. Used within the {@link Index} only.
 */
final class SegmentList {

    /** Copying is worth its while if at least this part of a segment's size becomes free. */
    private static final int WORTH = 16;

    /** So many small ones in a row are made one, whatever is in them. */
    private static final int MANY = 8;

    private final List<@Nullable Segment> byHandle = new ArrayList<>(); // handles are not used twice: 8 bytes a segment
    private final List<Segment> order = new ArrayList<>();

    void add(Segment segment) {
        segment.handle = byHandle.size();
        byHandle.add(segment);
        order.add(segment);
        order.sort(Comparator.comparingInt(each -> each.header.first()));
    }

    void remove(Segment segment) {
        byHandle.set(segment.handle, null);
        order.remove(segment);
    }

    Segment get(int handle) {
        return Objects.requireNonNull(byHandle.get(handle), "the segment is gone");
    }

    /** Counts what is no more in use in a segment; that may be gone if nothing else was. */
    void release(int handle, int length) {
        Segment segment = byHandle.get(handle);
        if (segment != null) {
            segment.live -= length;
        }
    }

    /**
     * Whether a segment says how much of another one counts that holds more, so that it is needed even if nothing is in it.
     */
    boolean tellsLengthOfAnother(Segment segment) {
        return order.stream().anyMatch(other -> other.untidy && other.header.last() == segment.header.previous());
    }

    List<Segment> inOrder() {
        return List.copyOf(order);
    }

    /** Whether a segment in front of another may have a record of the message with this arrival number. */
    boolean mayHold(long arrival, Segment before) {
        for (Segment segment : order) {
            if (segment.header.first() >= before.header.first()) {
                return false;
            }
            if (segment.messages.contains(arrival)) {
                return true;
            }
        }
        return false;
    }

    /** The oldest ones first: once they are gone, removals after them need not be kept. */
    List<Segment> worthCopying(int segmentSize) {
        for (int from = 0; from < order.size(); from++) {
            if (isWorthCopying(from, segmentSize)) {
                return order.subList(from, endOfRun(from, segmentSize)).stream().toList();
            }
        }
        return smallOnes(segmentSize);
    }

    private boolean isWorthCopying(int at, int segmentSize) {
        Segment segment = order.get(at);
        if (!isMovable(segment)) {
            return false;
        }
        int records = segment.size - SegmentHeader.SIZE;
        if (segment.live > records / 2 || records == 0 && tellsLengthOfAnother(segment)) {
            return false;
        }
        long kept = kept(at);
        return kept == 0 || kept <= records / 2 && records - kept >= segmentSize / WORTH;
    }

    private static boolean isMovable(Segment segment) {
        return segment.sealed && !(segment.stuck && segment.live > 0);
    }

    private long kept(int at) {
        Segment segment = order.get(at);
        for (int before = 0; before < at && segment.removals > 0; before++) {
            if (order.get(before).messages.meets(segment.removed)) {
                return segment.live + segment.removals;
            }
        }
        return segment.live;
    }

    private int endOfRun(int from, int segmentSize) {
        long kept = kept(from);
        int to = from + 1;
        while (to < order.size() && follows(to) && isWorthCopying(to, segmentSize)) {
            kept += kept(to);
            if (kept > segmentSize) {
                break;
            }
            to++;
        }
        return to;
    }

    private List<Segment> smallOnes(int segmentSize) {
        int from = 0;
        for (int to = 0; to < order.size(); to++) {
            Segment segment = order.get(to);
            if (!isMovable(segment) || segment.size > segmentSize / WORTH || to > from && !follows(to)) {
                from = isMovable(segment) && segment.size <= segmentSize / WORTH ? to : to + 1;
            } else if (to - from + 1 == MANY) {
                return order.subList(from, to + 1).stream().toList();
            }
        }
        return List.of();
    }

    /** Whether a segment can be copied into one with that before it. */
    private boolean follows(int at) {
        return order.get(at).header.salt() == order.get(at - 1).header.salt();
    }
}
