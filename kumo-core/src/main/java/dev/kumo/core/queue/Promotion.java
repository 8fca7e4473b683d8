package dev.kumo.core.queue;

import dev.kumo.core.delivery.EgressPool;
import dev.kumo.core.delivery.Outcome;
import dev.kumo.core.delivery.Route;
import dev.kumo.core.net.ThrottleSpec;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes messages that are due from the lines of their scheduled queues to ready queues. A few workers do it, each with the queue
 * whose turn it is.
 */
final class Promotion {

    private static final Logger LOG = LoggerFactory.getLogger(QueueWorks.class);

    private static final int MOST_WORKERS = 16;
    private static final int BATCH = 64;

    /** Then a queue whose rules cannot be told is looked at again. */
    private static final Duration BROKEN = Duration.ofMinutes(1);

    /** Then it is seen whether the policy can be asked about more messages. */
    private static final Duration BEHIND = Duration.ofSeconds(1);

    private final Guard guard;
    private final Lines lines;
    private final Alarms alarms;
    private final Orders orders;
    private final Rules rules;
    private final Routes routes;
    private final ReadyQueues ready;
    private final Outcomes outcomes;
    private final Throttles throttles;
    private final InstantSource time;
    private final Consumer<Runnable> start;
    private int workers;
    private boolean closed;

    Promotion(
            Guard guard,
            Lines lines,
            Alarms alarms,
            Orders orders,
            Rules rules,
            Routes routes,
            ReadyQueues ready,
            Outcomes outcomes,
            Throttles throttles,
            InstantSource time,
            Consumer<Runnable> start) {
        this.guard = guard;
        this.lines = lines;
        this.alarms = alarms;
        this.orders = orders;
        this.rules = rules;
        this.routes = routes;
        this.ready = ready;
        this.outcomes = outcomes;
        this.throttles = throttles;
        this.time = time;
        this.start = start;
    }

    /** Has enough workers for the queues that have a turn coming. Under the guard. */
    void kick() {
        if (!closed && workers < MOST_WORKERS && workers < lines.turns()) {
            workers++;
            guard.afterwards(() -> start.accept(this::work));
        }
    }

    /** Under the guard. */
    void close() {
        closed = true;
    }

    private void work() {
        ScheduledQueue queue;
        while ((queue = guard.call(this::next)) != null) {
            serve(queue);
        }
    }

    private @Nullable ScheduledQueue next() {
        ScheduledQueue queue = closed ? null : lines.next();
        if (queue == null) {
            workers--;
        }
        return queue;
    }

    private void serve(ScheduledQueue queue) {
        try {
            Terms terms = rules.terms(queue);
            Direction direction = direction(queue, terms.options());
            List<Runnable> tasks = guard.call(() -> promote(queue, terms.options(), direction));
            tasks.forEach(Runnable::run);
        } catch (RuntimeException | Error e) {
            LOG.error("cannot tell where the messages of queue {} go; they wait a minute", queue, e);
            guard.run(() -> stall(queue, time.millis() + BROKEN.toMillis()));
        } finally {
            guard.run(() -> lines.served(queue));
        }
    }

    /** Where messages go: a way, the reason why there is none, or neither while that is being found out. */
    private record Direction(@Nullable Way way, @Nullable Outcome unroutable) {}

    private Direction direction(ScheduledQueue queue, QueueOptions options) {
        long now = time.millis();
        Way known = queue.way;
        if (known != null && !known.isStale(now) && known.isFor(options)) {
            return new Direction(known, null);
        }
        String domain = queue.name.target().toLowerCase(Locale.ROOT);
        Routes.Answer answer = guard.call(() -> routes.find(Destination.of(domain, options.protocol()), queue));
        if (answer == null || answer.route() == null) {
            queue.way = null;
            return new Direction(null, answer == null ? null : answer.unroutable());
        }
        Way way = way(options, answer.route(), domain, answer.until());
        queue.way = way;
        return new Direction(way, null);
    }

