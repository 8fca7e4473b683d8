package dev.kumo.core.queue;

import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.MessageId;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** Where orders are given. */
final class QueueDesk implements Queues {

    private static final int CHUNK = 64;

    private final Guard guard;
    private final Scheduling scheduling;
    private final Lines lines;
    private final ReadyQueues ready;
    private final Orders orders;
    private final Outcomes outcomes;
    private final Store store;
    private final Alarms alarms;
    private final InstantSource time;
    private final RandomGenerator random;
    private final boolean policy;
    private final Consumer<Runnable> start;

    QueueDesk(
            Guard guard,
            Scheduling scheduling,
            Lines lines,
            ReadyQueues ready,
            Orders orders,
            Outcomes outcomes,
            Store store,
            Alarms alarms,
            InstantSource time,
            RandomGenerator random,
            boolean policy,
            Consumer<Runnable> start) {
        this.guard = guard;
        this.scheduling = scheduling;
        this.lines = lines;
        this.ready = ready;
        this.orders = orders;
        this.outcomes = outcomes;
        this.store = store;
        this.alarms = alarms;
        this.time = time;
        this.random = random;
        this.policy = policy;
        this.start = start;
    }

    @Override
    public List<ScheduledQueueState> scheduled(QueueMatch match) {
        return guard.call(() -> {
            List<ScheduledQueue> matched = matched(match);
            Map<ScheduledQueue, Ages> ages = new HashMap<>();
            matched.forEach(queue -> ages.put(queue, new Ages()));
            scheduling.forEachWaiting(ages::containsKey, (id, queue, due) -> {
                Ages seen = ages.get(queue);
                if (seen != null) {
                    seen.add(id.created().toEpochMilli(), due);
                }
            });
            return matched.stream()
                    .map(queue -> state(queue, ages.getOrDefault(queue, new Ages())))
                    .sorted(Comparator.comparing(state -> state.name().text()))
                    .toList();
        });
    }

    private static final class Ages {
        private long oldest = Long.MAX_VALUE;
        private long next = Long.MAX_VALUE;

        void add(long created, long due) {
            oldest = Math.min(oldest, created);
            next = Math.min(next, due);
        }
    }

    private ScheduledQueueState state(ScheduledQueue queue, Ages ages) {
        Terms terms = queue.terms;
        return new ScheduledQueueState(
                queue.name,
                queue.waiting,
                queue.active,
                at(ages.oldest),
                at(ages.next),
                Optional.ofNullable(orders.suspension(queue.name)),
                Optional.ofNullable(terms).map(Terms::options),
                Instant.ofEpochMilli(queue.touched));
    }

    private static Optional<Instant> at(long millis) {
        return millis == Long.MAX_VALUE ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
    }

    @Override
    public List<ReadyQueueState> ready() {
        return guard.call(() -> ready.queues().stream()
                .map(ReadyQueue::state)
                .sorted(Comparator.comparing(ReadyQueueState::name))
                .toList());
    }

    @Override
    public List<MessageId> waiting(QueueMatch match, int most) {
        return guard.call(() -> {
            List<MessageId> ids = new ArrayList<>();
            scheduling.forEachWaiting(queue -> match.matches(queue.name), (id, queue, due) -> {
                if (ids.size() < most) {
                    ids.add(id);
                }
            });
            return ids;
        });
    }

    @Override
    public Optional<Message> inspect(MessageId id) throws IOException {
        Optional<Message> found = store.load(id);
        return found.map(message -> guard.call(() -> message.copyFor(id, message.recipients())));
    }

    @Override
    public AdminOrder suspend(QueueMatch match, String reason, Duration duration) {
        Orders.delayed(AdminOrder.Kind.SUSPEND, reason);
        check(duration);
        return guard.call(() -> {
            AdminOrder order = order(AdminOrder.Kind.SUSPEND, Optional.of(match), "", reason, duration, depth(match));
            due(match).forEach(scheduling::line);
            return order;
        });
    }

    @Override
    public AdminOrder suspendReady(String readyQueue, String reason, Duration duration) {
        Orders.delayed(AdminOrder.Kind.SUSPEND_READY, reason);
        check(duration);
        return guard.call(() -> {
            ReadyQueue queue = ready.find(readyQueue);
            List<Entry> stopped = queue == null ? List.of() : queue.drain();
            AdminOrder order = order(
                    AdminOrder.Kind.SUSPEND_READY, Optional.empty(), readyQueue, reason, duration, stopped.size());
            if (queue != null) {
                queue.suspend(order);
            }
            alarms.at(order.until().toEpochMilli(), () -> resumeReady(order));
            stopped.forEach(scheduling::line);
            return order;
        });
    }

    private void resumeReady(AdminOrder order) {
        ReadyQueue queue = ready.find(order.readyQueue().orElseThrow());
        if (queue != null && order.equals(queue.suspension)) {
            queue.resume();
        }
    }

    @Override
    public AdminOrder bounce(QueueMatch match, String reason, Duration duration) {
        Orders.bounced(reason);
        check(duration);
        return guard.call(() -> {
            AdminOrder order = order(AdminOrder.Kind.BOUNCE, Optional.of(match), "", reason, duration, depth(match));
            List<Entry> taken = due(match);
            taken.addAll(takeWaiting(match, (id, queue, due) -> true));
            sweep(taken, entry -> outcomes.adminBounce(entry, order));
            return order;
        });
    }

