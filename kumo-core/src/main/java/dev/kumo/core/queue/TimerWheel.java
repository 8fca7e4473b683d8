package dev.kumo.core.queue;

import dev.kumo.core.mail.MessageId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.function.Predicate;

/**
 * Messages that wait for their time. Not safe for use by several threads at once: its owner has a lock.
 */
final class TimerWheel<Q> {

    private final PriorityQueue<Waiting<Q>> waiting = new PriorityQueue<>();

    /** Is told of messages, one by one. It may add to the wheel that tells it. */
    interface Sink<Q> {

        void accept(MessageId id, Q queue, long dueMillis);
    }

    private record Waiting<Q>(long due, MessageId id, Q queue) implements Comparable<Waiting<Q>> {
        @Override
        public int compareTo(Waiting<Q> other) {
            return Long.compare(due, other.due);
        }
    }

    TimerWheel(Duration tick, long nowMillis) {}

    /** Has a message wait; one that is due already comes with the next {@link #advance}. */
    void add(long dueMillis, MessageId id, Q queue) {
        waiting.add(new Waiting<>(dueMillis, id, queue));
    }

    /** Hands over what is due, in order of ticks, and in order of arrival within one; at most so many. Returns how many. */
    int advance(long nowMillis, int most, Sink<? super Q> due) {
        ArrayDeque<Waiting<Q>> ready = new ArrayDeque<>();
        while (ready.size() < most && !waiting.isEmpty() && waiting.peek().due() <= nowMillis) {
            ready.add(waiting.remove());
        }
        ready.forEach(entry -> due.accept(entry.id(), entry.queue(), entry.due()));
        return ready.size();
    }

    /** When {@link #advance} will next have something; empty if nothing waits. */
    OptionalLong nextDue() {
        return waiting.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(waiting.peek().due());
    }

    /** Takes out all messages of some queues, in no certain order. Takes time for each that waits. Returns how many. */
    int remove(Predicate<? super Q> queues, Sink<? super Q> removed) {
        int before = waiting.size();
        for (Iterator<Waiting<Q>> all = waiting.iterator(); all.hasNext(); ) {
            Waiting<Q> entry = all.next();
            if (queues.test(entry.queue())) {
                all.remove();
                removed.accept(entry.id(), entry.queue(), entry.due());
            }
        }
        return before - waiting.size();
    }

    /** How many messages wait. */
    int size() {
        return waiting.size();
    }
}
