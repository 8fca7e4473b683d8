package dev.kumo.core;

import dev.kumo.core.delivery.Delivery;
import dev.kumo.core.log.MtaObserver;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.Reply;
import dev.kumo.core.queue.QueueSettings;
import dev.kumo.core.queue.QueueWorks;
import dev.kumo.core.queue.Queues;
import dev.kumo.core.spool.Spool;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A mail transfer agent: listeners that take messages in, a spool that keeps them, a delivery that sends them out, and
 * observers that hear of it.
 *
 * <pre>{@code
 * try (Mta mta = Mta.builder()
 *         .listener(smtp)
 *         .delivery(Delivery.maildir(Path.of("mail")))
 *         .observer(MtaObserver.of(record -> System.out.println(record)))
 *         .build()) {
 *     mta.start();
 *     untilShutdown.await();
 * }
 * }</pre>
 *
 * <h2>When a client hears 250</h2>
 *
 * A positive reply passes responsibility for the messages on (RFC 5321 sections 4.2.5 and 6.1), so it is given once they are safe.
 * When that is depends on what the {@code Mta} was given:
 *
 * <ul>
 *   <li><strong>A spool and a delivery:</strong> once the spool has kept them, which for one on disk means that they survive the end of
 *       the process and of the power. Then they wait in {@linkplain #queues() queues} until they are delivered, refused, or too old. A
 *       message of a listener with {@code deferred_spool} is the exception: it stays in memory until an attempt has failed or it
 *       has to wait, and is lost if the process dies before that. A spool in memory is taken here, too, with a warning at start.
 *   <li><strong>A delivery alone:</strong> once the first attempt has delivered all messages of the transaction. Until then they are
 *       held in memory, and after the attempt no longer.
 *   <li><strong>A spool alone, or neither:</strong> once the spool has kept them; there they stay: the inbox of a test.
 * </ul>
 *
 * <table>
 * <caption>What the client hears</caption>
 * <tr><th>First that applies</th><th>Reply</th></tr>
 * <tr><td>a message has more {@code Received} fields than {@linkplain Builder#maxHops allowed}</td><td>{@code 554 5.4.6}</td></tr>
 * <tr><td>the {@code Mta} is closing</td><td>{@code 451 4.3.2}</td></tr>
 * <tr><td>the spool is full</td><td>{@code 452 4.3.1}</td></tr>
 * <tr><td>the spool failed, the delivery threw, or the executor takes no work</td><td>{@code 451 4.3.0}; the cause is in the log only</td></tr>
 * <tr><td>without a spool: a message was deferred</td><td>the first deferral's reply, as 451 if it was a 421</td></tr>
 * <tr><td>without a spool: a message was refused</td><td>the first refusal's reply</td></tr>
 * <tr><td>else</td><td>{@code 250 2.6.0} with the ids</td></tr>
 * </table>
 *
 * <p>SMTP has one reply for a whole transaction. If, without a spool, some of its messages were delivered and others were not, the
 * client keeps all of them; what it sends again arrives twice. A message may so be doubled, but none is lost. With queues that may
 * happen to what was being sent when the process died.
 */
public final class Mta implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Mta.class);

    private static final Duration DELIVERIES_PATIENCE = Duration.ofSeconds(30);
    private static final Duration OBSERVERS_PATIENCE = Duration.ofSeconds(5);

    private enum State {
        NEW,
        OPEN,
        CLOSED
    }

    private final Doors doors;
    private final Spool spool;
    private final @Nullable HouseDelivery delivery;
    private final @Nullable QueueWorks queues;
    private final Hall hall;
    private final Reception reception;
    private final Submissions submissions;
    private final @Nullable ObserverFeed feed;
    private volatile State state = State.NEW;

    private Mta(Builder builder) {
        doors = new Doors(builder.listeners);
        List<MtaObserver> observers = doors.observers(builder.observers);
        feed = observers.isEmpty() ? null : new ObserverFeed(observers, ObserverFeed.CAPACITY, builder.time);
        MtaObserver observer = feed == null ? MtaObserver.NONE : feed;
        spool = builder.spool == null ? Spool.inMemory() : builder.spool;
        delivery = builder.spool == null || builder.delivery == null
                ? null
                : new HouseDelivery(builder.delivery, doors.chores());
        queues = delivery == null ? null : builder.queues(spool, delivery, observer);
        hall = queues == null
                ? new FrontHall(spool, builder.delivery, observer, builder.executor, builder.time)
                : new QueueHall(spool, queues, observer);
        reception = new HouseReception(
                new HopLimit(hall, builder.maxHops, spool.mayBlock()), doors.chores(), this::listeners);
        submissions = new Submissions(builder.time);
    }

    /**
     * Begins a new one.
     *
     * @return a builder without a listener
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Takes up what the spool holds, if there are queues, and then opens the listeners, in the order in which they were given. If
     * one cannot be opened, those opened before it are closed again, and this is closed for good.
     *
     * @throws IOException if the spool cannot be read, or a listener cannot be opened; the message names it
     * @throws IllegalStateException if this was started or closed before
     */
    public synchronized void start() throws IOException {
        if (state != State.NEW) {
            throw new IllegalStateException("an Mta starts once; build another");
        }
        state = State.OPEN;
        if (feed != null) {
            feed.start();
        }
        try {
            if (queues != null) {
                start(queues);
            }
            doors.open(reception);
            if (delivery != null) {
                delivery.opened();
            }
        } catch (IOException | RuntimeException | Error e) {
            end();
            throw e;
        }
    }

    private void start(QueueWorks works) throws IOException {
        if (!spool.isDurable()) {
            LOG.warn("the spool is in memory: messages that wait in the queues are lost when the process ends");
        }
        works.start();
    }

    /**
     * Takes a message of this process, as if it had come through a listener. It may be sent before this has returned, and is not to be
     * changed any more. May block where the spool does, or where there are no queues.
     *
     * @param message with an id of its own
     * @return completes with what a client would hear: a positive reply once the message is safe, else one of 4xx or 5xx and the message
     *     was not taken
     * @throws IllegalStateException if this was not started, or is closed
     */
    public CompletionStage<Reply> submit(Message message) {
        requireOpen();
        return reception.receive(List.of(message));
    }

    /**
     * Takes a message once: a second one with the same key is not taken, and is given the answer to the first, also if that is still
     * being worked on. Keys of messages that were not taken are forgotten, and of all others the last 10,000 of the last 24 hours are
     * known. A restart forgets all.
     *
     * @param key tells what is submitted apart from all else
     * @param message with an id of its own
     * @return as for {@link #submit(Message)}
     * @throws IllegalStateException if this was not started, or is closed
     */
    public CompletionStage<Reply> submit(String key, Message message) {
        requireOpen();
        return submissions.once(key, () -> reception.receive(List.of(message)));
    }

    private void requireOpen() {
        if (state != State.OPEN) {
            throw new IllegalStateException("an Mta takes messages after start() and before close()");
        }
    }

    /**
     * The queues, to look at and to interfere with.
     *
     * @return the queues
     * @throws IllegalStateException if there are none, as there are only with both a spool and a delivery
     */
    public Queues queues() {
        if (queues == null) {
            throw new IllegalStateException("there are no queues; give the Mta both a spool and a delivery");
        }
        return queues.queues();
    }

    /**
     * How it stands with the listeners.
     *
     * @param links how many connections of each are to be named at most
     * @return in the order in which they were given
     */
    public List<ListenerState> listeners(int links) {
        return doors.states(links);
    }

    /**
     * Closes the listeners, all at once, each within its grace period; waits up to 30 seconds for deliveries that still
     * run; writes messages that are in memory only, and closes the spool; gives the observers up to 5 seconds to hear the rest; and
     * closes those that are {@link AutoCloseable}. Does nothing the second time.
     */
    @Override
    public synchronized void close() {
        if (state == State.OPEN) {
            end();
        } else if (state == State.NEW) {
            spool.close();
            if (feed != null) {
                feed.closeObservers();
            }
        }
        state = State.CLOSED;
    }

    private void end() {
        state = State.CLOSED;
        if (delivery != null) {
            delivery.beginClosing();
        }
        doors.close();
        if (!hall.close(DELIVERIES_PATIENCE)) {
            LOG.warn("closed while transactions are still worked on; their clients keep the messages");
        }
        if (delivery != null) {
            delivery.end();
        }
        if (queues != null && !queues.close(DELIVERIES_PATIENCE)) {
            LOG.warn("closed while deliveries still run; what they send may be sent again after a restart");
        }
        try {
            spool.close();
        } finally {
            if (feed != null) {
                feed.close(OBSERVERS_PATIENCE);
            }
        }
    }

    /** Puts an {@link Mta} together. */
    public static final class Builder extends QueueSettings<Builder> {

        private final List<Listener> listeners = new ArrayList<>();
        private final List<MtaObserver> observers = new ArrayList<>();
        private @Nullable Spool spool;
        private @Nullable Delivery delivery;
        private @Nullable Executor executor;
        private InstantSource time = InstantSource.system();

        private int maxHops = 100;

        private Builder() {}

        @Override
        protected Builder self() {
            return this;
        }

        private QueueWorks queues(Spool kept, Delivery out, MtaObserver observer) {
            return works(kept, out, observer, executor, time);
        }

        /**
         * Adds a listener.
         *
         * @param listener not open yet; the {@link Mta} opens and closes it
         * @return this
         */
        public Builder listener(Listener listener) {
            listeners.add(Objects.requireNonNull(listener, "listener"));
            return this;
        }

        /**
         * Sets where messages are kept.
         *
         * @param spool by default one in memory that holds messages only while they are delivered; closed with the {@link Mta}
         * @return this
         */
        public Builder spool(Spool spool) {
            this.spool = Objects.requireNonNull(spool, "spool");
            return this;
        }

        /**
         * Sets where messages go.
         *
         * @param delivery by default none: messages stay in the spool
         * @return this
         */
        public Builder delivery(Delivery delivery) {
            this.delivery = Objects.requireNonNull(delivery, "delivery");
            return this;
        }

        /**
         * Adds an observer; listeners bring {@linkplain Listener#observer() their own}. All share one thread, so one that blocks keeps the others waiting, but never a session.
         *
         * @param observer hears what happens from the start on; closed with the {@code Mta} if it is {@link AutoCloseable}
         * @return this
         */
        public Builder observer(MtaObserver observer) {
            observers.add(Objects.requireNonNull(observer, "observer"));
            return this;
        }

        /**
         * Sets where spool and delivery run if they may block. With queues it has to take as many tasks at once as there are
         * connections, or a site that hangs may hold up others.
         *
         * @param executor by default none: they run on the listener's thread that hands the messages over, or, with queues, on virtual
         *     threads from Java 21 on and on bounded pools before. Not closed with the {@link Mta}
         * @return this
         */
        public Builder executor(Executor executor) {
            this.executor = Objects.requireNonNull(executor, "executor");
            return this;
        }

        /**
         * Sets how many {@code Received} fields a message may have: one with more goes round in circles (RFC 5321 section 6.3).
         *
         * @param count at least 1; default 100
         * @return this
         * @throws IllegalArgumentException if it is less
         */
        public Builder maxHops(int count) {
            if (count < 1) {
                throw new IllegalArgumentException("a message has at least 1 Received field, so not " + count);
            }
            maxHops = count;
            return this;
        }

        /**
         * Sets the clock.
         *
         * @param time by default the system's
         * @return this
         */
        public Builder time(InstantSource time) {
            this.time = Objects.requireNonNull(time, "time");
            return this;
        }

        /**
         * Makes the {@link Mta}. It does nothing until it is started.
         *
         * @return a new one
         * @throws IllegalStateException if there is no listener
         */
        public Mta build() {
            if (listeners.isEmpty()) {
                throw new IllegalStateException("an Mta needs at least one listener; call listener(…)");
            }
            return new Mta(this);
        }
    }
}
