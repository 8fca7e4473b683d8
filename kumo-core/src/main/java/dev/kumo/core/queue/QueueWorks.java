package dev.kumo.core.queue;

import dev.kumo.core.delivery.Delivery;
import dev.kumo.core.log.MtaObserver;
import dev.kumo.core.mail.Message;
import dev.kumo.core.spool.Spool;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What makes the queues work. An MTA starts and ends it, and gives it messages; others see it as {@link Queues}.
 */
public final class QueueWorks {

    private static final Logger LOG = LoggerFactory.getLogger(QueueWorks.class);

    private static final Duration REAPED = Duration.ofMinutes(1);
    private static final Duration REJECTED = Duration.ofSeconds(1);
    private static final int STEP = 1000;
    private static final int THROTTLES = 100_000;

    private final Spool spool;
    private final InstantSource time;
    private final Guard guard = new Guard();
    private final Workers workers = new Workers();
    private final QueueThreads threads;
    private final Clockwork clockwork;
    private final Alarms alarms;
    private final Orders orders;
    private final Store store;
    private final Scheduling scheduling;
    private final Routes routes;
    private final Outcomes outcomes;
    private final ReadyQueues ready;
    private final Promotion promotion;
    private final Intake intake;
    private final QueueDesk desk;
    private long reapAt;
    private volatile boolean closed;

    QueueWorks(
            QueueSettings<?> settings,
            Spool spool,
            Delivery delivery,
            MtaObserver observer,
            @Nullable Executor executor,
            InstantSource time,
            RandomGenerator random) {
        this.spool = spool;
        this.time = time;
        threads = executor == null ? QueueThreads.own() : QueueThreads.of(executor);
        clockwork = new Clockwork(this::tick, time);
        alarms = new Alarms(clockwork::wake);
        orders = new Orders(time);
        Shelf shelf = new Shelf(settings.maxMessageMemory());
        store = new Store(spool, shelf, workers);
        Lines lines = new Lines(Scheduling.LINES, () -> kick());
        Rules rules = settings.rules(time, random);
        Throttles throttles = new Throttles(time, THROTTLES);
        scheduling = new Scheduling(lines, time, random, entry -> noRoom(entry));
        Bounces bounces = settings.bounces()
                .map(writer -> Bounces.of(writer, time, this::take))
                .orElse(Bounces.NONE);
        Consumer<Runnable> start = starter(threads.spool(), workers);
        Consultation consultation = new Consultation(settings.policies(), guard, start);
        Endings endings = new Endings(store, guard, scheduling, observer, time, bounces);
        outcomes = new Outcomes(store, guard, scheduling, orders, rules, time, endings, consultation);
        routes = new Routes(delivery, guard, time, lines, starter(threads.routes(), new Workers()));
        ready = new ReadyQueues(
                guard,
                alarms,
                time,
                lines,
                orders,
                outcomes,
                throttles,
                settings.maxConnections(),
                starter(threads.deliveries(), workers));
        promotion = new Promotion(guard, lines, alarms, orders, rules, routes, ready, outcomes, throttles, time, start);
        intake = new Intake(spool, shelf, guard, scheduling, outcomes, observer, time);
        desk = new QueueDesk(
                guard,
                scheduling,
                lines,
                ready,
                orders,
                outcomes,
                store,
                alarms,
                time,
                random,
                consultation.hasPolicies(),
                start);
    }

    private void kick() {
        promotion.kick();
    }

    private void noRoom(Entry entry) {
        outcomes.noRoom(entry);
    }

    /** Starts tasks, and tries again where the executor takes none. */
    private Consumer<Runnable> starter(Executor executor, Workers counted) {
        return new Consumer<>() {
            @Override
            public void accept(Runnable task) {
                if (!counted.start(executor, task) && !closed) {
                    LOG.warn("the executor takes no work of the queues; it is asked again");
                    long again = time.instant().plus(REJECTED).toEpochMilli();
                    guard.run(() -> alarms.at(again, () -> guard.afterwards(() -> accept(task))));
                }
            }
        };
    }

    /**
     * What an administrator sees and may order.
     *
     * @return the queues
     */
    public Queues queues() {
        return desk;
    }

    /**
     * Takes up what the spool holds, and begins to work. To be called once, and before any message is given.
     *
     * @throws IOException if the spool cannot be read
     */
    public void start() throws IOException {
        restore();
        clockwork.start();
    }

    /** Without the thread that notices that time has passed. */
    void restore() throws IOException {
        int count = 0;
        try (Stream<Spool.Stored> stored = spool.enumerate()) {
            for (Iterator<Spool.Stored> all = stored.iterator(); all.hasNext(); count++) {
                Spool.Stored each = all.next();
                guard.run(() -> scheduling.add(
                        each.id(),
                        scheduling.queue(each.queue()),
                        each.schedule().due().toEpochMilli()));
            }
        }
        if (count > 0) {
            LOG.info("{} messages are in the spool", count);
        }
    }

    /**
     * Makes messages safe and sends them as soon as it can be done.
     *
     * @param messages of one transaction
     * @return completes once all are safe, and fails if none is taken, as a spool does
     */
    public CompletionStage<Void> take(List<Message> messages) {
        return intake.take(messages);
    }

    /** Does what is due; says when there will be more to do, in milliseconds. */
    long tick() {
        long now = time.millis();
        while (guard.call(() -> scheduling.advance(now, STEP)) == STEP) {
            // one step after another, as others want the lock, too
        }
        return guard.call(() -> {
            alarms.ring(now);
            orders.removeEnded(now);
            if (now >= reapAt) {
                scheduling.reap(now);
                routes.reap(now);
                ready.reap(now);
                reapAt = now + REAPED.toMillis();
            }
            return Math.min(reapAt, Math.min(alarms.next(), scheduling.nextDue()));
        });
    }

    /**
     * Begins to send nothing more, lets what is being sent end, and writes what is in memory only. The spool stays open.
     *
     * @param patience how long what is being sent may take
     * @return whether all of it ended in time
     */
    public boolean close(Duration patience) {
        intake.close();
        guard.run(() -> {
            promotion.close();
            ready.close();
        });
        boolean quiet = workers.awaitQuiet(patience.toNanos());
        clockwork.stop();
        closed = true;
        int lost = store.keepAll(patience);
        if (lost > 0) {
            LOG.error("{} messages that were in memory only are lost, as the spool did not take them", lost);
        }
        threads.close();
        return quiet;
    }
}
