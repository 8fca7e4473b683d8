package dev.kumo.core.queue;

import dev.kumo.core.delivery.Delivery;
import dev.kumo.core.delivery.Protocol;
import dev.kumo.core.delivery.Route;
import dev.kumo.core.delivery.UnroutableException;
import java.io.IOException;
import java.util.OptionalInt;

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
            return Route.to(Delivery.maildir(maildir), site(maildir), "maildir");
        }
        return delivery.route(domain, (Protocol.Smtp) protocol);
    }

    /** Folders with other permissions are other sites; these come before the path, which may hold any character. */
    private static String site(Protocol.Maildir maildir) {
        return "maildir" + mode(";dir_mode=", maildir.dirMode()) + mode(";file_mode=", maildir.fileMode()) + ":"
                + maildir.path();
    }

    private static String mode(String key, OptionalInt mode) {
        return mode.isPresent() ? key + "0" + Integer.toOctalString(mode.getAsInt()) : "";
    }
}
