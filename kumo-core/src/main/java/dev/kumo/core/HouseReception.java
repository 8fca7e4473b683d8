package dev.kumo.core;

import dev.kumo.core.delivery.Chores;
import dev.kumo.core.log.MtaObserver;
import dev.kumo.core.log.SessionTrace;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.Reply;
import dev.kumo.core.spool.Draft;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.IntFunction;

/** What the listeners of an {@link Mta} see of it: where messages go, and each other. */
final class HouseReception implements Reception {

    private static final Reply AMBIGUOUS = Reply.of(
            550, "5.3.5", "two listeners of this host do this and cannot be told apart; give each a name of its own");

    private final Reception inner;
    private final List<Chores> chores;
    private final IntFunction<List<ListenerState>> listeners;
    private final SessionTrace trace = new SessionTrace();

    /**
     * In front of another.
     *
     * @param chores what the listeners do later
     */
    HouseReception(Reception inner, List<Chores> chores, IntFunction<List<ListenerState>> listeners) {
        this.inner = inner;
        this.chores = List.copyOf(chores);
        this.listeners = listeners;
    }

    @Override
    public CompletionStage<Reply> receive(List<Message> messages) {
        return messages.stream().anyMatch(this::isAmbiguous)
                ? CompletableFuture.completedFuture(AMBIGUOUS)
                : inner.receive(messages);
    }

    /** Whether it would be done by whoever is asked first, by the policies and limits of that one. */
    private boolean isAmbiguous(Message message) {
        if (chores.size() < 2 || !message.isChore()) {
            return false;
        }
        String queue = message.queue().text();
        return chores.stream()
                        .filter(each -> each.queue().equals(queue) && each.isOurs(message))
                        .count()
                > 1;
    }

    @Override
    public boolean mayBlock() {
        return inner.mayBlock();
    }

    @Override
    public Optional<String> trouble() {
        return inner.trouble();
    }

    @Override
    public boolean takesChores() {
        return inner.takesChores();
    }

    @Override
    public Draft draft() {
        return inner.draft();
    }

    @Override
    public MtaObserver observer() {
        return inner.observer();
    }

    @Override
    public SessionTrace trace() {
        return trace;
    }

    @Override
    public List<ListenerState> listeners(int links) {
        return listeners.apply(links);
    }
}
