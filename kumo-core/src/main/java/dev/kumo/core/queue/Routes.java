package dev.kumo.core.queue;

import dev.kumo.core.delivery.Delivery;
import dev.kumo.core.delivery.Outcome;
import dev.kumo.core.delivery.Route;
import dev.kumo.core.delivery.UnroutableException;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which way the mail of a domain goes. Each domain is looked up by one worker at a time, whatever the number of its queues, and
 * who waits for it holds up nobody else. Used under the {@link Guard}, except for the looking up itself.
 */
final class Routes {

    /** How long an answer is good for: what the delivery itself remembers of the DNS is its own affair. */
    static final Duration REMEMBERED = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(QueueWorks.class);

    /** As many domains are looked up at once. */
    private static final int MOST_AT_ONCE = 128;

    private final Delivery delivery;
    private final Guard guard;
    private final InstantSource time;
    private final Lines lines;
    private final Consumer<Runnable> start;
    private final Map<Destination, Slot> slots = new HashMap<>();
    private final ArrayDeque<Destination> asked = new ArrayDeque<>();
    private int looking;

    /** One of both is there. */
    record Answer(@Nullable Route route, @Nullable Outcome unroutable, long until) {}

    private static final class Slot {
        private @Nullable Answer answer;
        private boolean asked;
        private final Set<ScheduledQueue> parked = new LinkedHashSet<>(2);
    }

    Routes(Delivery delivery, Guard guard, InstantSource time, Lines lines, Consumer<Runnable> start) {
        this.delivery = delivery;
        this.guard = guard;
        this.time = time;
        this.lines = lines;
        this.start = start;
    }

    /** The answer, if it is known; else the queue is parked until it is. */
    @Nullable Answer find(Destination destination, ScheduledQueue queue) {
        Slot slot = slots.computeIfAbsent(destination, any -> new Slot());
        if (slot.answer != null && slot.answer.until() > time.millis()) {
            return slot.answer;
        }
        slot.parked.add(queue);
        lines.park(queue, false);
        if (!slot.asked) {
            slot.asked = true;
            asked.add(destination);
            next();
        }
        return null;
    }

    private void next() {
        while (looking < MOST_AT_ONCE && !asked.isEmpty()) {
            looking++;
            Destination destination = asked.remove();
            guard.afterwards(() -> start.accept(() -> look(destination)));
        }
    }

    private void look(Destination destination) {
        Answer answer = ask(destination);
        guard.run(() -> {
            looking--;
            Slot slot = slots.computeIfAbsent(destination, any -> new Slot());
            slot.asked = false;
            slot.answer = answer;
            slot.parked.forEach(lines::unpark);
            slot.parked.clear();
            next();
        });
    }

    private Answer ask(Destination destination) {
        try {
            return new Answer(destination.route(delivery), null, until());
        } catch (UnroutableException e) {
            return new Answer(null, e.outcome(), until());
        } catch (IOException | RuntimeException | Error e) {
            LOG.error("cannot look up a route", e);
            return new Answer(null, Outcomes.LOCAL_ERROR, until());
        }
    }

    private long until() {
        return time.instant().plus(REMEMBERED).toEpochMilli();
    }

    void reap(long nowMillis) {
        slots.values().removeIf(slot -> !slot.asked && slot.answer != null && slot.answer.until() <= nowMillis);
    }
}
