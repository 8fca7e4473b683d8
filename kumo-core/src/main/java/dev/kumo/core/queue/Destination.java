package dev.kumo.core.queue;

import dev.kumo.core.delivery.Delivery;
import dev.kumo.core.delivery.Protocol;
import dev.kumo.core.delivery.Route;
import dev.kumo.core.delivery.UnroutableException;
import java.io.IOException;

/** What a way is looked up for: a domain, perhaps with hosts that are named for it, or a folder. */
record Destination(String domain, Protocol protocol) {

    static Destination of(String domain, Protocol protocol) {
        return new Destination(protocol instanceof Protocol.Maildir ? "" : domain, protocol);
    }

    /**
     * Finds the way. May block.
     *
     * @throws UnroutableException if there is none
     * @throws IOException if a folder cannot be used
     */
    Route route(Delivery delivery) throws UnroutableException, IOException {
        if (protocol instanceof Protocol.Maildir maildir) {
            return Route.to(Delivery.maildir(maildir), "maildir:" + maildir.path(), "maildir");
        }
        return delivery.route(domain, (Protocol.Smtp) protocol);
    }
}
