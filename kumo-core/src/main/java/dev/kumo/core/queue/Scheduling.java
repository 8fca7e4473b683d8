package dev.kumo.core.queue;

import dev.kumo.core.mail.MessageId;
import dev.kumo.core.mail.QueueName;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Which messages wait, and where: in the wheel for their time, or in line. Of one that waits for its time no more is known than its
 * name, its queue and that time. Used under the {@link Guard}.
 */
final class Scheduling {

    /** How many may stand in line. */
    static final int LINES = 200_000;

    /** Those that find no room come back within this time, each at another, so that they do not all do so at once. */
    private static final int NO_ROOM_MILLIS = 60_000;

    private static final Duration TICK = Duration.ofSeconds(1);

    private final Map<String, ScheduledQueue> queues = new HashMap<>();
    private final TimerWheel<ScheduledQueue> wheel;
    private final Lines lines;
    private final RandomGenerator random;
    private final Consumer<Entry> noRoom;
    private final InstantSource time;
    private long now;

    /** Hands over messages for which there is no room in line. */
    Scheduling(Lines lines, InstantSource time, RandomGenerator random, Consumer<Entry> noRoom) {
        this.lines = lines;
        this.time = time;
        this.random = random;
        this.noRoom = noRoom;
        this.now = time.millis();
        this.wheel = new TimerWheel<>(TICK, now);
    }

    /** The queue of that name, made if there is none. */
    ScheduledQueue queue(QueueName name) {
        return queues.computeIfAbsent(name.text(), text -> new ScheduledQueue(name, time.millis()));
    }

    @Nullable ScheduledQueue find(String name) {
        return queues.get(name);
    }

    Collection<ScheduledQueue> queues() {
        return queues.values();
    }

    /** A message that was not here before and waits for its time. */
    void add(MessageId id, ScheduledQueue queue, long due) {
        queue.touched = time.millis();
        queue.waiting++;
        wheel.add(due, id, queue);
    }

    /** A message that was not here before and is due. */
    void add(Entry entry) {
        entry.queue.active++;
        line(entry);
    }

    /** A message that was not here before and is in somebody's hands. */
    void addAside(Entry entry) {
        entry.queue.active++;
    }

    /** A message in somebody's hands is due. */
    void line(Entry entry) {
        entry.queue.touched = time.millis();
        if (!lines.offer(entry)) {
            noRoom.accept(entry);
        }
    }

    /** A message in somebody's hands has to wait. */
    void wait(Entry entry, long due) {
        entry.queue.active--;
        add(entry.id, entry.queue, due);
    }

    /** A message in somebody's hands comes back soon. */
    void waitForRoom(Entry entry) {
        wait(entry, now + random.nextInt(NO_ROOM_MILLIS));
    }

    /** A message in somebody's hands is no more. */
    void gone(Entry entry) {
        entry.queue.touched = time.millis();
        entry.queue.active--;
    }

    /** A message in somebody's hands belongs to another queue. */
    void move(Entry entry, QueueName name) {
        if (!entry.queue.name.equals(name)) {
            gone(entry);
            entry.queue = queue(name);
            entry.queue.active++;
        }
    }

    /** Has those whose time has come stand in line, at most so many; says how many there were. */
    int advance(long nowMillis, int most) {
        now = Math.max(now, nowMillis);
        return wheel.advance(nowMillis, most, (id, queue, due) -> {
            queue.waiting--;
            add(new Entry(id, queue, null));
        });
    }

    /** Takes out some of those that wait in some queues; they are then in the hands of the caller. */
    List<Entry> takeWaiting(Predicate<ScheduledQueue> queues, TimerWheel.Which<ScheduledQueue> which) {
        List<Entry> taken = new ArrayList<>();
        wheel.remove(queues, which, (id, queue, due) -> {
            queue.waiting--;
            queue.active++;
            taken.add(new Entry(id, queue, null));
        });
        return taken;
    }

    /** Shows those that wait in some queues. */
    void forEachWaiting(Predicate<ScheduledQueue> queues, TimerWheel.Sink<ScheduledQueue> sink) {
        wheel.forEach(queues, sink);
    }

    /** Forgets queues that have been empty for a while. */
    void reap(long nowMillis) {
        queues.values().removeIf(queue -> {
            Terms terms = queue.terms;
            QueueOptions options = terms == null ? QueueOptions.DEFAULT : terms.options();
            return queue.isEmpty()
                    && !queue.served
                    && nowMillis - queue.touched >= options.reapInterval().toMillis();
        });
    }

    /** When something will be due; {@link Long#MAX_VALUE} if nothing waits. */
    long nextDue() {
        return wheel.nextDue().orElse(Long.MAX_VALUE);
    }

    int waiting() {
        return wheel.size();
    }
}
