package dev.kumo.core.queue;

import dev.kumo.core.delivery.Outcome;
import dev.kumo.core.log.Attempt;
import dev.kumo.core.log.LogRecord;
import dev.kumo.core.log.MessageFacts;
import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.Reply;
import dev.kumo.core.mail.Schedule;
import dev.kumo.core.net.DurationText;
import dev.kumo.core.policy.Verdict;
import dev.kumo.core.spool.DamagedException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What becomes of a message after an attempt, or instead of one: it leaves, or it waits, and the observers hear of it. */
final class Outcomes {

    static final Outcome LOCAL_ERROR = new Outcome.Deferred(Reply.of(451, "4.3.0", "local error, try again later"));

    private static final Logger LOG = LoggerFactory.getLogger(QueueWorks.class);

    private final Store store;
    private final Guard guard;
    private final Scheduling scheduling;
    private final Orders orders;
    private final Rules rules;
    private final InstantSource time;
    private final Endings endings;
    private final Consultation consultation;

    Outcomes(
            Store store,
            Guard guard,
            Scheduling scheduling,
            Orders orders,
            Rules rules,
            InstantSource time,
            Endings endings,
            Consultation consultation) {
        this.store = store;
        this.guard = guard;
        this.scheduling = scheduling;
        this.orders = orders;
        this.rules = rules;
        this.time = time;
        this.endings = endings;
        this.consultation = consultation;
    }

    boolean isUnwritten(Entry entry) {
        return store.isUnwritten(entry.id);
    }

    /** The message, unless it is gone, cannot be read now, or has become too old for another attempt; that is taken care of then. */
    @Nullable Message loadToSend(Entry entry) {
        Message message = load(entry);
        if (message == null || message.schedule().attempts() == 0 || !isTooOld(entry, message)) {
            return message;
        }
        expire(entry, message, tooOld(entry, message));
        return null;
    }

    private @Nullable Message load(Entry entry) {
        try {
            Optional<Message> found = store.load(entry);
            if (found.isPresent()) {
                return found.get();
            }
            LOG.warn("message {} is in the queue {}, but no longer in the spool", entry.id, entry.queue);
            guard.run(() -> scheduling.gone(entry));
        } catch (DamagedException e) {
            LOG.error(
                    "message {} leaves the queue {}: {}. It stays in the spool", entry.id, entry.queue, e.getMessage());
            guard.run(() -> scheduling.gone(entry));
        } catch (Exception e) {
            LOG.error("cannot read message {}; it is tried again later", entry.id, e);
            waitUntil(entry, time.instant().plus(terms(entry).options().retryInterval()));
        }
        return null;
    }

    private Terms terms(Entry entry) {
        return rules.termsAnyhow(entry.queue);
    }

    private void waitUntil(Entry entry, Instant due) {
        guard.run(() -> scheduling.wait(entry, due.toEpochMilli()));
    }

    /** What became of a message that was sent from a ready queue. */
    void settle(Entry entry, Message message, Outcome outcome, ReadyQueue ready) {
        settle(entry, message, outcome, ready.name, ready.source.name());
    }

    /** What becomes of a message that could not be sent from a ready queue. */
    void settle(Entry entry, Outcome outcome, ReadyQueue ready) {
        Message message = loadToSend(entry);
        if (message != null) {
            settle(entry, message, outcome, ready);
        }
    }

    /** What becomes of a message to whose domain there is no way. */
    void unroutable(Entry entry, Outcome outcome) {
        Message message = loadToSend(entry);
        if (message != null) {
            settle(entry, message, outcome, "", "");
        }
    }

    private void settle(Entry entry, Message message, Outcome outcome, String site, String source) {
        String pool = terms(entry).options().egressPool();
        List<Share> shares = Share.of(message, outcome, attempt -> attempt.from(site, pool, source));
        if (shares.isEmpty()) {
            LOG.error("{} gave the outcomes of another number of recipients than message {} has", site, message.id());
            shares = Share.of(message, LOCAL_ERROR, attempt -> attempt.from(site, pool, source));
        }
        for (Share share : shares) {
            if (share.outcome() instanceof Outcome.Delivered) {
                endings.tell(
                        message,
                        share,
                        (facts, now) -> new LogRecord.Delivery(now, facts, share.reply(), share.attempt()));
            }
        }
        List<Share> refused = Share.those(Outcome.Refused.class, shares);
        List<Share> deferred = Share.those(Outcome.Deferred.class, shares);
        endings.report(message, refused, reported -> {
            if (reported) {
                refused.forEach(share -> endings.tellBounce(message, share));
                leaveOrDefer(entry, message, deferred);
            } else {
                List<Share> kept = new ArrayList<>(deferred);
                refused.forEach(share -> kept.add(share.with(LOCAL_ERROR)));
                leaveOrDefer(entry, message, kept);
            }
        });
    }

