package dev.kumo.core.log.file;

import dev.kumo.core.log.LogRecordWriter;
import dev.kumo.core.log.Selection;
import dev.kumo.core.text.Quoted;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Where and how a {@link LogFile} writes: the keys of KumoMTA's {@code configure_local_logs}, and some of our own.
 *
 * @param logDir {@code log_dir}: the folder of the files; made where it is missing. Required
 * @param maxFileSize {@code max_file_size}: how long the lines of a segment may be, in bytes before compression. Default
 *     1,000,000,000
 * @param maxSegmentDuration {@code max_segment_duration}: how long a segment is written, from its first record on. Default
 *     without end
 * @param compression {@code compression}, ours: default {@link Compression#ZSTD}
 * @param compressionLevel {@code compression_level}: of Zstandard, 1 fast to 22 small, 0 for its own default of 3. Default
 *     1, as lines that are much alike become no smaller by 3 and cost a third more
 * @param backPressure {@code back_pressure}: how many records may wait to be written; further ones are lost and counted, as no
 *     mail waits for the log. One takes about 1 KiB of memory. Default 32,000
 * @param headers {@code headers}: names of header fields that are written, with a trailing {@code *} for all that begin so.
 *     Default none
 * @param meta {@code meta}: names of meta data that is written, likewise. Default none
 * @param minFreeSpace {@code min_free_space}: a number of bytes, or a percentage such as {@code 10%}, that the log leaves
 *     free on the disk: with less, records are lost and counted. Default {@code 0}
 * @param perRecord {@code per_record}: by kind of record, or {@code Any} for all kinds without an entry
 * @param nodeId {@code node_id}, ours: what is written as {@code nodeid}. Default the environment variable
 *     {@code KUMO_NODE_ID}, else what is kept in the file {@code .nodeid} in {@code log_dir}
 * @param classifier see {@link LogRecordWriter.Builder#classifier}
 */
public record LogFileOptions(
        Path logDir,
        long maxFileSize,
        Optional<Duration> maxSegmentDuration,
        Compression compression,
        int compressionLevel,
        int backPressure,
        List<String> headers,
        List<String> meta,
        String minFreeSpace,
        Map<String, PerRecord> perRecord,
        Optional<UUID> nodeId,
        Optional<UnaryOperator<String>> classifier) {

    static final String ANY = "Any";

    static final Set<String> TYPES = Set.of(
            "Reception",
            "Delivery",
            "TransientFailure",
            "Bounce",
            "Expiration",
            "AdminBounce",
            "AdminRebind",
            "Delayed",
            "Rejection",
            "Feedback",
            "OOB");

    /** How segments are written. */
    public enum Compression {
        /** As Zstandard, RFC 8878; needs the library com.github.luben:zstd-jni. */
        ZSTD,
        /** As plain text. */
        NONE
    }

    /**
     * Starts from the defaults; {@code log_dir} has to be set.
     *
     * @return the builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** What becomes of a kind of record. */
    PerRecord of(String type) {
        PerRecord any = perRecord.getOrDefault(ANY, PerRecord.DEFAULT);
        return perRecord.getOrDefault(type, any);
    }

    LogRecordWriter.Builder writer() {
        LogRecordWriter.Builder writer =
                LogRecordWriter.builder().headers(headers).meta(meta);
        nodeId.ifPresent(writer::nodeId);
        classifier.ifPresent(writer::classifier);
        return writer.nodeIdFile(logDir.resolve(".nodeid"));
    }

    static byte[] lines(String header) {
        String lines = header.isEmpty() || header.endsWith("\n") ? header : header + "\n";
        return lines.getBytes(StandardCharsets.UTF_8);
    }

    static Path folder(String path) {
        if (path.isEmpty()) {
            throw new IllegalArgumentException("must be the path of a folder, not ''");
        }
        try {
            return Path.of(path).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            // Its message would show the path with the character that is refused.
            throw new IllegalArgumentException("must be the path of a folder: " + e.getReason(), e);
        }
    }

    /** Collects options; one setter for each documented key. */
    public static final class Builder {

        private @Nullable Path logDir;
        private long maxFileSize = 1_000_000_000;
        private Optional<Duration> maxSegmentDuration = Optional.empty();
        private Compression compression = Compression.ZSTD;
        private int compressionLevel = 1;
        private int backPressure = 32_000;
        private List<String> headers = List.of();
        private List<String> meta = List.of();
        private String minFreeSpace = "0";
        private final Map<String, PerRecord> perRecord = new TreeMap<>();
        private Optional<UUID> nodeId = Optional.empty();
        private Optional<UnaryOperator<String>> classifier = Optional.empty();

        private Builder() {}

        /**
         * Sets {@code log_dir}.
         *
         * @param folder where the files are
         * @return this
         */
        public Builder logDir(Path folder) {
            logDir = folder;
            return this;
        }

        /**
         * Sets {@code log_dir}.
         *
         * @param folder where the files are
         * @return this
         * @throws IllegalArgumentException if it is no path
         */
        public Builder logDir(String folder) {
            return logDir(folder(folder));
        }

        /**
         * Sets {@code max_file_size}.
         *
         * @param bytes of the lines of a segment, before compression; a segment ends with the line that reaches them
         * @return this
         * @throws IllegalArgumentException if it is less than 1
         */
        public Builder maxFileSize(long bytes) {
            if (bytes < 1) {
                throw new IllegalArgumentException("must be at least 1 byte, not " + bytes);
            }
            maxFileSize = bytes;
            return this;
        }

        /**
         * Sets {@code max_segment_duration}.
         *
         * @param time from the first record of a segment to its end
         * @return this
         * @throws IllegalArgumentException if it is less than a second
         */
        public Builder maxSegmentDuration(Duration time) {
            if (time.toSeconds() < 1) {
                throw new IllegalArgumentException("must be at least 1 second, not " + time);
            }
            maxSegmentDuration = Optional.of(time);
            return this;
        }

        /**
         * Sets {@code compression}.
         *
         * @param kind how segments are written
         * @return this
         */
        public Builder compression(Compression kind) {
            compression = kind;
            return this;
        }

        /**
         * Sets {@code compression_level}.
         *
         * @param level of Zstandard; checked when the log is opened
         * @return this
         */
        public Builder compressionLevel(int level) {
            compressionLevel = level;
            return this;
        }

        /**
         * Sets {@code back_pressure}.
         *
         * @param records that may wait
         * @return this
         * @throws IllegalArgumentException if it is less than 1
         */
        public Builder backPressure(int records) {
            if (records < 1) {
                throw new IllegalArgumentException("must be at least 1 record, not " + records);
            }
            backPressure = records;
            return this;
        }

        /**
         * Sets {@code headers}.
         *
         * @param names of header fields, in any case; {@code X-*} for all that begin so
         * @return this
         * @throws IllegalArgumentException if one is no name
         */
        public Builder headers(List<String> names) {
            Selection.ofHeaders(names);
            headers = List.copyOf(names);
            return this;
        }

        /**
         * Sets {@code meta}.
         *
         * @param names of meta data; {@code x_*} for all that begin so
         * @return this
         * @throws IllegalArgumentException if one is no name
         */
        public Builder meta(List<String> names) {
            Selection.ofMeta(names);
            meta = List.copyOf(names);
            return this;
        }

        /**
         * Sets {@code min_free_space}.
         *
         * @param bytes that are left free
         * @return this
         * @throws IllegalArgumentException if it is less than 0
         */
        public Builder minFreeSpace(long bytes) {
            return minFreeSpace(String.valueOf(bytes));
        }

        /**
         * Sets {@code min_free_space}.
         *
         * @param share of the disk such as {@code 10%}, or a number of bytes
         * @return this
         * @throws IllegalArgumentException if it is neither
         */
        public Builder minFreeSpace(String share) {
            FreeSpace.parse(share);
            minFreeSpace = share;
            return this;
        }

        /**
         * Refuses {@code min_free_inodes}, which Java cannot watch.
         *
         * @param inodes 0
         * @return this
         * @throws IllegalArgumentException if it is not 0
         */
        public Builder minFreeInodes(long inodes) {
            return minFreeInodes(String.valueOf(inodes));
        }

        /**
         * Refuses {@code min_free_inodes}, which Java cannot watch.
         *
         * @param share {@code 0} or {@code 0%}
         * @return this
         * @throws IllegalArgumentException if it is anything else
         */
        public Builder minFreeInodes(String share) {
            if (!share.equals("0") && !share.equals("0%")) {
                throw new IllegalArgumentException(
                        "cannot be watched, as Java does not tell how many inodes are free; leave it out. A segment is one"
                                + " file: max_file_size says how many there will be");
            }
            return this;
        }

        /**
         * Sets an entry of {@code per_record}.
         *
         * @param type a kind of record such as {@code Reception} or {@code OOB}; {@code Any} for all kinds without an entry
         * @param changes changes the defaults for it
         * @return this
         * @throws IllegalArgumentException if there is no such kind
         */
        public Builder perRecord(String type, Consumer<PerRecord.Builder> changes) {
            if (!type.equals(ANY) && !TYPES.contains(type)) {
                throw new IllegalArgumentException("is no kind of record: " + Quoted.of(type) + "; the kinds are "
                        + String.join(", ", new TreeSet<>(TYPES)) + ", and Any");
            }
            PerRecord.Builder entry = PerRecord.builder();
            changes.accept(entry);
            perRecord.put(type, entry.build());
            return this;
        }

        /**
         * Sets {@code node_id}.
         *
         * @param id tells this machine from others in a log that comes from several
         * @return this
         */
        public Builder nodeId(UUID id) {
            nodeId = Optional.of(id);
            return this;
        }

        /**
         * Sets {@code node_id}.
         *
         * @param id a UUID
         * @return this
         * @throws IllegalArgumentException if it is none
         */
        public Builder nodeId(String id) {
            try {
                return nodeId(UUID.fromString(id));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "must be a UUID such as 557f3ad4-2c8c-11ee-976e-782d7e12e173, not " + Quoted.of(id), e);
            }
        }

        /**
         * Says what names the kind of a failure.
         *
         * @param classify see {@link LogRecordWriter.Builder#classifier}
         * @return this
         */
        public Builder classifier(UnaryOperator<String> classify) {
            classifier = Optional.of(classify);
            return this;
        }

        /**
         * Ends the options.
         *
         * @return what was set, and defaults for the rest
         * @throws IllegalArgumentException if {@code log_dir} is missing, or kinds of records that share their files have
         *     different headers for these
         */
        public LogFileOptions build() {
            if (logDir == null) {
                throw new IllegalArgumentException("log_dir is missing; name the folder of the log");
            }
            LogFileOptions options = new LogFileOptions(
                    logDir,
                    maxFileSize,
                    maxSegmentDuration,
                    compression,
                    compressionLevel,
                    backPressure,
                    headers,
                    meta,
                    minFreeSpace,
                    Collections.unmodifiableMap(new TreeMap<>(perRecord)),
                    nodeId,
                    classifier);
            options.requireOneHeaderPerFile();
            return options;
        }
    }

    private void requireOneHeaderPerFile() {
        Map<List<Object>, String> headerOfFile = new HashMap<>();
        for (String type : new TreeSet<>(TYPES)) {
            PerRecord entry = of(type);
            if (entry.enable()) {
                String other = headerOfFile.putIfAbsent(
                        List.of(entry.logDir().orElse(logDir), entry.suffix()), entry.segmentHeader());
                if (other != null && !other.equals(entry.segmentHeader())) {
                    throw new IllegalArgumentException("per_record: files with the suffix " + Quoted.of(entry.suffix())
                            + " cannot have two segment_headers; give " + type + " a suffix or log_dir of its own");
                }
            }
        }
    }
}
