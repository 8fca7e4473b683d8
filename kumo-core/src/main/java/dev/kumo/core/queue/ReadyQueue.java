package dev.kumo.core.queue;

import dev.kumo.core.delivery.Chores;
import dev.kumo.core.delivery.EgressPathOptions;
import dev.kumo.core.delivery.EgressSource;
import dev.kumo.core.delivery.Route;
import dev.kumo.core.net.ThrottleSpec;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The messages that may be sent now from one source to one site, and the connections that send them. Used under the {@link Guard}. */
final class ReadyQueue {

    final String name;
    final EgressSource source;
    private final ReadyQueues all;

    private Route route;
    private EgressPathOptions path;
    private Optional<ThrottleSpec> connectionRate = Optional.empty();
    private Optional<ThrottleSpec> messageRate = Optional.empty();

    private final ArrayDeque<Entry> entries = new ArrayDeque<>();
    private final ArrayDeque<Dispatcher> idle = new ArrayDeque<>();
    /** The scheduled queues that stand still because there is no room here. */
    private final Set<ScheduledQueue> waiters = new LinkedHashSet<>();

    private int dispatchers;
    private int inFlight;
    private int failures;
    /** Until then no message is sent. */
    private long pausedUntil;
    /** Until then no connection is made. */
    private long unconnectedUntil;

    private long touched;

    @Nullable AdminOrder suspension;

    boolean reaped;

    ReadyQueue(String name, EgressSource source, Route route, EgressPathOptions path, ReadyQueues all) {
        this.name = name;
        this.source = source;
        this.all = all;
        this.route = route;
        this.path = path;
    }

    /** Takes over what has been found out anew. */
    void refresh(
            Route newRoute,
            EgressPathOptions newPath,
            Optional<ThrottleSpec> newConnectionRate,
            Optional<ThrottleSpec> newMessageRate,
            long nowMillis) {
        route = newRoute;
        path = newPath;
        connectionRate = newConnectionRate;
        messageRate = newMessageRate;
        touched = nowMillis;
    }

    Route route() {
        return route;
    }

    EgressPathOptions path() {
        return path;
    }

    boolean isOpen() {
        return suspension == null && entries.size() < path.limits().maxReady();
    }

    void add(Entry entry) {
        entries.add(entry);
    }

    /** Has a scheduled queue stand still until there is room. */
    void waitForRoom(ScheduledQueue queue) {
        waiters.add(queue);
    }

    private void freed() {
        if (entries.size() <= path.limits().maxReady() / 2 && !waiters.isEmpty()) {
            waiters.forEach(all.lines()::unpark);
            waiters.clear();
        }
    }

    /** A chore has no connection to share: it only waits for the one before it. */
    private int worth(int waiting, int limit) {
        return Chores.isQueue(route.site()) ? Math.min(waiting, limit) : IdealConnections.of(waiting, limit);
    }

    /**
     * Sees to it that there are as many connections at work as the messages are worth. While no connection can be had, only one
     * keeps trying, so that a dead site costs one thread.
     */
    void maintain(long nowMillis) {
        if (entries.isEmpty() || suspension != null || all.isClosed() || nowMillis < pausedUntil) {
            return;
        }
        int limit = path.limits().connectionLimit();
        int wanted = failures > 0 ? 1 : worth(entries.size() + inFlight, limit);
        int busy = dispatchers - idle.size();
        while (busy < wanted && !idle.isEmpty()) {
            Dispatcher rested = idle.removeLast();
            all.wakes(rested);
            all.startLater(rested);
            busy++;
        }
        while (busy < wanted && dispatchers < limit && nowMillis >= unconnectedUntil) {
            dispatchers++;
            all.open(new Dispatcher(this, all));
            busy++;
        }
    }

