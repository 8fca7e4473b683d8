package dev.kumo.core;

import dev.kumo.core.delivery.Chores;
import dev.kumo.core.delivery.Delivery;
import dev.kumo.core.delivery.Outcome;
import dev.kumo.core.delivery.Protocol;
import dev.kumo.core.delivery.Route;
import dev.kumo.core.delivery.UnroutableException;
import dev.kumo.core.mail.Message;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Mail goes where it is to go, and chores to the listeners whose they are, while these are open. */
final class HouseDelivery implements Delivery {

    private static final Logger LOG = LoggerFactory.getLogger(Mta.class);

    private final Delivery mail;
    private final List<Chores> chores;
    private final CompletableFuture<Boolean> opened = new CompletableFuture<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final Set<String> orphans = ConcurrentHashMap.newKeySet();
    private volatile boolean closing;

    HouseDelivery(Delivery mail, List<Chores> chores) {
        this.mail = mail;
        this.chores = List.copyOf(chores);
    }

    /** The listeners are open. */
    void opened() {
        opened.complete(true);
    }

    /** The listeners close, or were never open. No chore is begun any more. */
    void beginClosing() {
        closing = true;
        opened.complete(false);
    }

    /** The queues close as well. Before that, whoever has a chore keeps it, as he would only be given the next. */
    void end() {
        ended.complete(null);
    }

    /**
     * Waits until chores can be done.
     *
     * @return false if that will not be
     */
    boolean awaitOpen() {
        boolean open = opened.join() && !closing;
        if (!open) {
            ended.join();
        }
        return open;
    }

    @Override
    public List<Outcome> deliver(List<Message> batch) {
        return mail.deliver(batch);
    }

    @Override
    public boolean mayBlock() {
        return mail.mayBlock();
    }

    @Override
    public Route route(String domain, Protocol.Smtp protocol) throws UnroutableException {
        return Chores.isQueue(domain) ? route(domain) : mail.route(domain, protocol);
    }

    @Override
    public Route route(String domain) throws UnroutableException {
        if (!Chores.isQueue(domain)) {
            return mail.route(domain);
        }
        List<Chores> doers =
                chores.stream().filter(each -> each.queue().equals(domain)).toList();
        return new ChoreRoute(domain, doers, this::awaitOpen, () -> orphaned(domain));
    }

    /** Said once of each queue, as its chores come again and again. */
    private void orphaned(String queue) {
        if (orphans.add(queue)) {
            LOG.warn(
                    "no listener does the chores of queue {}; they wait until one is there, and expire when they are too old",
                    queue);
        }
    }
}
