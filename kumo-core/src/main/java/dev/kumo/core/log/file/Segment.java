package dev.kumo.core.log.file;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of the log that is being written, and the lines that are on their way into it. It only ever holds whole pieces:
 * one that could not be written whole is cut off again.
 */
final class Segment {

    private static final Logger LOG = LoggerFactory.getLogger(Segment.class);
    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final int MOST_OF_A_SECOND = 10_000;
    private static final int SLICE = 1 << 16; // the JDK keeps a direct buffer of the largest write for the thread
    private static final int LARGEST_KEPT = 1 << 20;

    private final Path file;
    private final Instant opened;
    private final FileChannel channel;
    private final Framing framing;
    private Piece piece = new Piece();
    private long safe;
    private long lines;
    private int waiting;
    private Instant waitingSince = Instant.MIN;

    Segment(Path file, Instant opened, FileChannel channel, Framing framing) {
        this.file = file;
        this.opened = opened;
        this.channel = channel;
        this.framing = framing;
    }

    private static final class Piece extends ByteArrayOutputStream {

        byte[] bytes() {
            return buf;
        }
    }

    /** Makes a file that was not there. */
    static Segment open(Path directory, String suffix, String header, Framing framing, Instant now) throws IOException {
        String name = NAME.format(now);
        for (int i = 0; i < MOST_OF_A_SECOND; i++) {
            Path file = directory.resolve(name + (i == 0 ? "" : "-" + i) + suffix);
            try {
                FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                Segment segment = new Segment(file, now, channel, framing);
                segment.piece.writeBytes(LogFileOptions.lines(header));
                return segment;
            } catch (FileAlreadyExistsException taken) {
                // The next name.
            }
        }
        throw new IOException("there are " + MOST_OF_A_SECOND + " files of " + name + " in " + directory);
    }

    /** Where the next line goes. */
    OutputStream line(Instant now) {
        if (waiting++ == 0) {
            waitingSince = now;
        }
        return piece;
    }

    Instant opened() {
        return opened;
    }

    /** How many lines have not been flushed. */
    int waiting() {
        return waiting;
    }

    /** When the oldest of the lines came that have not been flushed. */
    Instant waitingSince() {
        return waitingSince;
    }

    /** How many bytes have not been flushed. */
    int unflushed() {
        return piece.size();
    }

    /** How many bytes the lines have before compression. */
    long length() {
        return lines + piece.size();
    }

    /**
     * Writes what waits; then a crash of this process does not lose it any more.
     *
     * @throws IOException if it cannot be written whole
     */
    void flush() throws IOException {
        if (waiting == 0) {
            return;
        }
        ByteBuffer frame = framing.frame(piece.bytes(), piece.size());
        int end = frame.limit();
        while (frame.position() < end) {
            frame.limit(Math.min(end, frame.position() + SLICE));
            channel.write(frame);
        }
        safe = channel.position();
        lines += piece.size();
        waiting = 0;
        if (piece.size() > LARGEST_KEPT) {
            piece = new Piece();
        } else {
            piece.reset();
        }
    }

    /**
     * Writes what waits, and ends the file: it is on disk, and read-only to say that it will not grow.
     *
     * @throws IOException if it cannot be written whole
     */
    void end() throws IOException {
        flush();
        channel.force(true);
        channel.close();
        if (!file.toFile().setReadOnly()) {
            LOG.debug("{} cannot be made read-only", file);
        }
    }

    /** Ends the file with what was written whole before. */
    void abandon() {
        try (channel) {
            channel.truncate(safe);
            channel.force(true);
        } catch (IOException e) {
            LOG.warn("{} may end with a torn line", file, e);
        }
        try {
            if (safe == 0) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            LOG.debug("{} stays, though it is empty", file, e);
        }
    }
}
