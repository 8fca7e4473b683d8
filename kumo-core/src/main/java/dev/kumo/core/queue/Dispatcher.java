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
    private long restsUntil;
    private boolean alarmed;

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

    ReadyQueue ready() {
        return ready;
    }

    /** Rests until then, unless it is called upon. Has one alarm at most, however often it rests. Under the guard. */
    void restUntil(long millis) {
        restsUntil = millis;
        if (!alarmed) {
            alarmed = true;
            all.alarm(millis, this::look);
        }
    }

    private void look() {
        alarmed = false;
        if (all.isResting(this)) {
            if (all.nowMillis() >= restsUntil) {
                ready.retire(this);
            } else {
                restUntil(restsUntil);
            }
        }
    }

    @Override
    public void run() {
        int done = 0;
        for (int turn = 0; turn < TURNS; turn++) {
            List<Entry> batch = next(done);
            if (batch == null) {
                end();
                return;
            }
            if (batch.isEmpty()) {
                return;
            }
            try {
                attempt(batch);
            } catch (RuntimeException | Error e) {
                LOG.error("a connection of {} failed", ready.name, e);
                disconnect();
            }
            done = batch.size();
        }
        int last = done;
        all.guard().run(() -> ready.done(last));
        all.start(this);
    }

    private @Nullable List<Entry> next(int done) {
        return all.guard().call(() -> {
            ready.done(done);
            return ready.take(this, all.nowMillis());
        });
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
            safely(entry, () -> {
                Message message = all.outcomes().loadToSend(entry);
                if (message != null) {
                    entries.add(entry);
                    messages.add(message);
                }
            });
        }
        if (messages.isEmpty()) {
            return;
        }
        List<Outcome> outcomes = deliver(open, messages);
        sent += messages.size();
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            Message message = messages.get(i);
            Outcome outcome = outcomes.get(i);
            safely(entry, () -> all.outcomes().settle(entry, message, outcome, ready));
        }
        all.outcomes().help();
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
        batch.forEach(entry -> safely(entry, () -> all.outcomes().settle(entry, failure, ready)));
        Outcome theirs = forGood ? failure : NO_ANSWER;
        others.forEach(entry -> safely(entry, () -> all.outcomes().settle(entry, theirs, ready)));
        all.outcomes().help();
    }

    /** What goes wrong with one message must not make another be forgotten. */
    static void safely(Entry entry, Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            LOG.error("message {} is stuck in the spool until a restart", entry.id, e);
        }
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
