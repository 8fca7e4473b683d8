package dev.kumo.core;

import dev.kumo.core.log.MtaObserver;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.Reply;
import dev.kumo.core.queue.QueueWorks;
import dev.kumo.core.spool.Draft;
import dev.kumo.core.spool.Spool;
import dev.kumo.core.spool.SpoolFullException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stores, answers, and has the queues send it: nobody waits for a delivery. */
final class QueueHall implements Hall {

    private static final Logger LOG = LoggerFactory.getLogger(QueueHall.class);

    private final Gate gate = new Gate();
    private final Spool spool;
    private final QueueWorks queues;
    private final MtaObserver observer;

    QueueHall(Spool spool, QueueWorks queues, MtaObserver observer) {
        this.spool = spool;
        this.queues = queues;
        this.observer = observer;
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
        CompletionStage<Void> taken;
        try {
            taken = queues.take(transaction);
        } catch (RuntimeException | Error e) {
            taken = CompletableFuture.failedFuture(e);
        }
        return taken.handle((nothing, cause) -> {
            gate.leave();
            return cause == null ? HallReplies.accepted(transaction) : refusal(transaction, cause);
        });
    }

    private static Reply refusal(List<Message> messages, Throwable thrown) {
        Throwable cause =
                thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        if (cause instanceof SpoolFullException) {
            LOG.warn(
                    "the spool is full; messages {} stay with the client: {}",
                    HallReplies.ids(messages),
                    cause.getMessage());
            return HallReplies.SPOOL_FULL;
        }
        LOG.error("the spool failed; messages {} stay with the client", HallReplies.ids(messages), cause);
        return HallReplies.LOCAL_ERROR;
    }

    @Override
    public boolean mayBlock() {
        return spool.mayBlock();
    }

    @Override
    public Optional<String> trouble() {
        return spool.trouble();
    }

    @Override
    public boolean takesChores() {
        return true;
    }

    @Override
    public Draft draft() {
        return spool.draft();
    }

    @Override
    public MtaObserver observer() {
        return observer;
    }

    @Override
    public boolean close(Duration patience) {
        return gate.close(patience);
    }
}
