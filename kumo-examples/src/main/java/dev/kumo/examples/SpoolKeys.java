package dev.kumo.examples;

import dev.kumo.core.spool.DiskSpoolOptions;
import dev.kumo.core.spool.Spool;
import java.io.IOException;
import java.util.Optional;

/**
 * Where a gateway's mail waits: the key {@code spool}.
 *
 * @param disk how it is kept on disk; empty if it is kept in memory
 */
record SpoolKeys(Optional<DiskSpoolOptions> disk) {

    Spool open() throws IOException {
        if (disk.isEmpty()) {
            return Spool.inMemory();
        }
        try {
            return Spool.onDisk(disk.get());
        } catch (IOException e) {
            throw new IOException("gateway.spool: " + e.getMessage(), e);
        }
    }

    /** A sentence for people. */
    String words() {
        return disk.map(options -> "It waits in the spool " + options.path())
                .orElse("It waits in memory, and is lost if this process ends");
    }

    /** {@code kind}, and for LocalDisk the keys of {@code define_spool}. */
    public static final class Builder {

        private final DiskSpoolOptions.Builder disk = DiskSpoolOptions.builder();
        private boolean memory;
        private boolean onDisk;

        Builder() {}

        public Builder kind(String kind) {
            memory = kind.equals("Memory");
            if (!memory && !kind.equals("LocalDisk")) {
                throw new IllegalArgumentException("must be \"LocalDisk\" or \"Memory\", not '" + kind + "'");
            }
            return this;
        }

        public Builder path(String path) {
            disk.path(path);
            onDisk = true;
            return this;
        }

        public Builder flush(boolean flush) {
            disk.flush(flush);
            onDisk = true;
            return this;
        }

        public Builder minFreeSpace(String space) {
            disk.minFreeSpace(space);
            onDisk = true;
            return this;
        }

        public Builder minFreeSpace(long bytes) {
            return minFreeSpace(Long.toString(bytes));
        }

        SpoolKeys build() {
            if (memory && onDisk) {
                throw new IllegalArgumentException("kind \"Memory\" has no other keys; it has no disk");
            }
            return new SpoolKeys(memory ? Optional.empty() : Optional.of(disk.build()));
        }
    }
}
