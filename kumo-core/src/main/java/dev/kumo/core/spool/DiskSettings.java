package dev.kumo.core.spool;

import java.nio.file.Path;
import java.time.Duration;

/**
 * What a spool on disk goes by.
 *
 * @param path its directory, absolute
 * @param flush whether to force what is written
 * @param minFreeSpace how much of the disk is to stay free
 * @param segmentSize at which size of a segment the next one is begun, in bytes
 * @param mostWaiting how much may wait to be written, in bytes
 * @param draftMemory how much may be on its way in, in bytes
 * @param linger how long a removal waits for company before it is forced
 * @param retry how long after a failure it is tried again to write
 * @param upkeep how often free space is looked at, and segments that are nearly empty are looked for
 */
record DiskSettings(
        Path path,
        boolean flush,
        FreeSpace minFreeSpace,
        int segmentSize,
        long mostWaiting,
        long draftMemory,
        Duration linger,
        Duration retry,
        Duration upkeep) {

    private static final int SEGMENT_SIZE = 64 << 20;
    private static final long MOST_WAITING = 64L << 20;

    static DiskSettings of(DiskSpoolOptions options) {
        long heap = Runtime.getRuntime().maxMemory();
        return new DiskSettings(
                options.path().toAbsolutePath().normalize(),
                options.flush(),
                FreeSpace.parse(options.minFreeSpace()),
                SEGMENT_SIZE,
                Math.max(1, Math.min(MOST_WAITING, heap / 8)),
                Math.max(1, heap / 4),
                Duration.ofMillis(50),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1));
    }
}
