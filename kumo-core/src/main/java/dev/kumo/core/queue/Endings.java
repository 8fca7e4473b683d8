package dev.kumo.core.queue;

import dev.kumo.core.delivery.Outcome;
import dev.kumo.core.log.LogRecord;
import dev.kumo.core.log.MessageFacts;
import dev.kumo.core.log.MtaObserver;
import dev.kumo.core.log.Selection;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.Reply;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How messages leave the queues for good: the sender is told, then the observers, and then they are forgotten. */
final class Endings {

    private static final Logger LOG = LoggerFactory.getLogger(QueueWorks.class);

    private final Store store;
    private final Guard guard;
    private final Scheduling scheduling;
    private final MtaObserver observer;
    private final InstantSource time;
    private final Bounces bounces;

    Endings(
            Store store,
            Guard guard,
            Scheduling scheduling,
            MtaObserver observer,
            InstantSource time,
            Bounces bounces) {
        this.store = store;
        this.guard = guard;
        this.scheduling = scheduling;
        this.observer = observer;
        this.time = time;
        this.bounces = bounces;
    }

    /** A report that is due has to be safe before the message is forgotten, RFC 5321 section 6.1. */
    void report(Message message, List<Share> failed, Consumer<Boolean> then) {
        if (failed.isEmpty() || message.isChore()) { // whose content is not for anybody's mailbox
            then.accept(true);
            return;
        }
        store.follow(Store.begin(() -> bounces.report(message, failed)), (nothing, cause) -> {
            if (cause != null) {
                LOG.error(
                        "cannot report that message {} failed; it is kept until that can be done", message.id(), cause);
            }
            then.accept(cause == null);
        });
    }

    void remove(Entry entry) {
        store.remove(entry);
        guard.run(() -> scheduling.gone(entry));
    }

    /** Ends a message that is too old, unless its sender cannot be told. */
    void expire(Entry entry, Message message, Reply reply, Runnable otherwise) {
        Share all = new Share(message.recipients(), new Outcome.Refused(reply));
        report(message, List.of(all), reported -> {
            if (reported) {
                tell(message, all, (facts, now) -> new LogRecord.Expiration(now, facts, reply));
                remove(entry);
            } else {
                otherwise.run();
            }
        });
    }

    /** Ends a message that the policy wants no longer, unless its sender cannot be told. */
    void bounce(Entry entry, Message message, Outcome outcome, Runnable otherwise) {
        Share all = new Share(message.recipients(), outcome);
        report(message, List.of(all), reported -> {
            if (reported) {
                tellBounce(message, all);
                remove(entry);
            } else {
                otherwise.run();
            }
        });
    }

    void tellBounce(Message message, Share share) {
        tell(message, share, (facts, now) -> new LogRecord.Bounce(now, facts, share.reply(), share.attempt()));
    }

    void adminBounce(Entry entry, Message message, AdminOrder order) {
        tell(message, (facts, now) -> new LogRecord.AdminBounce(now, facts, Orders.bounced(order.reason())));
        remove(entry);
    }

    void tell(Message message, Share share, BiFunction<MessageFacts, Instant, LogRecord> record) {
        tell(message, (facts, now) -> record.apply(share.facts(facts), now));
    }

    void tell(Message message, BiFunction<MessageFacts, Instant, LogRecord> record) {
        if (!observer.equals(MtaObserver.NONE)) {
            LogRecord told = record.apply(facts(message), time.instant());
            if (!message.isChore() || isLoss(told)) {
                tell(told);
            }
        }
    }

    /** What is told of a chore, too: that some of those whom it concerns will never have what it is about. */
    private static boolean isLoss(LogRecord record) {
        return record instanceof LogRecord.Bounce
                || record instanceof LogRecord.Expiration
                || record instanceof LogRecord.AdminBounce;
    }

    void tell(LogRecord record) {
        observer.record(record);
    }

    /** Without header fields where they cannot be read: what became of a message is settled all the same. */
    MessageFacts facts(Message message) {
        try {
            return MessageFacts.of(message, message.isChore() ? Selection.NONE : observer.wantedHeaders());
        } catch (UncheckedIOException e) {
            return MessageFacts.of(message);
        }
    }
}