    @Override
    public int rebind(QueueMatch match, Map<String, String> data, String reason, RebindOption... options) {
        Rebind rebind = new Rebind(Map.copyOf(data), reason, Set.copyOf(Arrays.asList(options)));
        boolean asks = rebind.has(RebindOption.ASK_POLICY);
        if (asks && !policy) {
            throw new IllegalArgumentException(
                    "there is no policy to ask where messages go; give the Mta a queuePolicy");
        }
        if (!asks && data.isEmpty() || data.keySet().stream().anyMatch(String::isEmpty)) {
            throw new IllegalArgumentException("say what to set in the meta data, such as queue or tenant");
        }
        if (data.containsKey(Message.CHORE)) {
            throw new IllegalArgumentException(
                    "the meta data '" + Message.CHORE + "' cannot be set: mail does not become a chore");
        }
        Orders.rebound("", "", reason);
        return guard.call(() -> {
            List<Entry> taken = due(match);
            taken.addAll(takeWaiting(match, (id, queue, due) -> true));
            sweep(taken, entry -> outcomes.rebind(entry, rebind));
            return taken.size();
        });
    }

    @Override
    public List<AdminOrder> orders() {
        return guard.call(orders::all);
    }

    @Override
    public boolean revoke(UUID id) {
        return guard.call(() -> {
            AdminOrder order = orders.remove(id);
            if (order == null) {
                return false;
            }
            if (order.kind() == AdminOrder.Kind.SUSPEND_READY) {
                resumeReady(order);
            }
            if (order.kind() != AdminOrder.Kind.BOUNCE) {
                release();
            }
            return true;
        });
    }

    /** Has those that wait for the end of an order that no longer holds stand in line. */
    private void release() {
        Map<ScheduledQueue, List<Hold>> held = new HashMap<>();
        for (ScheduledQueue queue : scheduling.queues()) {
            List<Hold> over = queue.takeHolds(order -> !orders.has(order));
            if (!over.isEmpty()) {
                held.put(queue, over);
            }
        }
        if (!held.isEmpty()) {
            scheduling
                    .takeWaiting(
                            held::containsKey,
                            (id, queue, due) -> held.getOrDefault(queue, List.of()).stream()
                                    .anyMatch(hold -> hold.until(id) == due))
                    .forEach(scheduling::line);
        }
    }

    private static void check(Duration duration) {
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException("an order holds for some time, not for " + duration);
        }
    }

    private AdminOrder order(
            AdminOrder.Kind kind,
            Optional<QueueMatch> match,
            String readyQueue,
            String reason,
            Duration duration,
            int messages) {
        AdminOrder order = new AdminOrder(
                id(),
                kind,
                match,
                readyQueue.isEmpty() ? Optional.empty() : Optional.of(readyQueue),
                reason,
                Instant.ofEpochMilli(time.instant().plus(duration).toEpochMilli()),
                messages);
        orders.add(order);
        return order;
    }

    /** A UUID of version 4, RFC 9562 section 5.4. */
    private UUID id() {
        return new UUID(
                random.nextLong() & 0xffff_ffff_ffff_0fffL | 0x4000,
                random.nextLong() & 0x3fff_ffff_ffff_ffffL | 0x8000_0000_0000_0000L);
    }

    private List<ScheduledQueue> matched(QueueMatch match) {
        if (!match.names().isEmpty()) {
            return match.names().stream()
                    .map(scheduling::find)
                    .flatMap(queue -> Optional.ofNullable(queue).stream())
                    .toList();
        }
        return scheduling.queues().stream()
                .filter(queue -> match.matches(queue.name))
                .toList();
    }

    private int depth(QueueMatch match) {
        return matched(match).stream().mapToInt(ScheduledQueue::depth).sum();
    }

    /** Takes out those that stand in line or in a ready queue; they are then in the hands of the caller. */
    private List<Entry> due(QueueMatch match) {
        List<Entry> taken = new ArrayList<>();
        List<ScheduledQueue> active =
                matched(match).stream().filter(queue -> queue.active > 0).toList();
        if (!active.isEmpty()) {
            taken.addAll(ready.take(queue -> match.matches(queue.name)));
            active.forEach(queue -> taken.addAll(lines.take(queue, entry -> true)));
            active.forEach(lines::unpark); // what it stood still for may not matter any more
        }
        return taken;
    }

    private List<Entry> takeWaiting(QueueMatch match, TimerWheel.Which<ScheduledQueue> wanted) {
        boolean any = matched(match).stream().anyMatch(queue -> queue.waiting > 0);
        return any ? scheduling.takeWaiting(queue -> match.matches(queue.name), wanted) : List.of();
    }

    /** Does something to messages, a few at a time, so that others get their turns. */
    private void sweep(List<Entry> entries, Consumer<Entry> task) {
        if (!entries.isEmpty()) {
            guard.afterwards(() -> sweepFrom(0, entries, task));
        }
    }

    private void sweepFrom(int from, List<Entry> entries, Consumer<Entry> task) {
        start.accept(() -> {
            int to = Math.min(from + CHUNK, entries.size());
            entries.subList(from, to).forEach(entry -> Dispatcher.safely(entry, () -> task.accept(entry)));
            if (to < entries.size()) {
                sweepFrom(to, entries, task);
            }
        });
    }
}
