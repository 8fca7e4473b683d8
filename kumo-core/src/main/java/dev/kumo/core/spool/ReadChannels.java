package dev.kumo.core.spool;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads segments, whose files it keeps open as long as they are used, up to a number.
 *
 * <p>To interrupt a thread that reads closes the file for all. So whoever finds it closed opens it again, the interrupted
 * thread too: what it reads for would else look damaged.
 */
final class ReadChannels implements Closeable {

    private static final int MOST_OPEN = 128;

    private final Disk disk;
    private final Map<Segment, Disk.Input> open = new LinkedHashMap<>(16, 0.75f, true);
    private boolean closed;

    ReadChannels(Disk disk) {
        this.disk = disk;
    }

    /**
     * Reads some bytes, and more if there are more at hand.
     *
     * @param least how many there must be
     * @return false if the segment is gone
     * @throws IOException if it cannot be read, or is shorter
     */
    boolean read(Segment segment, ByteBuffer target, int least, long position) throws IOException {
        boolean interrupted = false;
        try {
            int start = target.position();
            while (target.position() - start < least) {
                Disk.Input input = input(segment);
                if (input == null) {
                    return false;
                }
                long at = position + target.position() - start;
                try {
                    if (input.read(target, at) < 0) {
                        throw new EOFException("it ends");
                    }
                } catch (ClosedByInterruptException e) {
                    interrupted |= Thread.interrupted();
                    discard(segment, input);
                } catch (ClosedChannelException e) {
                    discard(segment, input);
                } catch (IOException e) {
                    throw new IOException(
                            "cannot read '" + segment.file + "' at offset " + at + ": " + e.getMessage(), e);
                }
            }
            return true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private synchronized Disk.@Nullable Input input(Segment segment) throws IOException {
        if (closed) {
            throw new IOException("the spool is closed");
        }
        if (segment.gone) {
            return null;
        }
        Disk.Input input = open.get(segment);
        if (input == null) {
            if (open.size() >= MOST_OPEN) {
                Iterator<Disk.Input> eldest = open.values().iterator();
                eldest.next().close();
                eldest.remove();
            }
            input = disk.open(segment.file);
            open.put(segment, input);
        }
        return input;
    }

    private synchronized void discard(Segment segment, Disk.Input input) throws IOException {
        open.remove(segment, input);
        input.close();
    }

    /** Reads a segment no more, since it is to be deleted. */
    synchronized void forget(Segment segment) throws IOException {
        segment.gone = true;
        Disk.Input input = open.remove(segment);
        if (input != null) {
            input.close();
        }
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        for (Disk.Input input : open.values()) {
            input.close();
        }
        open.clear();
    }
}
