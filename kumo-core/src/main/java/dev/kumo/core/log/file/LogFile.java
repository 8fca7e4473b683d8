package dev.kumo.core.log.file;

import dev.kumo.core.log.LogRecord;
import dev.kumo.core.log.LogRecordWriter;
import dev.kumo.core.log.MtaObserver;
import dev.kumo.core.log.Selection;
import dev.kumo.core.log.sink.Backlog;
import dev.kumo.core.log.sink.Losses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes records into files, one line of JSON each, as KumoMTA's local logs have them.
 *
 * <pre>{@code
 * LogFile log = LogFile.open(LogFileOptions.builder().logDir(Path.of("logs")).build());
 * Mta mta = Mta.builder().observer(log)…   // closes the log, too
 * }</pre>
 *
 * <p>A file is named after the time of its first record in UTC, {@code 20261122-101530}, with the suffix that is set for
 * this kind of record; should there be such a file, {@code -1} and so on comes in between. It ends by size and by time, also
 * when nothing more comes; then it is on disk, and read-only. Until then lines are written once a second, or whenever
 * 128 KiB of them wait: each time as one whole Zstandard frame, so that {@code zstdcat} reads the file so far. If the process
 * dies, what came after that is lost; if the machine does, what it had not written to the disk itself.
 *
 * <p>No mail waits for this log. What the disk cannot take is lost: it is counted in {@link #lost}, told to the log once a
 * minute, and tried again with a new file after 5 seconds. What was written before stays as it is.
 */
public final class LogFile implements MtaObserver, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LogFile.class);

    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

    /** The thread looks for more only after this time, so that no teller has to wake it for each record. */
    private static final long GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private static final long LONGEST_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final Path logDir;
    private final Selection wantedHeaders;
    private final Losses losses;
    private final Backlog backlog;
    private final Journal journal;
    private final Thread thread;

    private LogFile(LogFileOptions options, LogRecordWriter writer, Framing framing, InstantSource time) {
        this.logDir = options.logDir();
        this.wantedHeaders = Selection.ofHeaders(options.headers());
        this.losses = new Losses("the log in " + logDir, time);
        this.backlog = new Backlog(options.backPressure(), losses);
        this.journal = new Journal(options, writer, framing, time, losses);
        this.thread = new Thread(this::run, "kumo-log-file");
        this.thread.setDaemon(true);
    }

    /**
     * Opens a log. Folders are made where they are missing; the first file is made with the first record.
     *
     * @param options where and how
     * @return to be closed, by an {@link dev.kumo.core.Mta} whose observer it is or by the caller
     * @throws IOException if a folder cannot be made or written
     * @throws IllegalArgumentException if the library for Zstandard is missing or does not know the level, or if the node
     *     id that the environment or the folder has is none
     */
    public static LogFile open(LogFileOptions options) throws IOException {
        return open(options, InstantSource.system());
    }

    static LogFile open(LogFileOptions options, InstantSource time) throws IOException {
        prepare(options.logDir());
        for (PerRecord entry : options.perRecord().values()) {
            if (entry.logDir().isPresent()) {
                prepare(entry.logDir().get());
            }
        }
        LogRecordWriter writer = options.writer().build();
        Framing framing = options.compression() == LogFileOptions.Compression.NONE
                ? Framing.none()
                : ZstdFraming.open(options.compressionLevel());
        LogFile log = new LogFile(options, writer, framing, time);
        log.thread.start();
        return log;
    }

    private static void prepare(Path folder) throws IOException {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new IOException("cannot make the folder " + folder + " for the log: " + e, e);
        }
        if (!Files.isWritable(folder)) {
            throw new IOException("user '" + System.getProperty("user.name") + "' may not write the log in " + folder);
        }
    }

    @Override
    public void record(LogRecord record) {
        backlog.offer(record);
    }

    @Override
    public Selection wantedHeaders() {
        return wantedHeaders;
    }

    /**
     * How many records were lost, because too many waited or the disk failed.
     *
     * @return since the log was opened
     */
    public long lost() {
        return losses.total();
    }

    private void run() {
        try {
            while (!backlog.isOver()) {
                List<LogRecord> batch = backlog.take(1, Integer.MAX_VALUE, LONGEST_WAIT_NANOS);
                write(batch);
                if (!batch.isEmpty()) {
                    LockSupport.parkNanos(this, GATHER_NANOS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody but the embedder's own code could
        } finally {
            journal.close();
        }
    }

    private void write(List<LogRecord> batch) {
        for (LogRecord record : batch) {
            try {
                journal.write(record);
            } catch (RuntimeException | Error e) {
                LOG.error("a {} record cannot be logged", record.type(), e);
                losses.add(1, "of an error");
            }
        }
        try {
            journal.tick();
        } catch (RuntimeException | Error e) { // the thread is to live on
            LOG.error("the log cannot be written out", e);
        }
    }

    /**
     * Writes what waits, and ends all files; gives up on a disk that takes more than 5 seconds for it. Does nothing the
     * second time.
     */
    @Override
    public void close() {
        backlog.close();
        try {
            thread.join(CLOSE_PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            LOG.warn("{} takes too long; closed while {} records wait", this, backlog.size());
        }
    }

    /** What it is, and where. */
    @Override
    public String toString() {
        return "log in " + logDir;
    }
}
