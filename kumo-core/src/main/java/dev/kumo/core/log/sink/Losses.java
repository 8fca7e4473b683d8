package dev.kumo.core.log.sink;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts records that were lost, and says so in the log: at the first, and then once a minute at most. */
public final class Losses {

    private static final Logger LOG = LoggerFactory.getLogger(Losses.class);
    private static final Duration PERIOD = Duration.ofMinutes(1);

    private final String where;
    private final InstantSource time;
    private final AtomicLong total = new AtomicLong();
    private final AtomicLong next = new AtomicLong(Long.MIN_VALUE);

    /**
     * Starts at none.
     *
     * @param where what loses them, for the log
     * @param time the clock
     */
    public Losses(String where, InstantSource time) {
        this.where = where;
        this.time = time;
    }

    /**
     * Counts.
     *
     * @param count how many were lost; the log hears nothing of 0
     * @param why for the log
     */
    public void add(long count, String why) {
        if (count == 0) {
            return;
        }
        long lost = total.addAndGet(count);
        long now = time.millis();
        long due = next.get();
        if (now >= due && next.compareAndSet(due, now + PERIOD.toMillis())) {
            LOG.warn("{}: {} records lost since the start; now because {}", where, lost, why);
        }
    }

    /**
     * How many were lost.
     *
     * @return since the start
     */
    public long total() {
        return total.get();
    }
}
