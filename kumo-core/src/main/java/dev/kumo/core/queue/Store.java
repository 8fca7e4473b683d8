package dev.kumo.core.queue;

import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.MessageId;
import dev.kumo.core.spool.Spool;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the messages of the queues are: in the spool, or, if writing was deferred, in memory until they have left or have to be
 * written. What is begun here counts as running until it has ended.
 */
final class Store {

    private static final Logger LOG = LoggerFactory.getLogger(QueueWorks.class);

    private final Spool spool;
    private final Shelf shelf;
    private final Workers workers;

    Store(Spool spool, Shelf shelf, Workers workers) {
        this.spool = spool;
        this.shelf = shelf;
        this.workers = workers;
    }

    boolean isUnwritten(MessageId id) {
        return shelf.isUnwritten(id);
    }

    Optional<Message> load(Entry entry) throws IOException {
        Message message = entry.message;
        return message != null ? Optional.of(message) : load(entry.id);
    }

    Optional<Message> load(MessageId id) throws IOException {
        Message message = shelf.unwritten(id);
        return message != null ? Optional.of(message) : spool.load(id);
    }

    /** Forgets a message for good. */
    void remove(Entry entry) {
        forget(entry);
        if (shelf.isUnwritten(entry.id)) {
            shelf.remove(entry.id);
            return;
        }
        follow(begin(() -> spool.remove(entry.id)), (nothing, cause) -> {
            if (cause != null) {
                LOG.error("cannot remove message {} from the spool; it may be sent twice", entry.id, cause);
            }
        });
    }

    /** Writes what has changed of a message, all of it if it was not written before; goes on even if that fails. */
    void save(Entry entry, Message message, Runnable then) {
        if (shelf.isUnwritten(entry.id)) {
            keep(entry, then);
            return;
        }
        forget(entry);
        follow(begin(() -> spool.update(message)), (nothing, cause) -> {
            if (cause != null) {
                LOG.error(
                        "cannot write the schedule of message {}; after a restart it is tried early", entry.id, cause);
            }
            then.run();
        });
    }

    /** Writes a message if it was not written before; goes on even if that fails, as it then still is in memory. */
    void keep(Entry entry, Runnable then) {
        forget(entry);
        Message message = shelf.unwritten(entry.id);
        if (message == null) {
            then.run();
            return;
        }
        follow(begin(() -> spool.store(List.of(message))), (nothing, cause) -> {
            if (cause == null) {
                shelf.remove(entry.id);
            } else {
                LOG.error("cannot write message {}, which has to wait; it stays in memory", entry.id, cause);
            }
            then.run();
        });
    }

    /** Writes all that is in memory only, side by side; says how many were not written in time. */
    int keepAll(Duration patience) {
        CompletableFuture<?>[] writes = shelf.unwritten().stream()
                .map(message -> begin(() -> spool.store(List.of(message)))
                        .whenComplete((nothing, cause) -> {
                            if (cause == null) {
                                shelf.remove(message.id());
                            } else {
                                LOG.error("cannot write message {}", message.id(), cause);
                            }
                        })
                        .toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(writes).get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.error("cannot write all messages that are in memory only", e);
        }
        return shelf.unwritten().size();
    }

    private void forget(Entry entry) {
        Message message = entry.message;
        if (message != null) {
            entry.message = null;
            shelf.release(message);
        }
    }

    /** Counts a stage as running until it has completed and what follows has been done. */
    <T> void follow(CompletionStage<T> stage, BiConsumer<@Nullable T, @Nullable Throwable> then) {
        workers.begin();
        stage.whenComplete((value, cause) -> {
            try {
                then.accept(value, cause);
            } catch (RuntimeException | Error e) {
                LOG.error("a task of the queues failed", e);
            } finally {
                workers.end();
            }
        });
    }

    /** A spool that throws has failed like one whose stage fails. */
    static <T> CompletionStage<T> begin(Supplier<CompletionStage<T>> step) {
        try {
            return step.get();
        } catch (RuntimeException | Error e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