    /** What a dispatcher is to send now; nothing if it is to rest with its connection, and null if it is to end. */
    @Nullable List<Entry> take(Dispatcher dispatcher, long nowMillis) {
        touched = nowMillis;
        boolean connected = dispatcher.isConnected();
        boolean superfluous = failures > 0 && dispatchers - idle.size() > 1;
        if (all.isClosed() || suspension != null || !connected && (superfluous || nowMillis < unconnectedUntil)) {
            return null;
        }
        List<Entry> batch = nowMillis < pausedUntil ? List.of() : batch(dispatcher, nowMillis);
        if (!batch.isEmpty() && !connected) {
            Duration wait = all.acquire("connections " + name, connectionRate);
            if (!wait.isZero()) {
                for (int i = batch.size() - 1; i >= 0; i--) {
                    entries.addFirst(batch.get(i));
                    all.giveBack("messages " + name, messageRate);
                }
                unconnectedUntil = pause(nowMillis, wait);
                return null;
            }
        }
        if (batch.isEmpty()) {
            return rest(dispatcher, nowMillis);
        }
        inFlight += batch.size();
        freed();
        return batch;
    }

    private List<Entry> batch(Dispatcher dispatcher, long nowMillis) {
        int most = Math.min(route.mostAtOnce(), path.limits().maxDeliveriesPerConnection() - dispatcher.sent());
        List<Entry> batch = new ArrayList<>(1);
        while (batch.size() < most && !entries.isEmpty()) {
            Duration wait = all.acquire("messages " + name, messageRate);
            if (!wait.isZero()) {
                if (batch.isEmpty()) {
                    pausedUntil = pause(nowMillis, wait);
                }
                break;
            }
            batch.add(entries.remove());
        }
        return batch;
    }

    /** Says until when to stand still; what is in memory only is written meanwhile. */
    private long pause(long nowMillis, Duration wait) {
        long until = nowMillis + Math.max(1, wait.plusNanos(999_999).toMillis());
        all.alarm(until, () -> maintain(all.nowMillis()));
        all.keep(entries);
        return until;
    }

    private @Nullable List<Entry> rest(Dispatcher dispatcher, long nowMillis) {
        if (!dispatcher.isConnected() || all.isClosed() || all.isCrowded()) {
            return null;
        }
        idle.addLast(dispatcher);
        dispatcher.restUntil(nowMillis + path.timeouts().idle().toMillis());
        all.rests(dispatcher);
        return List.of();
    }

    /** Has a dispatcher that rests end. */
    void retire(Dispatcher dispatcher) {
        if (idle.remove(dispatcher)) {
            all.wakes(dispatcher);
            all.startLater(dispatcher::end);
        }
    }

    /** A dispatcher has the outcome of what it took. */
    void done(int count) {
        inFlight -= count;
    }

    /** A dispatcher is no more, and its connection is closed. */
    void ended() {
        dispatchers--;
        maintain(all.nowMillis());
    }

    void connected() {
        if (failures > 0) {
            failures = 0;
            maintain(all.nowMillis());
        }
    }

    /**
     * A connection could not be had.
     *
     * @return what waits and is not to wait any longer
     */
    List<Entry> failed(boolean forGood) {
        failures++;
        return forGood || failures > path.limits().consecutiveConnectionFailuresBeforeDelay() ? drain() : List.of();
    }

    /** Takes out all that waits. */
    List<Entry> drain() {
        List<Entry> drained = new ArrayList<>(entries);
        entries.clear();
        freed();
        return drained;
    }

    /** Takes out what waits of some scheduled queues. */
    List<Entry> take(Predicate<ScheduledQueue> which) {
        List<Entry> taken = new ArrayList<>();
        entries.removeIf(entry -> which.test(entry.queue) && taken.add(entry));
        freed();
        return taken;
    }

    /** Sends nothing more; what waits should be drained. */
    void suspend(AdminOrder order) {
        suspension = order;
        endIdle();
    }

    void resume() {
        suspension = null;
        waiters.forEach(all.lines()::unpark);
        waiters.clear();
    }

    void endIdle() {
        List.copyOf(idle).forEach(this::retire);
    }

    boolean isReapable(long nowMillis, Duration after) {
        return entries.isEmpty()
                && waiters.isEmpty()
                && dispatchers == 0
                && suspension == null
                && nowMillis - touched >= after.toMillis();
    }

    ReadyQueueState state() {
        return new ReadyQueueState(
                name,
                entries.size(),
                inFlight,
                dispatchers,
                idle.size(),
                path.limits().connectionLimit(),
                failures,
                Optional.ofNullable(suspension));
    }
}
