package dev.kumo.core.spool;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What waits to be written, in order.
 *
 * <p>It holds so many bytes. A message that comes when there are more is refused, and not held up until there are fewer: its
 * client is told to try later, which costs nothing here, while a wait would hold up an event loop with all its sessions.
 * For what leaves, and for what only changes, there is twice the room, as a disk that cannot keep up is to be relieved first.
 */
final class CommitQueue {

    private static final int LARGEST_BATCH = 16 << 20;
    private static final int MOST_IN_BATCH = 10_000;

    private final long mostWaiting;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private final ArrayDeque<Change> waiting = new ArrayDeque<>();

    /** Of what waits, and of what was taken and is not done. */
    private long weight;

    private boolean closed;

    CommitQueue(long mostWaiting) {
        this.mostWaiting = mostWaiting;
    }

    /** Adds to the end. Answers why not, if it does not. */
    Optional<IOException> offer(Change change) {
        lock.lock();
        try {
            if (closed) {
                return Optional.of(new IOException("the spool is closed"));
            }
            long most = change instanceof Change.Store ? mostWaiting : 2 * mostWaiting;
            if (weight > 0 && weight + change.weight() > most && !(change instanceof Change.Remove)) {
                return Optional.of(new SpoolFullException("the disk cannot keep up: " + weight + " bytes of " + most
                        + " wait to be written, and " + change.weight() + " more came"));
            }
            weight += change.weight();
            waiting.add(change);
            news.signal();
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes what waits, as much as is good for one commit, and waits for it if it has to.
     *
     * @return empty if nothing came in time; once the queue is closed, at once
     */
    List<Change> take(long nanos) {
        lock.lock();
        try {
            long left = nanos;
            while (waiting.isEmpty() && !closed && left > 0) {
                left = news.awaitNanos(left);
            }
            List<Change> batch = new ArrayList<>(Math.min(waiting.size(), MOST_IN_BATCH));
            long taken = 0;
            while (!waiting.isEmpty() && taken < LARGEST_BATCH && batch.size() < MOST_IN_BATCH) {
                Change change = waiting.poll();
                taken += change.weight();
                batch.add(change);
            }
            return batch;
        } catch (InterruptedException e) {
            return List.of(); // nobody interrupts this thread; to look again is all there is to do
        } finally {
            lock.unlock();
        }
    }

    /** Something that was taken needs no memory any more. */
    void release(long bytes) {
        lock.lock();
        try {
            weight -= bytes;
        } finally {
            lock.unlock();
        }
    }

    /** Takes nothing more. */
    void close() {
        lock.lock();
        try {
            closed = true;
            news.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Whether nothing waits, and nothing will come. */
    boolean isOver() {
        lock.lock();
        try {
            return closed && waiting.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** How long to wait for ever. */
    static long forEver() {
        return TimeUnit.DAYS.toNanos(1);
    }
}
