package dev.kumo.core;

import dev.kumo.core.log.MtaObserver;
import dev.kumo.core.log.SessionTrace;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.Reply;
import dev.kumo.core.spool.Draft;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.IntFunction;

/** What the listeners of an {@link Mta} see of it: where messages go, and each other. */
final class HouseReception implements Reception {

    private final Reception inner;
    private final IntFunction<List<ListenerState>> listeners;
    private final SessionTrace trace = new SessionTrace();

    HouseReception(Reception inner, IntFunction<List<ListenerState>> listeners) {
        this.inner = inner;
        this.listeners = listeners;
    }

    @Override
    public CompletionStage<Reply> receive(List<Message> messages) {
        return inner.receive(messages);
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
