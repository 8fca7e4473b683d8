package dev.kumo.core.spool;

import dev.kumo.core.text.Quoted;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How a spool on disk is kept; the keys are those of KumoMTA's {@code define_spool}.
 *
 * @param kind {@code kind}: how it is laid out. Default {@link Kind#LOCAL_DISK}, the only one
 * @param path {@code path}: its directory, which is made if it is not there. No default
 * @param flush {@code flush}: whether a message is on the disk before its client is told so. Default true, unlike KumoMTA's. With
 *     false the end of the process loses nothing, but that of the power may lose what came last
 * @param minFreeSpace {@code min_free_space}: how much of the disk is to stay free: a percentage such as {@code 10%}, or a
 *     number of bytes. With less, the spool is full. Default {@code 10%}
 */
public record DiskSpoolOptions(Kind kind, Path path, boolean flush, String minFreeSpace) {

    /** How a spool on disk is laid out. */
    public enum Kind {
        /** Files to which messages are appended. */
        LOCAL_DISK
    }

    /**
     * Checks the space.
     *
     * @param kind how it is laid out
     * @param path its directory
     * @param flush whether a message is on the disk before its client is told so
     * @param minFreeSpace a percentage such as {@code 10%}, or a number of bytes
     * @throws IllegalArgumentException if {@code minFreeSpace} is neither
     */
    public DiskSpoolOptions {
        FreeSpace.parse(minFreeSpace);
    }

    /**
     * Starts from the defaults.
     *
     * @return the builder, which needs a path
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Starts from these options.
     *
     * @return a builder for a changed copy
     */
    public Builder toBuilder() {
        return builder().kind(kind).path(path).flush(flush).minFreeSpace(minFreeSpace);
    }

    /** Collects options; one setter for each documented key. */
    public static final class Builder {

        private Kind kind = Kind.LOCAL_DISK;
        private @Nullable Path path;
        private boolean flush = true;
        private String minFreeSpace = "10%";

        private Builder() {}

        /**
         * Sets {@code kind}.
         *
         * @param kind how the spool is laid out
         * @return this
         */
        public Builder kind(Kind kind) {
            this.kind = kind;
            return this;
        }

        /**
         * Sets {@code path}.
         *
         * @param path the directory of this spool alone
         * @return this
         * @throws IllegalArgumentException if it is empty, or cannot be a path on this system
         */
        public Builder path(String path) {
            if (path.isEmpty()) {
                throw new IllegalArgumentException("a spool's path cannot be empty; name a directory");
            }
            try {
                return path(Path.of(path));
            } catch (InvalidPathException e) {
                throw new IllegalArgumentException("not a path on this system: " + Quoted.of(path), e);
            }
        }

        /**
         * Sets {@code path}.
         *
         * @param path the directory of this spool alone
         * @return this
         */
        public Builder path(Path path) {
            this.path = path;
            return this;
        }

        /**
         * Sets {@code flush}.
         *
         * @param flush whether a message is on the disk before its client is told so
         * @return this
         */
        public Builder flush(boolean flush) {
            this.flush = flush;
            return this;
        }

        /**
         * Sets {@code min_free_space}. With 0 a spool that has filled its disk stays full until somebody else makes room, since
         * mail that leaves needs room to be taken off the disk.
         *
         * @param space a percentage of the disk such as {@code 10%}, or a number of bytes
         * @return this
         * @throws IllegalArgumentException if it is neither
         */
        public Builder minFreeSpace(String space) {
            FreeSpace.parse(space);
            this.minFreeSpace = space;
            return this;
        }

        /**
         * Sets {@code min_free_space}.
         *
         * @param bytes how many bytes are to stay free, at least 0
         * @return this
         * @throws IllegalArgumentException if it is negative
         */
        public Builder minFreeSpace(long bytes) {
            return minFreeSpace(Long.toString(bytes));
        }

        /**
         * Takes {@code min_free_inodes}, but nothing that asks for a check: Java cannot see inodes, and this spool has a file for
         * some thousands of messages.
         *
         * @param inodes {@code 0} or {@code 0%}
         * @return this
         * @throws IllegalArgumentException if it is anything else
         */
        public Builder minFreeInodes(String inodes) {
            if (!inodes.equals("0") && !inodes.equals("0%")) {
                throw new IllegalArgumentException(
                        "inodes cannot be checked, and hardly matter, as this spool has one file per "
                                + "64 MiB; leave the key out instead of " + Quoted.of(inodes));
            }
            return this;
        }

        /**
         * Takes {@code min_free_inodes}, but nothing that asks for a check; see {@link #minFreeInodes(String)}.
         *
         * @param inodes 0
         * @return this
         * @throws IllegalArgumentException if it is anything else
         */
        public Builder minFreeInodes(long inodes) {
            return minFreeInodes(Long.toString(inodes));
        }

        /**
         * Ends the options.
         *
         * @return what was set, and defaults for the rest
         * @throws IllegalArgumentException if there is no path
         */
        public DiskSpoolOptions build() {
            if (path == null) {
                throw new IllegalArgumentException("a spool on disk needs a 'path': the directory to keep it in");
            }
            return new DiskSpoolOptions(kind, path, flush, minFreeSpace);
        }
    }
}
