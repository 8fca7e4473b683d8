package dev.kumo.core;

import dev.kumo.core.log.Link;
import dev.kumo.core.log.LogRecord;
import dev.kumo.core.log.MtaObserver;
import dev.kumo.core.log.Selection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the observers on a thread of its own what the sessions tell it, so that no observer can stall a session.
 *
 * <p>Telling takes no lock. It wakes the thread only if that has been idle for a while: under traffic the thread looks
 * again by itself, and no session pays for a system call.
 */
final class ObserverFeed implements MtaObserver {

    static final int CAPACITY = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(ObserverFeed.class);

    private static final Duration REPORT_PERIOD = Duration.ofMinutes(1);
    private static final long NAP_NANOS = 2_000_000;
    private static final int NAPS_BEFORE_SLEEP = 50;

    private final List<MtaObserver> observers;
    private final Selection wantedHeaders;
    private final int capacity;
    private final OncePer dropReport;
    private final Queue<Event> events = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong dropped = new AtomicLong();
    private final Thread thread;

    private volatile boolean asleep;
    private volatile boolean closed;

    ObserverFeed(List<MtaObserver> observers, int capacity, InstantSource time) {
        this.observers = List.copyOf(observers);
        this.wantedHeaders =
                this.observers.stream().map(MtaObserver::wantedHeaders).reduce(Selection.NONE, Selection::or);
        this.capacity = capacity;
        this.dropReport = new OncePer(REPORT_PERIOD, time);
        this.thread = new Thread(this::run, "kumo-observers");
        this.thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    @Override
    public void record(LogRecord record) {
        offer(observer -> observer.record(record), record.weight());
    }

    @Override
    public void connected(Link link) {
        offer(observer -> observer.connected(link), 1);
    }

    @Override
    public void disconnected(Link link, Instant at) {
        offer(observer -> observer.disconnected(link, at), 1);
    }

    @Override
    public Selection wantedHeaders() {
        return wantedHeaders;
    }

    /** How many events no observer will hear, because too many waited. */
    long dropped() {
        return dropped.get();
    }

    /** Whether the thread has stopped looking by itself and waits to be woken. */
    boolean isAsleep() {
        return asleep;
    }

    /** An event, and how many places it takes. */
    private record Event(Consumer<MtaObserver> telling, int weight) {}

    private void offer(Consumer<MtaObserver> telling, int weight) {
        if (closed) {
            return;
        }
        if (waiting.addAndGet(weight) > capacity) {
            waiting.addAndGet(-weight);
            drop();
            return;
        }
        events.add(new Event(telling, weight));
        if (asleep) {
            asleep = false; // before unpark: a late write must not hide that the thread has gone to sleep again
            LockSupport.unpark(thread);
        }
    }

    private void drop() {
        long total = dropped.incrementAndGet();
        if (dropReport.isDue()) {
            LOG.warn("observers are too slow: {} events wait, {} dropped since the start", capacity, total);
        }
    }

    private void run() {
        int naps = 0;
        while (true) {
            Event event = events.poll();
            if (event != null) {
                waiting.addAndGet(-event.weight());
                tell(event.telling());
                naps = 0;
            } else if (closed && events.isEmpty()) {
                return;
            } else if (naps < NAPS_BEFORE_SLEEP) {
                naps++;
                LockSupport.parkNanos(this, NAP_NANOS);
            } else {
                sleep();
                naps = 0;
            }
        }
    }

    private void sleep() {
        asleep = true;
        if (events.isEmpty() && !closed) {
            LockSupport.park(this);
        }
        asleep = false;
    }

    private void tell(Consumer<MtaObserver> event) {
        for (MtaObserver observer : observers) {
            try {
                event.accept(observer);
            } catch (RuntimeException | Error e) {
                LOG.error("observer {} failed", observer.getClass().getName(), e);
            }
        }
        Thread.interrupted(); // an interrupt left behind by an observer would turn every nap into a spin
    }

    /**
     * Hears nothing more, waits until the observers have heard what waits, or until the time is up, and closes them.
     *
     * @return whether they have heard all
     */
    boolean close(Duration patience) {
        boolean drained = drain(patience);
        closeObservers();
        return drained;
    }

    /** Observers may own files, threads and connections. */
    void closeObservers() {
        for (MtaObserver observer : observers) {
            if (observer instanceof AutoCloseable resource) {
                try {
                    resource.close();
                } catch (Exception | Error e) {
                    LOG.error(
                            "observer {} cannot be closed", observer.getClass().getName(), e);
                }
            }
        }
    }

    private boolean drain(Duration patience) {
        closed = true;
        LockSupport.unpark(thread);
        try {
            thread.join(Math.max(1, patience.toMillis())); // 0 would be for ever
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!thread.isAlive()) {
            return true;
        }
        LOG.warn("observers are too slow: closed while {} events wait", waiting.get());
        events.clear();
        thread.interrupt();
        return false;
    }
}
