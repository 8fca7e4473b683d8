package dev.kumo.core.queue;

import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.MessageId;
import dev.kumo.core.spool.Spool;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the messages of the queues are: in the spool, or, if writing was deferred, in memory until they have left or have to be
 * written. What is begun here counts as running until it has ended.
 */
final class Store {

    private static final Logger LOG = LoggerFactory.getLogger(QueueWorks.class);

    private static final Duration LONGEST_WRITE = Duration.ofSeconds(30);

    private final Spool spool;
    private final Shelf shelf;
    private final Workers workers;

    /** Messages as they are now, where the spool could not take that. */
    private final ConcurrentHashMap<MessageId, Unsaved> unsaved = new ConcurrentHashMap<>();

    /**
     * A message that is another one in the spool.
     *
     * @param binding whether nobody may be given the message before that is written: recipients have been served, or the policy
     *     has decided where it goes
     * @param reserved whether it has room on the shelf
     */
    private record Unsaved(Message message, boolean binding, boolean reserved) {}

    Store(Spool spool, Shelf shelf, Workers workers) {
        this.spool = spool;
        this.shelf = shelf;
        this.workers = workers;
    }

    boolean isUnwritten(MessageId id) {
        return shelf.isUnwritten(id);
    }

    /**
     * The message, to be given to somebody.
     *
     * @throws IOException if the store fails; also if recipients have been served, or the policy has moved the message, since the store
     *     was last able to write that, and it still is not: that would be undone by the next crash
     */
    Optional<Message> load(Entry entry) throws IOException {
        Message message = entry.message;
        if (message != null) {
            return Optional.of(message);
        }
        Unsaved owed = unsaved.get(entry.id);
        if (owed == null) {
            return load(entry.id);
        }
        try {
            begin(() -> spool.update(owed.message()))
                    .toCompletableFuture()
                    .orTimeout(LONGEST_WRITE.toSeconds(), TimeUnit.SECONDS)
                    .join();
            settle(entry.id);
        } catch (CompletionException e) {
            if (owed.binding()) {
                throw new IOException("cannot write who has the message already, or where it is to go", e.getCause());
            }
        }
        return Optional.of(owed.message());
    }

    Optional<Message> load(MessageId id) throws IOException {
        Message message = shelf.unwritten(id);
        if (message != null) {
            return Optional.of(message);
        }
        Unsaved owed = unsaved.get(id);
        return owed != null ? Optional.of(owed.message()) : spool.load(id);
    }

    /** Has a copy that was changed take the place of a message in memory. */
    void replace(Message message, Message changed) {
        if (message != changed && shelf.isUnwritten(message.id())) {
            shelf.put(changed);
        }
    }

    /** Forgets a message for good. */
    void remove(Entry entry) {
        forget(entry);
        if (shelf.isUnwritten(entry.id)) {
            shelf.remove(entry.id);
            return;
        }
        settle(entry.id);
        follow(begin(() -> spool.remove(entry.id)), (nothing, cause) -> {
            if (cause != null) {
                LOG.error("cannot remove message {} from the spool; it may be sent twice", entry.id, cause);
            }
        });
    }

    /**
     * Writes what has changed of a message, all of it if it was not written before; goes on even if that fails, and then tries again
     * before anybody is given the message.
     *
     * @param binding whether the message may not be given to anybody before that is written
     */
    void save(Entry entry, Message message, boolean binding, Runnable then) {
        if (shelf.isUnwritten(entry.id)) {
            keep(entry, then);
            return;
        }
        boolean cached = entry.message != null;
        entry.message = null;
        follow(begin(() -> spool.update(message)), (nothing, cause) -> {
            if (cause == null) {
                settle(entry.id);
                if (cached) {
                    shelf.release(message);
                }
            } else {
                LOG.error("cannot write what has changed of message {}; it is tried again", entry.id, cause);
                Unsaved before = unsaved.get(entry.id);
                unsaved.put(
                        entry.id,
                        before == null
                                ? new Unsaved(message, binding, cached)
                                : new Unsaved(message, binding || before.binding(), cached || before.reserved()));
            }
            then.run();
        });
    }

    /** What has changed of a message is written, or does not matter any more. */
    private void settle(MessageId id) {
        Unsaved owed = unsaved.remove(id);
        if (owed != null && owed.reserved()) {
            shelf.release(owed.message());
        }
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

    /** Writes all that is in memory only, side by side; says how many messages were not written in time. */
    int keepAll(Duration patience) {
        Stream<CompletionStage<Void>> changes = unsaved.values().stream()
                .map(owed -> begin(() -> spool.update(owed.message())).whenComplete((nothing, cause) -> {
                    if (cause != null) {
                        LOG.error(
                                "cannot write what has changed of message {}",
                                owed.message().id(),
                                cause);
                    }
                }));
        Stream<CompletionStage<Void>> messages = shelf.unwritten().stream()
                .map(message -> begin(() -> spool.store(List.of(message))).whenComplete((nothing, cause) -> {
                    if (cause == null) {
                        shelf.remove(message.id());
                    } else {
                        LOG.error("cannot write message {}", message.id(), cause);
                    }
                }));
        CompletableFuture<?>[] writes = Stream.concat(changes, messages)
                .map(CompletionStage::toCompletableFuture)
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

    /** Lets go of what is in memory as well. */
    void forget(Entry entry) {
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
