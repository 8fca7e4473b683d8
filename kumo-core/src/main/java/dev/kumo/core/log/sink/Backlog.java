package dev.kumo.core.log.sink;

import dev.kumo.core.log.LogRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Records that wait for a thread of their own, up to a bound. Whoever brings one never waits. */
public final class Backlog {

    private final int capacity;
    private final Losses losses;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition change = lock.newCondition();
    private List<LogRecord> waiting = new ArrayList<>();
    private int taken;
    private int weight;
    private int takenWeight;
    private boolean closed;

    /**
     * Starts empty.
     *
     * @param capacity how many records may wait or be worked on
     * @param losses hears of those beyond that
     */
    public Backlog(int capacity, Losses losses) {
        this.capacity = capacity;
        this.losses = losses;
    }

    /**
     * Lets a record wait. The newest is lost if too many do; once closed, none is taken.
     *
     * @param record the record
     */
    public void offer(LogRecord record) {
        boolean fits;
        lock.lock();
        try {
            if (closed) {
                return;
            }
            fits = weight + takenWeight < capacity;
            if (fits) {
                waiting.add(record);
                weight += record.weight();
                change.signal(); // no system call unless the thread waits
            }
        } finally {
            lock.unlock();
        }
        if (!fits) {
            losses.add(1, "more than " + capacity + " wait");
        }
    }

    /**
     * Waits for a record, and leaves it.
     *
     * @param nanos the longest wait
     * @return whether any waits
     * @throws InterruptedException if the thread is interrupted
     */
    public boolean await(long nanos) throws InterruptedException {
        long left = nanos;
        lock.lockInterruptibly();
        try {
            while (waiting.isEmpty() && !closed && left > 0) {
                left = change.awaitNanos(left);
            }
            return !waiting.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for records, and takes them; those taken before count as done.
     *
     * @param atLeast how many are worth not waiting for more
     * @param atMost how many are taken
     * @param nanos the longest wait; returns at once if it is 0 or the backlog is closed
     * @return the records in order, perhaps none
     * @throws InterruptedException if the thread is interrupted
     */
    public List<LogRecord> take(int atLeast, int atMost, long nanos) throws InterruptedException {
        long left = nanos;
        lock.lockInterruptibly();
        try {
            taken = 0;
            takenWeight = 0;
            while (waiting.size() < atLeast && !closed && left > 0) {
                left = change.awaitNanos(left);
            }
            List<LogRecord> batch = waiting;
            if (batch.size() <= atMost) {
                waiting = new ArrayList<>();
            } else {
                waiting = new ArrayList<>(batch.subList(atMost, batch.size()));
                batch = batch.subList(0, atMost);
            }
            taken = batch.size();
            takenWeight = batch.stream().mapToInt(LogRecord::weight).sum();
            weight -= takenWeight;
            return batch;
        } finally {
            lock.unlock();
        }
    }

    /** Takes no more records, and ends every wait. */
    public void close() {
        lock.lock();
        try {
            closed = true;
            change.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes no more records, and forgets those that wait.
     *
     * @return how many waited
     */
    public int abandon() {
        lock.lock();
        try {
            closed = true;
            int left = waiting.size();
            weight = 0;
            waiting = new ArrayList<>();
            return left;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Whether nothing waits and nothing more will come.
     *
     * @return true at the end
     */
    public boolean isOver() {
        lock.lock();
        try {
            return closed && waiting.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /**
     * How many records have not been done.
     *
     * @return those that wait, and those taken last
     */
    public int size() {
        lock.lock();
        try {
            return waiting.size() + taken;
        } finally {
            lock.unlock();
        }
    }
}
