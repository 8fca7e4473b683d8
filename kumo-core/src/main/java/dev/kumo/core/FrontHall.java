package dev.kumo.core;

import dev.kumo.core.delivery.Delivery;
import dev.kumo.core.delivery.Outcome;
import dev.kumo.core.log.LogRecord;
import dev.kumo.core.log.MessageFacts;
import dev.kumo.core.log.MtaObserver;
import dev.kumo.core.mail.EnhancedStatus;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.MessageId;
import dev.kumo.core.mail.Reply;
import dev.kumo.core.spool.Draft;
import dev.kumo.core.spool.Spool;
import dev.kumo.core.spool.SpoolFullException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores, delivers, and only then answers: a spool in memory does not outlive the process, so the client keeps its
 * messages until the first attempt has delivered them (RFC 5321 sections 4.2.5 and 6.1).
 */
final class FrontHall implements Reception {

    private static final Logger LOG = LoggerFactory.getLogger(FrontHall.class);

    private static final Reply LOCAL_ERROR = Reply.of(451, "4.3.0", "local error, try again later");
    private static final Reply SPOOL_FULL = Reply.of(452, "4.3.1", "insufficient storage, try again later");
    private static final Reply CLOSING = Reply.of(451, "4.3.2", "shutting down, try again later");

    private static final EnhancedStatus ACCEPTED = new EnhancedStatus(2, 6, 0);
    private static final int LONGEST_TEXT = 500; // a line of 512 less "250 2.6.0 " and CRLF

    private final Spool spool;
    private final @Nullable Delivery delivery;
    private final MtaObserver observer;
    private final @Nullable Executor executor;
    private final InstantSource time;
    private final boolean blocks;

    /** One for each transaction that is here, and one more until the hall closes. */
    private final AtomicLong inside = new AtomicLong(1);

    private final CountDownLatch empty = new CountDownLatch(1);
    private volatile boolean closed;

    FrontHall(
            Spool spool,
            @Nullable Delivery delivery,
            MtaObserver observer,
            @Nullable Executor executor,
            InstantSource time) {
        this.spool = spool;
        this.delivery = delivery;
        this.observer = observer;
        this.executor = executor;
        this.time = time;
        this.blocks = spool.mayBlock() || delivery != null && delivery.mayBlock();
    }

    @Override
    public CompletionStage<Reply> receive(List<Message> messages) {
        List<Message> transaction = List.copyOf(messages);
        if (transaction.isEmpty()) {
            throw new IllegalArgumentException("a transaction has at least one message");
        }
        if (!enter()) {
            return CompletableFuture.completedFuture(CLOSING);
        }
        if (executor == null || !blocks) {
            return CompletableFuture.completedFuture(takeAndLeave(transaction));
        }
        try {
            return CompletableFuture.supplyAsync(() -> takeAndLeave(transaction), executor);
        } catch (RuntimeException e) {
            leave();
            LOG.error("the executor takes no work; messages {} stay with the client", ids(transaction), e);
            return CompletableFuture.completedFuture(LOCAL_ERROR);
        }
    }

    @Override
    public boolean mayBlock() {
        return blocks && executor == null;
    }

    @Override
    public Draft draft() {
        return spool.draft();
    }

    @Override
    public MtaObserver observer() {
        return observer;
    }

    private Reply takeAndLeave(List<Message> messages) {
        try {
            return take(messages);
        } catch (RuntimeException | Error e) {
            LOG.error("cannot take messages {}; they stay with the client", ids(messages), e);
            return LOCAL_ERROR;
        } finally {
            leave();
        }
    }

