package dev.kumo.core.queue;

import dev.kumo.core.mail.QueueName;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The messages of one campaign, tenant and domain, as far as they are known here. Used under the {@link Guard}. */
final class ScheduledQueue {

    final QueueName name;

    /** Those that are due, in order. */
    final ArrayDeque<Entry> line = new ArrayDeque<>(4);

    /** How many wait for their time. */
    int waiting;

    /** How many are due: in the line, in a ready queue, or in somebody's hands. */
    int active;

    /** Whether it has a turn coming. */
    boolean inTurn;

    /** Whether a worker has it. One has it at a time. */
    boolean served;

    /** Whether its line does not move until something changes. */
    boolean parked;

    /** Whether it is parked for longer than it takes to find a route. */
    boolean stalled;

    /** By what some of those that wait were held, or still are. */
    private List<Hold> holds = List.of();

    /** When something was last done with it, in milliseconds. */
    long touched;

    /** What is known of its options and its way; belongs to the worker that has it, but may be read by all. */
    volatile @Nullable Terms terms;

    volatile @Nullable Way way;

    ScheduledQueue(QueueName name, long nowMillis) {
        this.name = name;
        this.touched = nowMillis;
    }

    /** Notes that a message waits for the end of an order. */
    void hold(Hold hold, long nowMillis) {
        if (!holds.contains(hold)) {
            List<Hold> changed = new ArrayList<>(holds);
            changed.removeIf(other -> other.order().until().toEpochMilli() < nowMillis);
            changed.add(hold);
            holds = List.copyOf(changed);
        }
    }

    /** Takes out the holds of some orders. */
    List<Hold> takeHolds(Predicate<AdminOrder> which) {
        List<Hold> taken =
                holds.stream().filter(hold -> which.test(hold.order())).toList();
        holds = holds.stream().filter(hold -> !taken.contains(hold)).toList();
        return taken;
    }

    boolean isEmpty() {
        return waiting == 0 && active == 0;
    }

    int depth() {
        return waiting + active;
    }

    @Override
    public String toString() {
        return name.text();
    }
}
