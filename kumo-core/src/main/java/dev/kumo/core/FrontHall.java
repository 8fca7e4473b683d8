package dev.kumo.core;

import dev.kumo.core.delivery.Delivery;
import dev.kumo.core.delivery.Outcome;
import dev.kumo.core.log.LogRecord;
import dev.kumo.core.log.MessageFacts;
import dev.kumo.core.log.MtaObserver;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.Reply;
import dev.kumo.core.spool.Draft;
import dev.kumo.core.spool.Spool;
import dev.kumo.core.spool.SpoolFullException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores, delivers, and only then answers: a spool in memory does not outlive the process, so the client keeps its
 * messages until the first attempt has delivered them (RFC 5321 sections 4.2.5 and 6.1).
 */
final class FrontHall implements Hall {

    private static final Logger LOG = LoggerFactory.getLogger(FrontHall.class);

    private final Spool spool;
    private final @Nullable Delivery delivery;
    private final MtaObserver observer;
    private final @Nullable Executor executor;
    private final InstantSource time;
    private final boolean blocks;

    private final Gate gate = new Gate();

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
        if (!gate.enter()) {
            return CompletableFuture.completedFuture(HallReplies.CLOSING);
        }
        if (executor == null || !blocks) {
            return CompletableFuture.completedFuture(takeAndLeave(transaction));
        }
        try {
            return CompletableFuture.supplyAsync(() -> takeAndLeave(transaction), executor);
        } catch (RuntimeException e) {
            gate.leave();
            LOG.error("the executor takes no work; messages {} stay with the client", HallReplies.ids(transaction), e);
            return CompletableFuture.completedFuture(HallReplies.LOCAL_ERROR);
        }
    }

    @Override
    public boolean mayBlock() {
        return blocks && executor == null;
    }

    @Override
    public Optional<String> trouble() {
        return spool.trouble();
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
            LOG.error("cannot take messages {}; they stay with the client", HallReplies.ids(messages), e);
            return HallReplies.LOCAL_ERROR;
        } finally {
            gate.leave();
        }
    }

    private Reply take(List<Message> messages) {
        Instant came = time.instant();
        try {
            spool.store(messages).toCompletableFuture().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof SpoolFullException full) {
                LOG.warn(
                        "the spool is full; messages {} stay with the client: {}",
                        HallReplies.ids(messages),
                        full.getMessage());
                return HallReplies.SPOOL_FULL;
            }
            LOG.error("the spool failed; messages {} stay with the client", HallReplies.ids(messages), e.getCause());
            return HallReplies.LOCAL_ERROR;
        }
        if (delivery == null) {
            messages.forEach(message -> tellReception(came, message));
            return HallReplies.accepted(messages);
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
                    HallReplies.ids(messages));
        } catch (RuntimeException | Error e) {
            LOG.error("delivery failed; messages {} stay with the client", HallReplies.ids(messages), e);
        }
        return messages.stream()
                .<Outcome>map(message -> new Outcome.Deferred(HallReplies.LOCAL_ERROR))
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
        return leading.isPositive() ? HallReplies.accepted(messages) : deferral(leading);
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

    private void tell(Instant came, List<Message> messages, List<Outcome> outcomes, boolean accepted) {
        if (observer.equals(MtaObserver.NONE)) {
            return;
        }
        Instant ended = time.instant();
        for (int i = 0; i < messages.size(); i++) {
            MessageFacts facts = MessageFacts.of(messages.get(i), observer.wantedHeaders());
            if (accepted && !messages.get(i).isReceptionLogged()) {
                observer.record(new LogRecord.Reception(came, facts));
            }
            observer.record(record(ended, facts, outcomes.get(i)));
        }
    }

    private void tellReception(Instant came, Message message) {
        if (!observer.equals(MtaObserver.NONE) && !message.isReceptionLogged()) {
            observer.record(new LogRecord.Reception(came, MessageFacts.of(message, observer.wantedHeaders())));
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

    @Override
    public boolean close(Duration patience) {
        return gate.close(patience);
    }
}
