package dev.kumo.core.queue;

import dev.kumo.core.delivery.Outcome;
import dev.kumo.core.delivery.Route;
import dev.kumo.core.delivery.UnroutableException;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.Reply;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection of a ready queue, or the attempt to have one. It is worked by one thread at a time, and by none while it rests. */
final class Dispatcher implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(QueueWorks.class);

    /** Then it makes way for others that want a thread. */
    private static final int TURNS = 50;

    private static final Outcome NO_ANSWER =
            new Outcome.Deferred(Reply.of(451, "4.4.1", "no host of the site takes a connection"));

    private final ReadyQueue ready;
    private final ReadyQueues all;
    private ConnectionLeases.@Nullable Lease lease;
    private Route.@Nullable Connection connection;

    private int sent;
    private int rests;

    Dispatcher(ReadyQueue ready, ReadyQueues all) {
        this.ready = ready;
        this.all = all;
    }

    /** To be told before it first runs. */
    void leased(ConnectionLeases.Lease leave) {
        lease = leave;
    }

    boolean isConnected() {
        return connection != null;
    }

    /** How many messages this connection has been given. */
    int sent() {
        return sent;
    }

    /** Begins to rest; tells this rest from others. Under the guard. */
    int beginRest() {
        return ++rests;
    }

    /** Whether this is still the rest that was begun last. Under the guard. */
    boolean isRest(int number) {
        return rests == number;
    }

    @Override
    public void run() {
        for (int turn = 0; turn < TURNS; turn++) {
            List<Entry> batch = all.guard().call(() -> ready.take(this, all.nowMillis()));
            if (batch == null) {
                end();
                return;
            }
            if (batch.isEmpty()) {
                return;
            }
            try {
                attempt(batch);
            } finally {
                all.guard().run(() -> ready.done(batch.size()));
            }
        }
        all.start(this);
    }

    /** Closes the connection for good. */
    void end() {
        disconnect();
        if (lease != null) {
            lease.close();
        }
        all.guard().run(ready::ended);
    }

    private void attempt(List<Entry> batch) {
        Route.Connection open = connection;
        if (open == null) {
            open = connect(batch);
            if (open == null) {
                return;
            }
        }
        List<Entry> entries = new ArrayList<>(batch.size());
        List<Message> messages = new ArrayList<>(batch.size());
        for (Entry entry : batch) {
            Message message = all.outcomes().loadToSend(entry);
            if (message != null) {
                entries.add(entry);
                messages.add(message);
            }
        }
        if (messages.isEmpty()) {
            return;
        }
        List<Outcome> outcomes = deliver(open, messages);
        sent += messages.size();
        for (int i = 0; i < entries.size(); i++) {
            all.outcomes().settle(entries.get(i), messages.get(i), outcomes.get(i), ready);
        }
        if (!isUsable(open) || sent >= ready.path().limits().maxDeliveriesPerConnection()) {
            disconnect();
        }
    }

    private Route.@Nullable Connection connect(List<Entry> batch) {
        Outcome failure;
        try {
            Route.Connection open = ready.route().connect(ready.source, ready.path());
            connection = open;
            sent = 0;
            all.guard().run(ready::connected);
            return open;
        } catch (UnroutableException e) {
            failure = e.outcome();
        } catch (RuntimeException | Error e) {
            LOG.error("cannot open a connection for {}", ready.name, e);
            failure = Outcomes.LOCAL_ERROR;
        }
        fail(batch, failure);
        return null;
    }

    private void fail(List<Entry> batch, Outcome failure) {
        boolean forGood = failure instanceof Outcome.Refused;
        List<Entry> others = all.guard().call(() -> ready.failed(forGood));
        batch.forEach(entry -> all.outcomes().settle(entry, failure, ready));
        others.forEach(entry -> all.outcomes().settle(entry, forGood ? failure : NO_ANSWER, ready));
    }

    private List<Outcome> deliver(Route.Connection open, List<Message> messages) {
        try {
            List<Outcome> outcomes = List.copyOf(open.deliver(Collections.unmodifiableList(messages)));
            if (outcomes.size() == messages.size()) {
                return outcomes;
            }
            LOG.error(
                    "{} gave {} outcomes for {} messages; all are deferred",
                    ready.name,
                    outcomes.size(),
                    messages.size());
        } catch (RuntimeException | Error e) {
            LOG.error("{} failed; its messages are deferred", ready.name, e);
        }
        disconnect();
        return Collections.nCopies(messages.size(), Outcomes.LOCAL_ERROR);
    }

    private static boolean isUsable(Route.Connection open) {
        try {
            return open.isUsable();
        } catch (RuntimeException e) {
            return false;
        }
    }

    private void disconnect() {
        Route.Connection open = connection;
        connection = null;
        sent = 0;
        if (open != null) {
            try {
                open.close();
            } catch (RuntimeException e) {
                LOG.warn("cannot close a connection of {}", ready.name, e);
            }
        }
    }
}
