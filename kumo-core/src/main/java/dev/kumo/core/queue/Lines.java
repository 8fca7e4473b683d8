package dev.kumo.core.queue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The messages that are due, a line for each scheduled queue. The queues take turns, so that one with a million messages holds up
 * one with a single message no longer than one with two does; and one that cannot move holds up nobody.
 *
 * <p>How many stand in line is bounded and divided fairly: a queue may have as many as there is room beside them. Used under the
 * {@link Guard}.
 */
final class Lines {

    private final int capacity;
    private final ArrayDeque<ScheduledQueue> turns = new ArrayDeque<>();
    private final Runnable turnGiven;
    private int size;

    /** Says when a queue has a turn coming. */
    Lines(int capacity, Runnable turnGiven) {
        this.capacity = capacity;
        this.turnGiven = turnGiven;
    }

    /** Puts a message last; false if its queue has had its share of the room. */
    boolean offer(Entry entry) {
        ScheduledQueue queue = entry.queue;
        if (queue.line.size() >= capacity - size) {
            return false;
        }
        queue.line.add(entry);
        size++;
        giveTurn(queue);
        return true;
    }

    /** Takes the first of a line. */
    @Nullable Entry poll(ScheduledQueue queue) {
        Entry entry = queue.line.poll();
        if (entry != null) {
            size--;
        }
        return entry;
    }

    /** Takes all of a line that are wanted. */
    List<Entry> take(ScheduledQueue queue, Predicate<Entry> wanted) {
        List<Entry> taken = new ArrayList<>();
        queue.line.removeIf(entry -> wanted.test(entry) && taken.add(entry));
        size -= taken.size();
        return taken;
    }

    /** The queue whose turn it is, which is then served until {@link #served}; null if none has one. */
    @Nullable ScheduledQueue next() {
        ScheduledQueue queue = turns.poll();
        if (queue != null) {
            queue.inTurn = false;
            queue.served = true;
        }
        return queue;
    }

    void served(ScheduledQueue queue) {
        queue.served = false;
        giveTurn(queue);
    }

    void park(ScheduledQueue queue, boolean stalled) {
        queue.parked = true;
        queue.stalled = stalled;
    }

    void unpark(ScheduledQueue queue) {
        queue.parked = false;
        queue.stalled = false;
        giveTurn(queue);
    }

    private void giveTurn(ScheduledQueue queue) {
        if (!queue.inTurn && !queue.served && !queue.parked && !queue.line.isEmpty()) {
            queue.inTurn = true;
            turns.add(queue);
            turnGiven.run();
        }
    }

    /** How many queues have a turn coming. */
    int turns() {
        return turns.size();
    }

    int size() {
        return size;
    }
}
