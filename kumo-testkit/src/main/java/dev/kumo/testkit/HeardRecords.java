package dev.kumo.testkit;

import dev.kumo.core.log.LogRecord;
import dev.kumo.core.log.MtaObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The log of an MTA in memory, for tests to look into. An MTA tells its observers a moment after the client has its reply, so a
 * test waits for what it expects.
 *
 * <pre>{@code
 * HeardRecords log = new HeardRecords();
 * Mta mta = Mta.builder().observer(log)…
 * assertThat(log.await(2)).extracting(LogRecord::type).containsExactly("Reception", "Delivery");
 * }</pre>
 */
public final class HeardRecords implements MtaObserver {

    /** How many records are kept: what comes after them is forgotten. */
    public static final int MOST = 10_000;

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final List<LogRecord> records = new ArrayList<>();

    /** Has heard nothing yet. */
    public HeardRecords() {}

    @Override
    public synchronized void record(LogRecord record) {
        if (records.size() < MOST) {
            records.add(record);
            notifyAll();
        }
    }

    /**
     * What was heard so far.
     *
     * @return a copy, in order
     */
    public synchronized List<LogRecord> records() {
        return List.copyOf(records);
    }

    /**
     * What was heard so far of one kind.
     *
     * @param <R> the kind
     * @param kind its class
     * @return a copy, in order
     */
    public <R extends LogRecord> List<R> records(Class<R> kind) {
        return records().stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /**
     * Waits until so many records were heard, up to 10 seconds.
     *
     * @param count how many
     * @return all that were heard so far, at least as many
     * @throws AssertionError if fewer come, or the thread is interrupted
     */
    public synchronized List<LogRecord> await(int count) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        try {
            for (long left = PATIENCE.toMillis(); records.size() < count && left > 0; left = left(end)) {
                wait(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (records.size() < count) {
            throw new AssertionError("expected " + count + " records, heard "
                    + records.stream().map(LogRecord::type).toList());
        }
        return records();
    }

    private static long left(long end) {
        return Duration.ofNanos(end - System.nanoTime()).toMillis();
    }

    synchronized void forget() {
        records.clear();
    }
}
