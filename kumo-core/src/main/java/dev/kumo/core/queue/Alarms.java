package dev.kumo.core.queue;

import java.util.PriorityQueue;

/** What is to be done at a certain time, and takes but a moment. Used under the {@link Guard}. */
final class Alarms {

    private final PriorityQueue<Alarm> waiting = new PriorityQueue<>();
    private final Runnable earlier;
    private long count;

    private record Alarm(long at, long number, Runnable task) implements Comparable<Alarm> {

        @Override
        public int compareTo(Alarm other) {
            int byTime = Long.compare(at, other.at);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    /** Says when the earliest alarm has changed. */
    Alarms(Runnable earlier) {
        this.earlier = earlier;
    }

    void at(long millis, Runnable task) {
        boolean first = waiting.isEmpty() || waiting.peek().at() > millis;
        waiting.add(new Alarm(millis, count++, task));
        if (first) {
            earlier.run();
        }
    }

    void ring(long nowMillis) {
        while (!waiting.isEmpty() && waiting.peek().at() <= nowMillis) {
            waiting.remove().task().run();
        }
    }

    /** When the next one is due; {@link Long#MAX_VALUE} if there is none. */
    long next() {
        Alarm first = waiting.peek();
        return first == null ? Long.MAX_VALUE : first.at();
    }
}
