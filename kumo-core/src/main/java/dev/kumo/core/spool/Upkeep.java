package dev.kumo.core.spool;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks once in a while whether the disk has room, and has room given back. */
final class Upkeep {

    private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);

    private final Disk disk;
    private final Path directory;
    private final FreeSpace minFreeSpace;
    private final long period;
    private final Compaction compaction;
    private final CountDownLatch ended = new CountDownLatch(1);

    private volatile @Nullable String shortage;

    Upkeep(
            Disk disk,
            DiskSettings settings,
            Index index,
            ReadChannels channels,
            Damage damage,
            Compaction.BarrierToDisk barrier) {
        this.disk = disk;
        this.directory = settings.path();
        this.minFreeSpace = settings.minFreeSpace();
        this.period = settings.upkeep().toNanos();
        this.compaction = new Compaction(disk, settings, index, channels, damage, barrier, () -> ended.getCount() == 0);
    }

    /** Why nothing is taken in, if the disk had too little room when it was looked at last. */
    Optional<IOException> shortage() {
        return Optional.ofNullable(shortage).map(SpoolFullException::new);
    }

    /** Runs until it is told to end. */
    void run() {
        try {
            while (!ended.await(period, TimeUnit.NANOSECONDS)) {
                lookAtFreeSpace();
                giveBack();
            }
        } catch (InterruptedException e) {
            LOG.error("upkeep of the spool at '{}' was interrupted and has ended", directory, e);
        }
    }

    void end() {
        ended.countDown();
    }

    void lookAtFreeSpace() {
        try {
            long free = disk.usableSpace(directory);
            long wanted = minFreeSpace.of(disk.totalSpace(directory));
            tell(
                    free < wanted
                            ? "the disk of the spool at '" + directory + "' has " + free + " bytes free, and " + wanted
                                    + " are to stay free (min_free_space)"
                            : null);
        } catch (IOException | RuntimeException e) {
            LOG.warn("cannot see how much room the disk of the spool at '{}' has", directory, e);
        }
    }

    private void tell(@Nullable String now) {
        if (now != null && shortage == null) {
            LOG.error("{}; nothing is taken in until there is room", now);
        } else if (now == null && shortage != null) {
            LOG.info("the disk of the spool at '{}' has room again", directory);
        }
        shortage = now;
    }

    void giveBack() {
        try {
            compaction.run();
        } catch (IOException | RuntimeException | Error e) {
            if (ended.getCount() == 0) {
                LOG.debug("room of the spool at '{}' is given back after the next start", directory, e);
                return;
            }
            LOG.error("cannot give back room of the spool at '{}'; it is tried again", directory, e);
        }
    }
}
