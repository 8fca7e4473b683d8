package dev.kumo.core.spool;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what waits, forces it, and tells those who wait for it; by one thread, so that many sessions share one force.
 *
 * <p>After a failure nobody knows what of the segment is on the disk, and to force it again might succeed for having
 * forgotten what failed. So it is abandoned: what was not forced before is told as failed, and does not count from the
 * moment the next segment is on the disk. Until that succeeds, nothing is taken in.
 */
final class GroupCommit {

    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);

    private static final long LITTLE = 1 << 20;

    private final Disk disk;
    private final Path directory;
    private final Appender appender;
    private final CommitQueue queue;
    private final long linger;
    private final long retry;

    /** Written, and not yet forced. */
    private final List<Change> written = new ArrayList<>();

    /** Removals that were told as failed and are still wanted: their messages would stay on the disk for ever. */
    private final List<Change> owed = new ArrayList<>();

    private volatile @Nullable IOException broken;

    /** When it was last tried to begin a segment after a failure. */
    private long lastTry;

    /** When the first of those that are written was. */
    private long since;

    GroupCommit(Disk disk, DiskSettings settings, Appender appender, CommitQueue queue) {
        this.disk = disk;
        this.directory = settings.path();
        this.appender = appender;
        this.queue = queue;
        this.linger = settings.linger().toNanos();
        this.retry = settings.retry().toNanos();
        this.lastTry = System.nanoTime() - retry;
    }

    /** Why nothing can be written at present, if so. */
    Optional<IOException> trouble() {
        return Optional.ofNullable(broken);
    }

    /** Runs until the queue is closed and empty. */
    void run() {
        while (!queue.isOver()) {
            turn(patience());
        }
        finish();
    }

    private long patience() {
        if (broken != null) {
            return retry;
        }
        return written.isEmpty() && owed.isEmpty() ? CommitQueue.forEver() : linger;
    }

    /** One commit of what waits, or comes in time. */
    void turn(long nanos) {
        List<Change> batch = queue.take(nanos);
        try {
            if (broken != null) {
                mend();
            }
            writeOwed();
            if (written.isEmpty()) {
                since = System.nanoTime();
            }
            batch.forEach(this::write);
            if (broken == null) {
                appender.flush();
                if (batch.stream().anyMatch(Change::isUrgent) || batch.isEmpty() || lingeredEnough()) {
                    force();
                }
            }
        } catch (IOException | RuntimeException | Error e) {
            breakDown(e);
        }
    }

    private boolean lingeredEnough() {
        return System.nanoTime() - since >= linger;
    }

    private void writeOwed() {
        if (broken == null && !owed.isEmpty()) {
            List<Change> again = List.copyOf(owed);
            owed.clear();
            again.forEach(this::write);
        }
    }

    private void write(Change change) {
        if (broken != null) {
            fail(change, broken);
            return;
        }
        try {
            if (!appender.fits(change.length())) {
                force();
                appender.seal();
                appender.begin();
            }
            written.add(change);
            change.write(appender);
            if (change instanceof Change.Barrier) {
                appender.sync();
                settle();
            }
        } catch (IOException | RuntimeException | Error e) {
            if (!written.contains(change)) {
                written.add(change);
            }
            breakDown(e);
        }
    }

    private void force() throws IOException {
        if (written.isEmpty()) {
            return;
        }
        appender.force();
        settle();
    }

    /** What is written is true from now on. Nothing may come between this and the force: what was forced is never told as failed. */
    private void settle() {
        for (Change change : written) {
            change.settle();
        }
        List<Change> done = List.copyOf(written);
        written.clear();
        for (Change change : done) {
            if (!change.done.isDone()) {
                queue.release(change.weight());
                change.done.complete(null);
            }
        }
    }

    private void breakDown(Throwable cause) {
        LOG.error("cannot write to the spool at '{}'; what was on its way is refused", directory, cause);
        IOException told = told(cause);
        broken = told;
        List<Change> lost = List.copyOf(written);
        written.clear();
        appender.abandon();
        lost.forEach(change -> fail(change, told));
        mend();
    }

    private IOException told(Throwable cause) {
        String text = "cannot write to the spool at '" + directory + "': " + cause.getMessage();
        return isFull() ? new SpoolFullException(text) : new IOException(text, cause);
    }

    private boolean isFull() {
        try {
            return disk.usableSpace(directory) < LITTLE;
        } catch (IOException e) {
            return false;
        }
    }

    private void fail(Change change, IOException cause) {
        change.giveUp();
        if (!change.done.isDone()) {
            queue.release(change.weight());
            change.done.completeExceptionally(cause);
        }
        if (change instanceof Change.Remove) {
            owed.add(change);
        }
    }

    /** Tries to go on in a new segment, but not again and again without a pause. */
    private void mend() {
        if (System.nanoTime() - lastTry < retry) {
            return;
        }
        lastTry = System.nanoTime();
        try {
            appender.begin();
            broken = null;
            LOG.info("the spool at '{}' goes on in a new segment", directory);
        } catch (IOException | RuntimeException | Error e) {
            LOG.warn("still cannot write to the spool at '{}': {}", directory, e.toString());
        }
    }

    private void finish() {
        try {
            if (broken == null) {
                force();
                appender.finish();
            }
        } catch (IOException | RuntimeException | Error e) {
            breakDown(e);
            appender.abandon();
        }
    }
}