    private Reply take(List<Message> messages) {
        Instant came = time.instant();
        try {
            spool.store(messages).toCompletableFuture().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof SpoolFullException full) {
                LOG.warn("the spool is full; messages {} stay with the client: {}", ids(messages), full.getMessage());
                return SPOOL_FULL;
            }
            LOG.error("the spool failed; messages {} stay with the client", ids(messages), e.getCause());
            return LOCAL_ERROR;
        }
        if (delivery == null) {
            messages.forEach(message -> tellReception(came, message));
            return accepted(messages);
        }
        List<Outcome> outcomes;
        try {
            outcomes = attempt(delivery, messages);
        } finally {
            messages.forEach(this::forget);
        }
        Reply reply = answer(messages, outcomes);
        tell(came, messages, outcomes, reply.isPositive());
        return reply;
    }

    private static List<Outcome> attempt(Delivery delivery, List<Message> messages) {
        try {
            List<Outcome> outcomes = List.copyOf(delivery.deliver(messages));
            if (outcomes.size() == messages.size()) {
                return outcomes;
            }
            LOG.error(
                    "delivery gave {} outcomes for {} messages; all of {} stay with the client",
                    outcomes.size(),
                    messages.size(),
                    ids(messages));
        } catch (RuntimeException | Error e) {
            LOG.error("delivery failed; messages {} stay with the client", ids(messages), e);
        }
        return messages.stream()
                .<Outcome>map(message -> new Outcome.Deferred(LOCAL_ERROR))
                .toList();
    }

    private void forget(Message message) {
        try {
            spool.remove(message.id()).whenComplete((nothing, cause) -> {
                if (cause != null) {
                    LOG.error("cannot remove message {} from the spool; it may come twice", message.id(), cause);
                }
            });
        } catch (RuntimeException e) {
            LOG.error("cannot remove message {} from the spool; it may come twice", message.id(), e);
        }
    }

    /** A deferral goes before a refusal: the client tries again, and hears the refusal when nothing else is left. */
    private static Reply answer(List<Message> messages, List<Outcome> outcomes) {
        Reply leading = new Outcome.PerRecipient(outcomes.stream()
                        .flatMap(outcome -> outcome instanceof Outcome.PerRecipient mixed
                                ? mixed.outcomes().stream()
                                : Stream.of(outcome))
                        .toList())
                .reply();
        return leading.isPositive() ? accepted(messages) : deferral(leading);
    }

    /** The 421 of a next hop closes the session there, not the one here. */
    private static Reply deferral(Reply reply) {
        if (reply.code() != 421) {
            return reply;
        }
        return reply.status()
                .map(status -> Reply.of(451, status, reply.lines()))
                .orElseGet(() -> Reply.plain(451, reply.lines()));
    }

    private static Reply accepted(List<Message> messages) {
        StringBuilder text = new StringBuilder(messages.size() == 1 ? "accepted, id" : "accepted, ids");
        int left = messages.size();
        for (Message message : messages) {
            String id = message.id().text();
            String more = left == 1 ? "" : " and " + (left - 1) + " more";
            if (text.length() + 1 + id.length() + more.length() > LONGEST_TEXT) {
                text.append(" and ").append(left).append(" more");
                break;
            }
            text.append(' ').append(id);
            left--;
        }
        return Reply.of(250, ACCEPTED, List.of(text.toString()));
    }

    private void tell(Instant came, List<Message> messages, List<Outcome> outcomes, boolean accepted) {
        if (observer.equals(MtaObserver.NONE)) {
            return;
        }
        Instant ended = time.instant();
        for (int i = 0; i < messages.size(); i++) {
            MessageFacts facts = MessageFacts.of(messages.get(i));
            if (accepted) {
                observer.record(new LogRecord.Reception(came, facts));
            }
            observer.record(record(ended, facts, outcomes.get(i)));
        }
    }

    private void tellReception(Instant came, Message message) {
        if (!observer.equals(MtaObserver.NONE)) {
            observer.record(new LogRecord.Reception(came, MessageFacts.of(message)));
        }
    }

    private static LogRecord record(Instant ended, MessageFacts facts, Outcome outcome) {
        Outcome whole = outcome instanceof Outcome.PerRecipient mixed ? mixed.leading() : outcome;
        if (whole instanceof Outcome.Delivered) {
            return new LogRecord.Delivery(ended, facts, whole.reply(), whole.attempt());
        }
        if (whole instanceof Outcome.Deferred) {
            return new LogRecord.TransientFailure(ended, facts, whole.reply(), whole.attempt());
        }
        return new LogRecord.Bounce(ended, facts, whole.reply(), whole.attempt());
    }

    private static List<MessageId> ids(List<Message> messages) {
        return messages.stream().map(Message::id).toList();
    }

    private boolean enter() {
        return !closed && inside.getAndUpdate(count -> count == 0 ? 0 : count + 1) > 0;
    }

    private void leave() {
        if (inside.decrementAndGet() == 0) {
            empty.countDown();
        }
    }

    /**
     * Takes nothing more, and waits until the transactions that are here have been answered, or until the time is up.
     *
     * @return whether all have been answered
     */
    boolean close(Duration patience) {
        if (!closed) {
            closed = true;
            leave();
        }
        try {
            return empty.await(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
