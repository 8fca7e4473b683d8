package dev.kumo.core.queue;

import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.MessageId;
import dev.kumo.core.spool.DamagedException;
import dev.kumo.core.spool.Spool;
import dev.kumo.core.spool.SpoolFullException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/** A durable spool, but for the disk: it keeps copies, so what was not written is not there after a restart. */
final class FakeDisk implements Spool {

    private final Map<MessageId, Message> kept = new LinkedHashMap<>();
    final List<String> calls = new ArrayList<>();
    private final List<Runnable> delayed = new ArrayList<>();

    boolean full;
    boolean broken;
    boolean damaged;

    /** Whether what is begun ends only with {@link #sync}. */
    boolean slow;

    private static Message copy(Message message) {
        return message.copyFor(message.id(), message.recipients());
    }

    private CompletionStage<Void> write(String call, Runnable change) {
        calls.add(call);
        if (full) {
            return CompletableFuture.failedFuture(new SpoolFullException("full"));
        }
        if (broken) {
            return CompletableFuture.failedFuture(new IOException("bad sector 7"));
        }
        if (!slow) {
            change.run();
            return CompletableFuture.completedStage(null);
        }
        CompletableFuture<Void> later = new CompletableFuture<>();
        delayed.add(() -> {
            change.run();
            later.complete(null);
        });
        return later;
    }

    synchronized void sync() {
        List<Runnable> due = List.copyOf(delayed);
        delayed.clear();
        due.forEach(Runnable::run);
    }

    @Override
    public synchronized CompletionStage<Void> store(List<Message> messages) {
        return write(
                "store " + messages.size(), () -> messages.forEach(message -> kept.put(message.id(), copy(message))));
    }

    @Override
    public synchronized CompletionStage<Void> update(Message message) {
        return write("update", () -> kept.computeIfPresent(message.id(), (id, old) -> copy(message)));
    }

    @Override
    public synchronized Optional<Message> load(MessageId id) throws IOException {
        calls.add("load");
        if (broken) {
            throw new IOException("bad sector 7");
        }
        if (damaged) {
            throw new DamagedException("bits have turned in sector 7");
        }
        return Optional.ofNullable(kept.get(id)).map(FakeDisk::copy);
    }

    @Override
    public synchronized CompletionStage<Void> remove(MessageId id) {
        return write("remove", () -> kept.remove(id));
    }

    @Override
    public synchronized Stream<Stored> enumerate() {
        return kept.values().stream().map(Stored::of).toList().stream();
    }

    synchronized List<MessageId> ids() {
        return List.copyOf(kept.keySet());
    }

    synchronized Message at(MessageId id) {
        return copy(kept.get(id));
    }

    @Override
    public boolean isDurable() {
        return true;
    }
}