    private Way way(QueueOptions options, Route route, String domain, long until) {
        EgressPool pool = rules.pool(options.egressPool());
        List<Rules.Path> paths = rules.paths(pool, route, domain);
        return guard.call(() -> {
            List<Way.Lane> lanes = paths.stream()
                    .map(path -> new Way.Lane(
                            ready.queue(path.source(), route, path.options(), path.rates()), path.weight()))
                    .toList();
            return new Way(options, lanes, until);
        });
    }

    /** Goes through the first of a line; says what is to be done once the lock is free. */
    private List<Runnable> promote(ScheduledQueue queue, QueueOptions options, Direction direction) {
        List<Runnable> tasks = new ArrayList<>();
        AdminOrder bounce = orders.bounce(queue.name);
        AdminOrder suspension = orders.suspension(queue.name);
        Outcome unroutable = direction.unroutable();
        Way way = direction.way();
        for (int i = 0; i < BATCH && !queue.line.isEmpty() && !closed; i++) {
            if (bounce != null) {
                take(queue, tasks, entry -> outcomes.adminBounce(entry, bounce));
            } else if (suspension != null) {
                take(queue, tasks, entry -> outcomes.hold(entry, suspension));
            } else if (unroutable != null && outcomes.isBehind()) {
                stall(queue, time.millis() + BEHIND.toMillis());
                break;
            } else if (unroutable != null) {
                take(queue, tasks, entry -> outcomes.unroutable(entry, unroutable));
            } else if (way == null) {
                return tasks; // parked until its route is known
            } else if (!promote(queue, options, way, tasks)) {
                break;
            }
        }
        if (way != null) {
            way.maintain(time.millis());
        }
        return tasks;
    }

    private void take(ScheduledQueue queue, List<Runnable> tasks, Consumer<Entry> task) {
        Entry entry = lines.poll(queue);
        if (entry != null) {
            tasks.add(() -> Dispatcher.safely(entry, () -> task.accept(entry)));
        }
    }

    /** Moves the first of a line on; false if the line has to stand still. */
    private boolean promote(ScheduledQueue queue, QueueOptions options, Way way, List<Runnable> tasks) {
        if (!way.isOpen()) {
            List<ReadyQueue> full = way.full();
            Optional<AdminOrder> suspension = way.suspension();
            if (full.isEmpty() && suspension.isPresent()) {
                take(queue, tasks, entry -> outcomes.hold(entry, suspension.get()));
                return true;
            }
            full.forEach(each -> each.waitForRoom(queue));
            stall(queue, Long.MAX_VALUE);
            return false;
        }
        Duration wait = rate(queue, options.maxMessageRate());
        if (!wait.isZero()) {
            stall(queue, time.millis() + Math.max(1, wait.plusNanos(999_999).toMillis()));
            return false;
        }
        Entry entry = lines.poll(queue);
        way.next().ifPresent(lane -> {
            if (entry != null) {
                lane.add(entry);
            }
        });
        return true;
    }

    private Duration rate(ScheduledQueue queue, Optional<ThrottleSpec> rate) {
        return rate.map(spec -> throttles.acquire("queue " + queue.name.text(), spec))
                .orElse(Duration.ZERO);
    }

    /** Has a line stand still; what is in memory only is written meanwhile. */
    private void stall(ScheduledQueue queue, long until) {
        lines.park(queue, true);
        if (until != Long.MAX_VALUE) {
            alarms.at(until, () -> lines.unpark(queue));
        }
        keepUnwritten(queue);
    }

    private void keepUnwritten(ScheduledQueue queue) {
        List<Entry> unwritten = lines.take(queue, outcomes::isUnwritten);
        if (!unwritten.isEmpty()) {
            guard.afterwards(() -> start.accept(() -> unwritten.forEach(outcomes::keep)));
        }
    }
}