    private void leaveOrDefer(Entry entry, Message message, List<Share> deferred) {
        if (deferred.isEmpty()) {
            endings.remove(entry);
        } else {
            defer(entry, message, deferred);
        }
    }

    private void defer(Entry entry, Message message, List<Share> deferred) {
        deferred.forEach(share -> endings.tell(
                message,
                share,
                (facts, now) -> new LogRecord.TransientFailure(now, facts, share.reply(), share.attempt())));
        List<EnvelopeAddress> left = Share.recipients(message, deferred);
        boolean narrowed = left.size() < message.recipients().size();
        if (narrowed) {
            message.setRecipients(left);
        }
        AdminOrder order = guard.call(() -> orders.bounce(entry.queue.name));
        if (order != null) {
            endings.adminBounce(entry, message, order);
        } else if (consultation.hasPolicies() && !message.isChore()) {
            Outcome.Deferred failure = (Outcome.Deferred) deferred.get(0).outcome();
            Runnable ask = () -> consultation.later(
                    () -> Dispatcher.safely(entry, () -> requeue(entry, message, failure, narrowed)));
            if (narrowed) { // the policy may take long, and those who have the message are not to get it again
                store.save(entry, message, true, ask);
            } else {
                ask.run();
            }
        } else {
            waitAgain(entry, message, narrowed);
        }
    }

    /** Does with a message that was deferred what the policy says. */
    private void requeue(Entry entry, Message message, Outcome.Deferred failure, boolean narrowed) {
        Consultation.Answer answer = consultation.requeue(message, failure);
        if (answer == null) {
            waitAgain(entry, message, narrowed);
            return;
        }
        Message changed = answer.message();
        store.replace(message, changed);
        boolean binding = narrowed || Consultation.differ(message, changed);
        Reply refusal = refusal(answer.verdict());
        if (refusal != null) {
            Attempt attempt = Attempt.NONE.from(
                    failure.attempt().site(),
                    failure.attempt().pool(),
                    failure.attempt().source());
            Outcome end = refusal.isPermanent()
                    ? new Outcome.Refused(refusal, attempt)
                    : new Outcome.Deferred(refusal, attempt);
            endings.bounce(entry, changed, end, () -> waitAgain(entry, changed, binding));
        } else if (changed.queue().text().equals(entry.queue.name.text())) {
            waitAgain(entry, changed, binding);
        } else {
            Instant now = time.instant();
            changed.setSchedule(new Schedule(now, changed.schedule().attempts() + 1));
            store.save(
                    entry,
                    changed,
                    true,
                    () -> guard.run(() -> {
                        scheduling.move(entry, changed.queue());
                        scheduling.line(entry);
                    }));
        }
    }

    private static @Nullable Reply refusal(Verdict verdict) {
        if (verdict instanceof Verdict.Reject reject) {
            return reject.reply();
        }
        return verdict instanceof Verdict.Disconnect disconnect ? disconnect.reply() : null;
    }

    /**
     * Has a message wait for its next attempt, unless it would be too old by then.
     *
     * @param binding whether it may not be sent before what has changed of it is written
     */
    private void waitAgain(Entry entry, Message message, boolean binding) {
        Instant now = time.instant();
        Instant created = message.id().created();
        int attempts = message.schedule().attempts();
        RetrySchedule retry = terms(entry).retry();
        Optional<Instant> next = retry.next(created, now, attempts);
        if (next.isEmpty()) {
            expire(entry, message, retry.expiry(created, now, attempts));
            return;
        }
        message.setSchedule(new Schedule(next.get(), attempts + 1));
        store.save(
                entry,
                message,
                binding,
                () -> guard.run(() -> {
                    scheduling.move(entry, message.queue());
                    scheduling.wait(entry, next.get().toEpochMilli());
                }));
    }

