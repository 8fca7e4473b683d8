package dev.kumo.core.log.file;

import dev.kumo.core.log.LogRecord;
import dev.kumo.core.log.LogRecordWriter;
import dev.kumo.core.log.sink.Losses;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Puts records into segments, and ends these when it is time. For one thread. */
final class Journal {

    /** How long a line may wait to be written. */
    static final Duration FLUSH = Duration.ofSeconds(1);

    /** How many bytes of lines may wait to be written. */
    static final int PIECE = 1 << 17;

    /** After a failure the disk is left alone for a while, and what comes meanwhile is lost. */
    static final Duration PAUSE = Duration.ofSeconds(5);

    private final LogFileOptions options;
    private final LogRecordWriter writer;
    private final Framing framing;
    private final InstantSource time;
    private final Losses losses;
    private final FreeSpace minFreeSpace;
    private final Map<String, Optional<Series>> seriesOfType = new HashMap<>();
    private final List<Series> all = new ArrayList<>();

    Journal(LogFileOptions options, LogRecordWriter writer, Framing framing, InstantSource time, Losses losses) {
        this.options = options;
        this.writer = writer;
        this.framing = framing;
        this.time = time;
        this.losses = losses;
        this.minFreeSpace = FreeSpace.parse(options.minFreeSpace());
    }

    /** Files one after the other: at most one of them is open. */
    private final class Series {

        private final Path directory;
        private final String suffix;
        private final String header;
        private @Nullable Segment segment;
        private Instant pausedUntil = Instant.MIN;

        Series(PerRecord options) {
            this.directory = options.logDir().orElse(Journal.this.options.logDir());
            this.suffix = options.suffix();
            this.header = options.segmentHeader();
        }

        void write(LogRecord record, Instant now) {
            if (segment == null && now.isBefore(pausedUntil)) {
                losses.add(1, "the disk has failed just before");
                return;
            }
            try {
                Segment open = segment;
                if (open == null) {
                    requireSpace();
                    open = Segment.open(directory, suffix, header, framing, now);
                    segment = open;
                }
                writer.write(record, open.line(now));
                if (open.length() >= options.maxFileSize()) {
                    end(open);
                } else if (open.unflushed() >= PIECE) {
                    flush(open);
                }
            } catch (IOException e) {
                failed(e, now, segment == null ? 1 : 0);
            }
        }

        void tick(Instant now) {
            Segment open = segment;
            if (open == null) {
                return;
            }
            try {
                if (isOver(open, now)) {
                    end(open);
                } else if (open.waiting() > 0 && hasPassed(open.waitingSince(), FLUSH, now)) {
                    flush(open);
                }
            } catch (IOException e) {
                failed(e, now, 0);
            }
        }

        private boolean isOver(Segment open, Instant now) {
            return options.maxSegmentDuration()
                    .filter(most -> hasPassed(open.opened(), most, now))
                    .isPresent();
        }

        private void flush(Segment open) throws IOException {
            requireSpace();
            open.flush();
        }

        private void end(Segment open) throws IOException {
            flush(open);
            open.end();
            segment = null;
        }

        private void requireSpace() throws IOException {
            if (!minFreeSpace.isLeft(directory)) {
                throw new IOException("less than min_free_space = " + minFreeSpace + " is free");
            }
        }

        private void failed(IOException e, Instant now, int more) {
            int lost = more;
            if (segment != null) {
                lost += segment.waiting();
                segment.abandon();
                segment = null;
            }
            pausedUntil = now.plus(PAUSE);
            losses.add(lost, directory + " cannot be written: " + e.getMessage());
        }

        void close() {
            Segment open = segment;
            if (open != null) {
                try {
                    end(open);
                } catch (IOException e) {
                    failed(e, time.instant(), 0);
                }
            }
        }
    }

    /** Whether a time is over; also if the clock has gone back behind its beginning. */
    private static boolean hasPassed(Instant since, Duration length, Instant now) {
        return now.isBefore(since) || !now.isBefore(since.plus(length));
    }

    /** Writes a record, unless its kind is not wanted. */
    void write(LogRecord record) {
        Optional<Series> series = seriesOf(record.type());
        if (series.isPresent()) {
            series.get().write(record, time.instant());
        }
    }

    private Optional<Series> seriesOf(String type) {
        Optional<Series> seen = seriesOfType.get(type);
        return seen != null
                ? seen
                : seriesOfType.computeIfAbsent(
                        type,
                        unseen -> Optional.of(options.of(unseen))
                                .filter(PerRecord::enable)
                                .map(this::series));
    }

    private Series series(PerRecord options) {
        Series wanted = new Series(options);
        for (Series series : all) {
            if (series.directory.equals(wanted.directory) && series.suffix.equals(wanted.suffix)) {
                return series;
            }
        }
        all.add(wanted);
        return wanted;
    }

    /** Does what is due. */
    void tick() {
        Instant now = time.instant();
        all.forEach(series -> series.tick(now));
    }

    /** Ends all segments. */
    void close() {
        all.forEach(Series::close);
        framing.close();
    }
}
