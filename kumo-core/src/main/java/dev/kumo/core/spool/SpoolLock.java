package dev.kumo.core.spool;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a directory for one spool.
 *
 * <p>Two files are locked, one after the other. On POSIX systems a process that closes any channel of a file loses its
 * locks on that file, so a second spool of this process must never touch the file that keeps other processes out: it
 * already fails at the first one, where the JVM itself knows who holds it.
 */
final class SpoolLock implements Closeable {

    private static final String WITHIN_PROCESS = "lock.jvm";
    private static final String AMONG_PROCESSES = "lock";

    private final FileChannel within;
    private final FileChannel among;

    private SpoolLock(FileChannel within, FileChannel among) {
        this.within = within;
        this.among = among;
    }

    static SpoolLock take(Path directory) throws IOException {
        FileChannel within = lock(directory, WITHIN_PROCESS);
        try {
            FileChannel among = lock(directory, AMONG_PROCESSES);
            among.truncate(0);
            among.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)));
            return new SpoolLock(within, among);
        } catch (IOException | RuntimeException e) {
            within.close();
            throw e;
        }
    }

    private static FileChannel lock(Path directory, String name) throws IOException {
        FileChannel channel =
                FileChannel.open(directory.resolve(name), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        String holder;
        try {
            FileLock lock = tryLock(channel);
            if (lock != null) {
                return channel;
            }
            holder = "another process" + holder(directory);
        } catch (OverlappingFileLockException e) {
            holder = "another spool of this process";
        } catch (IOException e) {
            channel.close();
            throw new IOException("the spool at '" + directory + "' cannot be locked: " + e.getMessage(), e);
        }
        channel.close();
        throw new IOException("the spool at '" + directory + "' is in use by " + holder
                + "; close that one, or give this one a path of its own");
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        return channel.tryLock();
    }

    private static String holder(Path directory) {
        try {
            String pid = Files.readString(directory.resolve(AMONG_PROCESSES), StandardCharsets.US_ASCII)
                    .strip();
            return pid.matches("[0-9]{1,10}") ? " (process " + pid + ")" : "";
        } catch (IOException e) {
            return "";
        }
    }

    @Override
    public void close() throws IOException {
        among.close();
        within.close();
    }
}