    /** Whether there is so much to ask the policy that those who would bring more should wait. */
    boolean isBehind() {
        return consultation.isBehind();
    }

    /** Does some of what others wait for, if they have to wait long. */
    void help() {
        consultation.help();
    }

    private boolean isTooOld(Entry entry, Message message) {
        return age(message).compareTo(terms(entry).options().maxAge()) > 0;
    }

    private Duration age(Message message) {
        return Duration.between(message.id().created(), time.instant());
    }

    private Reply tooOld(Entry entry, Message message) {
        return Reply.of(
                551,
                "5.4.7",
                "Message is "
                        + DurationText.format(Duration.ofSeconds(age(message).toSeconds()))
                        + " old, which exceeds max_age "
                        + DurationText.format(terms(entry).options().maxAge()));
    }

    private void expire(Entry entry, Message message, Reply reply) {
        endings.expire(entry, message, reply, () -> {
            Instant due = time.instant().plus(terms(entry).options().retryInterval());
            store.save(entry, message, false, () -> waitUntil(entry, due));
        });
    }

    void adminBounce(Entry entry, AdminOrder order) {
        Message message = load(entry);
        if (message != null) {
            endings.adminBounce(entry, message, order);
        }
    }

    /** Has a message wait for the end of a suspension. It was not tried, so that is no attempt. */
    void hold(Entry entry, AdminOrder order) {
        Message message = load(entry);
        if (message == null) {
            return;
        }
        if (isTooOld(entry, message)) {
            expire(entry, message, tooOld(entry, message));
            return;
        }
        endings.tell(
                message,
                (facts, now) -> new LogRecord.Delayed(now, facts, Orders.delayed(order.kind(), order.reason())));
        Hold hold = new Hold(order, terms(entry).options().maxAge());
        store.keep(
                entry,
                () -> guard.run(() -> {
                    if (orders.has(order)) {
                        entry.queue.hold(hold, time.millis());
                        scheduling.wait(entry, hold.until(entry.id));
                    } else { // revoked meanwhile, and nobody would release the message
                        scheduling.line(entry);
                    }
                }));
    }

    /** Moves a message to the queue that its changed meta data say. */
    void rebind(Entry entry, Rebind rebind) {
        Message message = load(entry);
        if (message == null) {
            return;
        }
        if (message.isChore()) { // nobody else could do it
            putBack(entry, message);
            return;
        }
        MessageFacts before = endings.facts(message);
        Message changed = message;
        if (rebind.has(RebindOption.ASK_POLICY)) {
            changed = consultation.rebind(message, rebind.data());
            if (changed == message) { // the policy failed
                putBack(entry, message);
                return;
            }
            store.replace(message, changed);
        } else {
            guard.run(() -> rebind.data().forEach(message.meta()::put)); // somebody may be looking at it
        }
        boolean moved = !changed.queue().equals(before.queue());
        if (moved || rebind.has(RebindOption.ALWAYS_FLUSH)) {
            changed.setSchedule(new Schedule(time.instant(), changed.schedule().attempts()));
        }
        if (!rebind.has(RebindOption.SUPPRESS_LOGGING)) {
            endings.tell(new LogRecord.AdminRebind(
                    time.instant(),
                    before,
                    Orders.rebound(before.queue().text(), changed.queue().text(), rebind.reason())));
        }
        boolean binding = changed != message && Consultation.differ(message, changed);
        Message rebound = changed;
        store.save(entry, rebound, binding, () -> putBack(entry, rebound));
    }

    private void putBack(Entry entry, Message message) {
        guard.run(() -> {
            scheduling.move(entry, message.queue());
            long due = message.schedule().due().toEpochMilli();
            if (due > time.millis()) {
                scheduling.wait(entry, due);
            } else {
                scheduling.line(entry);
            }
        });
    }

    /** Writes a message that is in memory only and has to wait, and has it stand in line again. */
    void keep(Entry entry) {
        store.keep(entry, () -> guard.run(() -> scheduling.line(entry)));
    }

    /** There is no room in line. Under the guard. */
    void noRoom(Entry entry) {
        if (!isUnwritten(entry)) {
            store.forget(entry);
            scheduling.waitForRoom(entry);
            return;
        }
        guard.afterwards(() -> store.keep(entry, () -> guard.run(() -> scheduling.waitForRoom(entry))));
    }
}
