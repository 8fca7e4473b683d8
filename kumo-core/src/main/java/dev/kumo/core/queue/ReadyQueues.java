package dev.kumo.core.queue;

import dev.kumo.core.delivery.EgressPathOptions;
import dev.kumo.core.delivery.EgressSource;
import dev.kumo.core.delivery.Route;
import dev.kumo.core.net.ThrottleSpec;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The ready queues by name, and what they share. Used under the {@link Guard}, unless said otherwise. */
final class ReadyQueues {

    private static final Duration REAPED = Duration.ofMinutes(10);
    private static final String ALL = "";

    private final Map<String, ReadyQueue> queues = new HashMap<>();
    private final Guard guard;
    private final Alarms alarms;
    private final InstantSource time;
    private final Lines lines;
    private final Orders orders;
    private final Outcomes outcomes;
    private final Throttles throttles;
    private final ConnectionLeases leases = new ConnectionLeases();
    private final int maxConnections;
    private final Consumer<Runnable> start;
    /** Those connections that have nothing to do, the one that has rested longest first. */
    private final Set<Dispatcher> resting = new LinkedHashSet<>();

    private boolean closed;

    ReadyQueues(
            Guard guard,
            Alarms alarms,
            InstantSource time,
            Lines lines,
            Orders orders,
            Outcomes outcomes,
            Throttles throttles,
            int maxConnections,
            Consumer<Runnable> start) {
        this.guard = guard;
        this.alarms = alarms;
        this.time = time;
        this.lines = lines;
        this.orders = orders;
        this.outcomes = outcomes;
        this.throttles = throttles;
        this.maxConnections = maxConnections;
        this.start = start;
    }

    /** The queue from a source to a site, with its options as they are now. */
    ReadyQueue queue(EgressSource source, Route route, EgressPathOptions path, Rates rates) {
        String name = source.name() + "->" + route.site() + "@" + route.protocol();
        ReadyQueue queue = queues.computeIfAbsent(name, any -> {
            ReadyQueue made = new ReadyQueue(name, source, route, path, this);
            made.suspension = orders.suspensionOfReady(name);
            return made;
        });
        queue.refresh(route, path, rates.connections(), rates.messages(), nowMillis());
        return queue;
    }

    /** The rates of a path, read once. */
    record Rates(Optional<ThrottleSpec> connections, Optional<ThrottleSpec> messages) {

        static Rates of(EgressPathOptions path) {
            return new Rates(
                    path.limits().maxConnectionRate().map(ThrottleSpec::parse),
                    path.limits().maxMessageRate().map(ThrottleSpec::parse));
        }
    }

    @Nullable ReadyQueue find(String name) {
        return queues.get(name);
    }

    Collection<ReadyQueue> queues() {
        return queues.values();
    }

    /** Takes out what waits of some scheduled queues. */
    List<Entry> take(Predicate<ScheduledQueue> which) {
        List<Entry> taken = new ArrayList<>();
        queues.values().forEach(queue -> taken.addAll(queue.take(which)));
        return taken;
    }

    Guard guard() {
        return guard;
    }

    Lines lines() {
        return lines;
    }

    Outcomes outcomes() {
        return outcomes;
    }

    boolean isClosed() {
        return closed;
    }

    long nowMillis() {
        return time.millis();
    }

    Duration acquire(String limit, Optional<ThrottleSpec> rate) {
        return rate.map(spec -> throttles.acquire(limit, spec)).orElse(Duration.ZERO);
    }

    void giveBack(String limit, Optional<ThrottleSpec> rate) {
        rate.ifPresent(spec -> throttles.giveBack(limit, spec));
    }

    void alarm(long millis, Runnable task) {
        alarms.at(millis, task);
    }

    /** Writes what is in memory only, as it has to wait. */
    void keep(Collection<Entry> entries) {
        List<Entry> unwritten = new ArrayList<>();
        entries.removeIf(entry -> outcomes.isUnwritten(entry) && unwritten.add(entry));
        if (!unwritten.isEmpty()) {
            startLater(() -> unwritten.forEach(outcomes::keep));
        }
    }

    /** Starts a connection once there may be one more; if there are as many as may be, one that rests makes way. */
    void open(Dispatcher dispatcher) {
        if (leases.count(ALL) >= maxConnections && !resting.isEmpty()) {
            Dispatcher oldest = resting.iterator().next();
            oldest.ready().retire(oldest);
        }
        guard.afterwards(() -> leases.acquire(ALL, maxConnections).thenAccept(lease -> {
            dispatcher.leased(lease);
            start(dispatcher);
        }));
    }

    /** Whether some wait for a connection to end. */
    boolean isCrowded() {
        return leases.waiting(ALL) > 0;
    }

    void rests(Dispatcher dispatcher) {
        resting.add(dispatcher);
    }

    void wakes(Dispatcher dispatcher) {
        resting.remove(dispatcher);
    }

    boolean isResting(Dispatcher dispatcher) {
        return resting.contains(dispatcher);
    }

    /** Runs a task that may block, once the lock is free. */
    void startLater(Runnable task) {
        guard.afterwards(() -> start(task));
    }

    /** Runs a task that may block; to be called without the lock. */
    void start(Runnable task) {
        start.accept(task);
    }

    void reap(long nowMillis) {
        queues.values().removeIf(queue -> {
            queue.reaped = queue.isReapable(nowMillis, REAPED);
            return queue.reaped;
        });
    }

    /** Ends the connections that rest now, and the others when they are done with what they send. */
    void close() {
        closed = true;
        queues.values().forEach(ReadyQueue::endIdle);
    }
}
