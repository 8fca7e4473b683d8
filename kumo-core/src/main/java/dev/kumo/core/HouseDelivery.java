package dev.kumo.core;

import dev.kumo.core.delivery.Chores;
import dev.kumo.core.delivery.Delivery;
import dev.kumo.core.delivery.Outcome;
import dev.kumo.core.delivery.Route;
import dev.kumo.core.delivery.UnroutableException;
import dev.kumo.core.mail.Message;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Mail goes where it is to go, and chores to the listeners whose they are. */
final class HouseDelivery implements Delivery {

    private final Delivery mail;
    private final List<Chores> chores;
    private final CompletableFuture<Boolean> opened = new CompletableFuture<>();

    HouseDelivery(Delivery mail, List<Listener> listeners) {
        this.mail = mail;
        this.chores = listeners.stream()
                .flatMap(listener -> listener.chores().stream())
                .toList();
    }

    /** The listeners are open, or will not be. The first time counts: what is closed says so itself. */
    void opened(boolean open) {
        opened.complete(open);
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
    public Route route(String domain) throws UnroutableException {
        if (!Chores.isQueue(domain)) {
            return mail.route(domain);
        }
        return new ChoreRoute(
                domain,
                chores.stream().filter(each -> each.queue().equals(domain)).toList(),
                opened);
    }
}
