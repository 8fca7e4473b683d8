package dev.kumo.core;

import dev.kumo.core.delivery.Chores;
import dev.kumo.core.delivery.EgressPathOptions;
import dev.kumo.core.delivery.EgressSource;
import dev.kumo.core.delivery.Outcome;
import dev.kumo.core.delivery.Route;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.Reply;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The way from a queue of chores to those who do them. */
final class ChoreRoute implements Route {

    private static final Logger LOG = LoggerFactory.getLogger(Mta.class);

    private static final Outcome NO_MAIL =
            new Outcome.Refused(Reply.of(550, "5.1.2", "this domain names a queue of this host, and takes no mail"));
    private static final Outcome NOBODY =
            new Outcome.Deferred(Reply.of(451, "4.3.5", "no listener of this host does this any more"));
    private static final Outcome CLOSED =
            new Outcome.Deferred(Reply.of(451, "4.3.2", "shutting down, done after the next start"));
    private static final Outcome FAILED =
            new Outcome.Deferred(Reply.of(451, "4.3.0", "local error, it is tried again"));

    private final String queue;
    private final List<Chores> doers;
    private final BooleanSupplier awaitOpen;
    private final Runnable orphaned;

    /**
     * A way.
     *
     * @param doers those of this queue
     * @param awaitOpen waits until they can work; false if that will not be
     * @param orphaned told of each chore that nobody does
     */
    ChoreRoute(String queue, List<Chores> doers, BooleanSupplier awaitOpen, Runnable orphaned) {
        this.queue = queue;
        this.doers = List.copyOf(doers);
        this.awaitOpen = awaitOpen;
        this.orphaned = orphaned;
    }

    @Override
    public String site() {
        return queue;
    }

    @Override
    public String protocol() {
        return "chore";
    }

    @Override
    public Connection connect(EgressSource source, EgressPathOptions path) {
        return new Connection() {
            @Override
            public List<Outcome> deliver(List<Message> batch) {
                return batch.stream().map(ChoreRoute.this::attempt).toList();
            }

            @Override
            public boolean isUsable() {
                return true;
            }

            @Override
            public void close() {}
        };
    }

    private Outcome attempt(Message chore) {
        if (!chore.isChore()) {
            return NO_MAIL;
        }
        if (doers.isEmpty()) {
            orphaned.run();
            return NOBODY;
        }
        if (!awaitOpen.getAsBoolean()) {
            return CLOSED;
        }
        Chores doer =
                doers.stream().filter(each -> each.isOurs(chore)).findFirst().orElse(doers.get(0));
        try {
            return doer.attempt(chore);
        } catch (RuntimeException | Error e) {
            LOG.error("chore {} of {} failed; it is tried again", chore.id(), queue, e);
            return FAILED;
        }
    }
}
