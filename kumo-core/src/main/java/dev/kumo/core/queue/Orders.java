package dev.kumo.core.queue;

import dev.kumo.core.mail.QueueName;
import dev.kumo.core.mail.Reply;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The orders that hold now. Used under the {@link Guard}. */
final class Orders {

    private final InstantSource time;
    private List<AdminOrder> all = List.of();

    Orders(InstantSource time) {
        this.time = time;
    }

    /** Adds an order; it takes the place of one of the same kind for the same queues. */
    void add(AdminOrder order) {
        List<AdminOrder> changed = new ArrayList<>(all);
        changed.removeIf(other -> other.kind() == order.kind()
                && other.match().equals(order.match())
                && other.readyQueue().equals(order.readyQueue()));
        changed.add(order);
        all = List.copyOf(changed);
    }

    @Nullable AdminOrder remove(UUID id) {
        AdminOrder found = first(order -> order.id().equals(id));
        all = all.stream().filter(order -> !order.id().equals(id)).toList();
        return found;
    }

    /** Whether an order was neither revoked nor replaced; one that is over may be there until the next look at the clock. */
    boolean has(AdminOrder order) {
        return all.contains(order);
    }

    /** Forgets those that are over at a time. */
    void removeEnded(long nowMillis) {
        Instant now = Instant.ofEpochMilli(nowMillis);
        if (all.stream().anyMatch(order -> !now.isBefore(order.until()))) {
            all = all.stream().filter(order -> now.isBefore(order.until())).toList();
        }
    }

    List<AdminOrder> all() {
        return all.stream().filter(this::holds).toList();
    }

    private boolean holds(AdminOrder order) {
        return time.instant().isBefore(order.until());
    }

    /** The order by which the messages of a queue are bounced. */
    @Nullable AdminOrder bounce(QueueName queue) {
        return all.isEmpty() ? null : scheduled(AdminOrder.Kind.BOUNCE, queue);
    }

    /** The order by which a queue is suspended. */
    @Nullable AdminOrder suspension(QueueName queue) {
        return all.isEmpty() ? null : scheduled(AdminOrder.Kind.SUSPEND, queue);
    }

    private @Nullable AdminOrder scheduled(AdminOrder.Kind kind, QueueName queue) {
        return first(order -> order.kind() == kind
                && order.match().filter(match -> match.matches(queue)).isPresent()
                && holds(order));
    }

    /** The order by which a ready queue is suspended. */
    @Nullable AdminOrder suspensionOfReady(String name) {
        return first(order -> order.readyQueue().filter(name::equals).isPresent() && holds(order));
    }

    private @Nullable AdminOrder first(Predicate<AdminOrder> wanted) {
        for (AdminOrder order : all) {
            if (wanted.test(order)) {
                return order;
            }
        }
        return null;
    }

    /** What is said of a message that is bounced by an order. */
    static Reply bounced(String reason) {
        return Reply.of(551, "5.7.1", "Administrator bounced with reason: " + reason);
    }

    /** What is said of a message that waits because of an order. */
    static Reply delayed(AdminOrder.Kind kind, String reason) {
        String what = kind == AdminOrder.Kind.SUSPEND ? "scheduled" : "ready";
        return Reply.of(451, "4.4.4", what + " queue is suspended: " + reason);
    }

    /** What is said of a message that is moved. */
    static Reply rebound(String from, String to, String reason) {
        return Reply.of(250, "2.0.0", "Rebound from " + from + " to " + to + ": " + reason);
    }
}
