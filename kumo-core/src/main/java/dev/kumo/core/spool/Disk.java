package dev.kumo.core.spool;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/** What the spool asks of a file system: the seam where tests cut the power. */
interface Disk {

    /** Makes a file, which must not be there. */
    Output create(Path file) throws IOException;

    Input open(Path file) throws IOException;

    /** Cuts a file, and forces that and all before it. */
    void truncate(Path file, long size) throws IOException;

    /** In one step, in place of what had the name; forced by {@link #syncDirectory}. */
    void rename(Path from, Path to) throws IOException;

    /** Does nothing if there is no such file; forced by {@link #syncDirectory}. */
    void delete(Path file) throws IOException;

    /** Forces the names in a directory. */
    void syncDirectory(Path directory) throws IOException;

    /** Makes a directory and those above it, and forces that. Does nothing if it is there. */
    void makeDirectory(Path directory) throws IOException;

    /** The files in a directory, in any order. */
    List<Path> list(Path directory) throws IOException;

    /** Takes a directory for this spool alone. */
    Closeable lock(Path directory) throws IOException;

    long usableSpace(Path directory) throws IOException;

    long totalSpace(Path directory) throws IOException;

    /** A file that is written from front to back. */
    interface Output extends Closeable {

        /** Writes all of it. */
        void write(ByteBuffer bytes) throws IOException;

        /** Returns once all that was written is on the disk. After a failure it says nothing any more. */
        void force() throws IOException;
    }

    /** A file that is read anywhere, by any number of threads. */
    interface Input extends Closeable {

        /** Reads some bytes, or -1 at the end; see {@link java.nio.channels.FileChannel#read(ByteBuffer, long)}. */
        int read(ByteBuffer target, long position) throws IOException;

        long size() throws IOException;
    }
}
