package dev.kumo.core.queue;

import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that notices that time has passed. */
final class Clockwork {

    private static final Logger LOG = LoggerFactory.getLogger(QueueWorks.class);

    /** It looks at the clock at least so often, as that may be moved. */
    private static final long LONGEST_NAP_MILLIS = 200;

    private final LongSupplier tick;
    private final InstantSource time;
    private final Thread thread = new Thread(this::run, "kumo-queues");
    private volatile boolean stopped;

    /** Calls the tick, which says when it is to be called next, in milliseconds of the clock. */
    Clockwork(LongSupplier tick, InstantSource time) {
        this.tick = tick;
        this.time = time;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Something is due earlier than was said. */
    void wake() {
        LockSupport.unpark(thread);
    }

    private void run() {
        while (!stopped) {
            long nap = LONGEST_NAP_MILLIS;
            try {
                nap = Math.min(nap, tick.getAsLong() - time.millis());
            } catch (RuntimeException | Error e) {
                LOG.error("the clock of the queues failed; it goes on", e);
            }
            if (nap > 0 && !stopped) {
                LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(nap));
            }
        }
    }

    void stop() {
        stopped = true;
        wake();
    }
}
