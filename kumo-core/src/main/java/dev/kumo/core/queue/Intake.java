package dev.kumo.core.queue;

import dev.kumo.core.log.LogRecord;
import dev.kumo.core.log.MessageFacts;
import dev.kumo.core.log.MtaObserver;
import dev.kumo.core.log.Selection;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.QueueName;
import dev.kumo.core.spool.Spool;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Makes messages safe, and then has them stand in line. */
final class Intake {

    private final Spool spool;
    private final Shelf shelf;
    private final Guard guard;
    private final Scheduling scheduling;
    private final Outcomes outcomes;
    private final MtaObserver observer;
    private final InstantSource time;
    private volatile boolean closed;

    Intake(
            Spool spool,
            Shelf shelf,
            Guard guard,
            Scheduling scheduling,
            Outcomes outcomes,
            MtaObserver observer,
            InstantSource time) {
        this.spool = spool;
        this.shelf = shelf;
        this.guard = guard;
        this.scheduling = scheduling;
        this.outcomes = outcomes;
        this.observer = observer;
        this.time = time;
    }

    /** Takes all messages or none; completes once they are safe, or as safe as they are to be. */
    CompletionStage<Void> take(List<Message> messages) {
        Instant came = time.instant();
        List<Message> written = new ArrayList<>(messages.size());
        List<Message> unwritten = new ArrayList<>(0);
        for (Message message : messages) {
            if (mayStayInMemory(message, came) && shelf.reserve(message)) {
                unwritten.add(message);
            } else if (!isDiscarded(message)) {
                written.add(message);
            }
        }
        CompletionStage<Void> safe = written.isEmpty()
                ? CompletableFuture.completedStage(null)
                : Store.begin(() -> spool.store(List.copyOf(written)));
        return safe.handle((nothing, cause) -> {
            if (cause != null) {
                unwritten.forEach(shelf::release);
                throw cause instanceof CompletionException wrapped ? wrapped : new CompletionException(cause);
            }
            unwritten.forEach(shelf::put);
            tellReceptions(messages, came);
            messages.stream().filter(message -> !isDiscarded(message)).forEach(message -> enter(message, came));
            return null;
        });
    }

    /** A spool that does not outlive the process is no slower than memory, and what has to wait is written anyhow. */
    private boolean mayStayInMemory(Message message, Instant came) {
        return message.isDeferredSpool()
                && spool.isDurable()
                && !closed
                && !message.schedule().due().isAfter(came)
                && !isDiscarded(message);
    }

    private static boolean isDiscarded(Message message) {
        return message.queue().text().equals(QueueName.NULL);
    }

    private void tellReceptions(List<Message> messages, Instant came) {
        if (!observer.equals(MtaObserver.NONE)) {
            Selection wanted = observer.wantedHeaders();
            messages.stream()
                    .filter(message -> !message.isReceptionLogged())
                    .forEach(message ->
                            observer.record(new LogRecord.Reception(came, MessageFacts.of(message, wanted))));
        }
    }

    private void enter(Message message, Instant came) {
        QueueName name = message.queue();
        Instant due = message.schedule().due();
        boolean cached =
                !shelf.isUnwritten(message.id()) && spool.isDurable() && !due.isAfter(came) && shelf.reserve(message);
        guard.run(() -> {
            ScheduledQueue queue = scheduling.queue(name);
            if (due.isAfter(came)) {
                scheduling.add(message.id(), queue, due.toEpochMilli());
            } else {
                Entry entry = new Entry(message.id(), queue, cached ? message : null);
                if (queue.stalled && shelf.isUnwritten(message.id())) {
                    scheduling.addAside(entry);
                    guard.afterwards(() -> outcomes.keep(entry));
                } else {
                    scheduling.add(entry);
                }
            }
        });
    }

    /** From now on, nothing stays in memory. */
    void close() {
        closed = true;
    }
}
