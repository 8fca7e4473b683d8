package dev.kumo.core.log.file;

import dev.kumo.core.text.Quoted;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What becomes of records of one kind: an entry of the table {@code per_record}.
 *
 * @param enable {@code enable}: whether they are written at all. Default true
 * @param suffix {@code suffix}: what follows the time in the names of their files. Default none
 * @param segmentHeader {@code segment_header}: lines at the beginning of each of their files. Default none
 * @param logDir {@code log_dir}: the folder of their files. Default that of all records
 */
public record PerRecord(boolean enable, String suffix, String segmentHeader, Optional<Path> logDir) {

    static final PerRecord DEFAULT = builder().build();

    static Builder builder() {
        return new Builder();
    }

    /** Collects options; one setter for each documented key. */
    public static final class Builder {

        private boolean enable = true;
        private String suffix = "";
        private String segmentHeader = "";
        private Optional<Path> logDir = Optional.empty();

        private Builder() {}

        /**
         * Sets {@code enable}.
         *
         * @param write whether these records are written
         * @return this
         */
        public Builder enable(boolean write) {
            enable = write;
            return this;
        }

        /**
         * Sets {@code suffix}.
         *
         * @param end what follows the time in the names of the files, such as {@code _recv}
         * @return this
         * @throws IllegalArgumentException if it cannot be part of a file's name
         */
        public Builder suffix(String end) {
            if (!end.matches("[A-Za-z0-9._+=@-]{0,100}")) {
                throw new IllegalArgumentException(
                        "must be at most 100 letters A to Z, digits and ._+=@-, not " + Quoted.of(end));
            }
            suffix = end;
            return this;
        }

        /**
         * Sets {@code segment_header}.
         *
         * @param lines what each file begins with; a line end is added where it has none
         * @return this
         */
        public Builder segmentHeader(String lines) {
            segmentHeader = lines;
            return this;
        }

        /**
         * Sets {@code log_dir}.
         *
         * @param folder where the files are
         * @return this
         */
        public Builder logDir(Path folder) {
            logDir = Optional.of(folder);
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
            return logDir(LogFileOptions.folder(folder));
        }

        PerRecord build() {
            return new PerRecord(enable, suffix, segmentHeader, logDir);
        }
    }
}
