package dev.kumo.core.queue;

import dev.kumo.core.delivery.Outcome;
import dev.kumo.core.mail.Message;
import dev.kumo.core.policy.Verdict;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the policies about messages. A few are asked about at a time, each on a thread of its own, so that a policy that takes long
 * holds up neither a connection nor a worker; those who bring more than can be asked about lend a hand.
 */
final class Consultation {

    private static final Logger LOG = LoggerFactory.getLogger(QueueWorks.class);

    private static final int AT_ONCE = 16;

    /** As many may wait to be asked about before somebody has to help. */
    static final int BACKLOG = 1000;

    private final List<QueuePolicy> policies;
    private final Guard guard;
    private final Consumer<Runnable> start;
    private final ArrayDeque<Runnable> asked = new ArrayDeque<>();
    private int workers;

    Consultation(List<QueuePolicy> policies, Guard guard, Consumer<Runnable> start) {
        this.policies = policies;
        this.guard = guard;
        this.start = start;
    }

    boolean hasPolicies() {
        return !policies.isEmpty();
    }

    /** Whether those who would bring more should wait. */
    boolean isBehind() {
        return hasPolicies() && guard.call(() -> asked.size() > BACKLOG);
    }

    /** Has a task run that asks the policies. */
    void later(Runnable task) {
        guard.run(() -> {
            asked.add(task);
            if (workers < AT_ONCE) {
                workers++;
                guard.afterwards(() -> start.accept(this::work));
            }
        });
    }

    private void work() {
        Runnable task;
        while ((task = guard.call(this::next)) != null) {
            task.run();
        }
    }

    private @Nullable Runnable next() {
        Runnable task = asked.poll();
        if (task == null) {
            workers--;
        }
        return task;
    }

    /** Does some of the work where there is too much of it. */
    void help() {
        if (!hasPolicies()) {
            return;
        }
        Runnable task;
        while ((task = guard.call(() -> asked.size() > BACKLOG ? asked.poll() : null)) != null) {
            task.run();
        }
    }

    /** What the policies say of a message that was deferred, and have made of it. */
    record Answer(Message message, Verdict verdict) {}

    /** Asks about a message that was deferred; null if that fails. */
    @Nullable Answer requeue(Message message, Outcome.Deferred failure) {
        try {
            Message changed = message.copyFor(message.id(), message.recipients());
            for (QueuePolicy policy : policies) {
                Verdict verdict =
                        Objects.requireNonNull(policy.requeueMessage(changed, failure), "the policy's verdict");
                if (!(verdict instanceof Verdict.Proceed)) {
                    return new Answer(withContentOf(message, changed), verdict);
                }
            }
            return new Answer(withContentOf(message, changed), Verdict.proceed());
        } catch (RuntimeException | Error e) {
            LOG.error("the policy failed on message {}, which is requeued as without it", message.id(), e);
            return null;
        }
    }

    /** Asks about a message that is to be moved; the same message if that fails. */
    Message rebind(Message message, Map<String, String> data) {
        try {
            Message changed = message.copyFor(message.id(), message.recipients());
            policies.forEach(policy -> policy.rebindMessage(changed, data));
            return withContentOf(message, changed);
        } catch (RuntimeException | Error e) {
            LOG.error("the policy failed on message {}, which is not moved", message.id(), e);
            return message;
        }
    }

    /** The spool writes content once, so another one would be forgotten sooner or later. */
    @SuppressWarnings("ReferenceEquality") // to compare what is on a disk would read it
    private static Message withContentOf(Message before, Message changed) {
        if (changed.content() != before.content()) {
            LOG.warn("the policy changed the content of message {}, which cannot be done any more", before.id());
            changed.setContent(before.content());
        }
        return changed;
    }

    /** Whether something differs that the spool keeps, beside the schedule. */
    static boolean differ(Message one, Message other) {
        return !one.envelope().equals(other.envelope())
                || !one.meta().equals(other.meta())
                || one.size() != other.size();
    }
}
