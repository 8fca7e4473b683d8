package dev.kumo.core.queue;

import dev.kumo.core.net.ThrottleSpec;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A rate that is held: the generic cell rate algorithm (ITU-T I.371 annex A), in whole nanoseconds, without locks.
 *
 * <p>All it knows is the time at which the next permit would be due if permits came evenly. A permit may be had before
 * its time by the length of a burst, and moves that time on by the space between two.
 */
final class Throttle {

    /** What {@link #tryAcquire} answers once another throttle has to be asked. */
    static final long GONE = -1;

    private static final long RETIRED = Long.MIN_VALUE;

    private final long spacing;
    private final long tolerance;
    private final InstantSource time;
    private final AtomicLong due = new AtomicLong();

    Throttle(ThrottleSpec spec, InstantSource time) {
        this.spacing = spec.spacing().toNanos();
        this.tolerance = spacing * (spec.maxBurst() - 1);
        this.time = time;
        due.set(nanos(time.instant()));
    }

    /**
     * Takes a permit if there is one.
     *
     * @return 0 if it is taken; else how many nanoseconds until one may be tried for, which reserves nothing;
     *     {@link #GONE} once it is retired
     */
    long tryAcquire() {
        while (true) {
            long seen = due.get();
            if (seen == RETIRED) {
                return GONE;
            }
            // Read after it was seen, or the later time of another thread would look like a clock that was set back.
            long now = nanos(time.instant());
            long latest = now + tolerance + spacing;
            if (seen > latest) {
                due.compareAndSet(seen, latest); // the clock was set back; what is certain is that a burst was had
                continue;
            }
            long early = seen - now - tolerance;
            if (early > 0) {
                return early;
            }
            if (due.compareAndSet(seen, Math.max(now, seen) + spacing)) {
                return 0;
            }
        }
    }

    /** Gives back a permit that was taken and not used, soon after it was. */
    void giveBack() {
        due.updateAndGet(seen -> seen == RETIRED ? seen : seen - spacing);
    }

    /** How many nanoseconds until it is as if it were new. */
    long toIdle() {
        long seen = due.get();
        return seen == RETIRED ? 0 : Math.max(0, seen - nanos(time.instant()));
    }

    /** Ends it if that loses nothing, as it is as if it were new. */
    boolean retireIfIdle() {
        long seen = due.get();
        return seen == RETIRED || seen <= nanos(time.instant()) && due.compareAndSet(seen, RETIRED);
    }

    /** Ends it. */
    void retire() {
        due.set(RETIRED);
    }

    /** Good until the year 2262, less the hundred years that a burst may last. */
    private static long nanos(Instant now) {
        return now.getEpochSecond() * 1_000_000_000 + now.getNano();
    }
}
