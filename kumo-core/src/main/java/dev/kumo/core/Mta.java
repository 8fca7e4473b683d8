package dev.kumo.core;

import dev.kumo.core.delivery.Delivery;
import dev.kumo.core.log.MtaObserver;
import dev.kumo.core.spool.Spool;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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
 * A positive reply passes responsibility for the messages on (RFC 5321 sections 4.2.5 and 6.1), so it is given once they
 * are safe: when the first attempt has delivered all messages of the transaction. Until then the spool holds them, and
 * after the attempt it holds none of them:
 *
 * <table>
 * <caption>What the client hears</caption>
 * <tr><th>First that applies</th><th>Reply</th></tr>
 * <tr><td>the {@code Mta} is closing</td><td>{@code 451 4.3.2}</td></tr>
 * <tr><td>the spool is full</td><td>{@code 452 4.3.1}</td></tr>
 * <tr><td>the spool failed, the delivery threw, or the executor takes no work</td><td>{@code 451 4.3.0}; the cause is in the log only</td></tr>
 * <tr><td>a message was deferred</td><td>the first deferral's reply, as 451 if it was a 421</td></tr>
 * <tr><td>a message was refused</td><td>the first refusal's reply</td></tr>
 * <tr><td>all were delivered</td><td>{@code 250 2.6.0} with the ids</td></tr>
 * </table>
 *
 * <p>SMTP has one reply for a whole transaction. If some of its messages were delivered and others were not, the client
 * keeps all of them; what it sends again arrives twice. A message may so be doubled, but none is lost.
 *
 * <p><strong>Without a delivery</strong> the messages stay in the spool and the client hears 250: the inbox of a test. If
 * such a spool is in memory, its messages end with the process.
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

    private final List<Listener> listeners;
    private final FrontHall hall;
    private final @Nullable ObserverFeed feed;
    private State state = State.NEW;

    private Mta(Builder builder) {
        listeners = List.copyOf(builder.listeners);
        feed = builder.observers.isEmpty()
                ? null
                : new ObserverFeed(builder.observers, ObserverFeed.CAPACITY, builder.time);
        hall = new FrontHall(
                builder.spool == null ? Spool.inMemory() : builder.spool,
                builder.delivery,
                feed == null ? MtaObserver.NONE : feed,
                builder.executor,
                builder.time);
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
     * Opens the listeners, in the order in which they were given. If one cannot be opened, those opened before it are
     * closed again, and this is closed for good.
     *
     * @throws IOException if a listener cannot be opened; the message names it
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
        List<Listener> open = new ArrayList<>();
        try {
            for (Listener listener : listeners) {
                open(listener);
                open.add(listener);
            }
        } catch (IOException | RuntimeException | Error e) {
            close(open);
            throw e;
        }
    }

    private void open(Listener listener) throws IOException {
        try {
            listener.open(hall);
        } catch (IOException e) {
            throw new IOException("cannot open " + listener + ": " + e.getMessage(), e);
        }
    }

    /**
     * Closes the listeners, all at once, each within its grace period; waits up to 30 seconds for deliveries that still
     * run; gives the observers up to 5 seconds to hear the rest; and closes those that are {@link AutoCloseable}. Does
     * nothing the second time.
     */
    @Override
    public synchronized void close() {
        if (state == State.OPEN) {
            close(listeners);
        } else if (state == State.NEW && feed != null) {
            feed.closeObservers();
        }
        state = State.CLOSED;
    }

    private void close(List<Listener> open) {
        state = State.CLOSED;
        closeAll(open);
        if (!hall.close(DELIVERIES_PATIENCE)) {
            LOG.warn("closed while deliveries still run; their clients keep the messages");
        }
        if (feed != null) {
            feed.close(OBSERVERS_PATIENCE);
        }
    }

    /** Side by side, so that the grace periods of several listeners do not add up. */
    private static void closeAll(List<Listener> open) {
        List<Thread> closing = new ArrayList<>();
        for (Listener listener : open) {
            Thread thread = new Thread(() -> close(listener), "kumo-close");
            thread.start();
            closing.add(thread);
        }
        boolean interrupted = false;
        for (Thread thread : closing) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true; // a listener closes within its grace period, and what follows relies on it
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void close(Listener listener) {
        try {
            listener.close();
        } catch (RuntimeException | Error e) {
            LOG.error("cannot close {}", listener, e);
        }
    }

    /** Puts an {@link Mta} together. */
    public static final class Builder {

        private final List<Listener> listeners = new ArrayList<>();
        private final List<MtaObserver> observers = new ArrayList<>();
        private @Nullable Spool spool;
        private @Nullable Delivery delivery;
        private @Nullable Executor executor;
        private InstantSource time = InstantSource.system();

        private Builder() {}

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
         * @param spool by default {@link Spool#inMemory()}
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
         * Adds an observer. All share one thread, so one that blocks keeps the others waiting, but never a session.
         *
         * @param observer hears what happens from the start on; closed with the {@code Mta} if it is {@link AutoCloseable}
         * @return this
         */
        public Builder observer(MtaObserver observer) {
            observers.add(Objects.requireNonNull(observer, "observer"));
            return this;
        }

        /**
         * Sets where spool and delivery run if they may block.
         *
         * @param executor by default none: they run on the listener's thread that hands the messages over. Not closed
         *     with the {@link Mta}
         * @return this
         */
        public Builder executor(Executor executor) {
            this.executor = Objects.requireNonNull(executor, "executor");
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
