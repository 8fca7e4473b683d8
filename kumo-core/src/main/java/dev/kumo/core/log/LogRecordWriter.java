package dev.kumo.core.log;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Writes records as lines of JSON with the members of KumoMTA's log, in their order, each line ended by LF.
 *
 * <p>Whatever strangers wrote, a line is one JSON value in UTF-8 and holds no line break. Not safe for use by two threads at
 * once.
 */
public final class LogRecordWriter {

    private final LogJson json;

    private LogRecordWriter(LogJson json) {
        this.json = json;
    }

    /**
     * Begins one that writes neither meta data nor header fields.
     *
     * @return the builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Writes a record: the whole line in one call, or nothing.
     *
     * @param record what happened
     * @param out where to; neither flushed nor closed
     * @return how many bytes the line has, with its LF
     * @throws IOException if {@code out} fails
     */
    public int write(LogRecord record, OutputStream out) throws IOException {
        return json.write(LogLine.of(record), out);
    }

    /** Says what is written beside the facts of each record. */
    public static final class Builder {

        private Selection headers = Selection.NONE;
        private Selection meta = Selection.NONE;
        private @Nullable UUID nodeId;
        private @Nullable Path nodeIdFile;
        private @Nullable UnaryOperator<String> classifier;

        private Builder() {}

        /**
         * Which header fields are written; a field that comes more than once is a list. Whoever tells the records has to
         * extract them, see {@link MtaObserver#wantedHeaders()}.
         *
         * @param names in any case, {@code X-*} for all that begin so; default none
         * @return this
         * @throws IllegalArgumentException if one is no name
         */
        public Builder headers(Collection<String> names) {
            headers = Selection.ofHeaders(names);
            return this;
        }

        /**
         * Which meta data is written.
         *
         * @param names {@code x_*} for all that begin so; default none
         * @return this
         * @throws IllegalArgumentException if one is no name
         */
        public Builder meta(Collection<String> names) {
            meta = Selection.ofMeta(names);
            return this;
        }

        /**
         * Which machine writes: the member {@code nodeid}.
         *
         * @param id default the environment variable {@code KUMO_NODE_ID}; without that, the one in a
         *     {@linkplain #nodeIdFile file}; without either, a random one for the life of the process
         * @return this
         */
        public Builder nodeId(UUID id) {
            nodeId = id;
            return this;
        }

        /**
         * Where the node id is kept from one start to the next, unless it is given.
         *
         * @param file made with a random id where it is missing; default none
         * @return this
         */
        public Builder nodeIdFile(Path file) {
            nodeIdFile = file;
            return this;
        }

        /**
         * What names the kind of a failure: the member {@code bounce_classification} of {@code TransientFailure},
         * {@code Bounce}, {@code Expiration}, {@code AdminBounce} and {@code OOB}.
         *
         * @param classify takes a reply in one line, such as {@code 550 5.1.1 no such user}; default {@code Uncategorized} for
         *     all
         * @return this
         */
        public Builder classifier(UnaryOperator<String> classify) {
            classifier = classify;
            return this;
        }

        /**
         * Makes the writer.
         *
         * @return a new one
         * @throws IOException if the file of the node id cannot be read or made
         * @throws IllegalArgumentException if {@code KUMO_NODE_ID}, or what the file holds, is no UUID
         */
        public LogRecordWriter build() throws IOException {
            return build(System.getenv());
        }

        LogRecordWriter build(Map<String, String> environment) throws IOException {
            UUID id = nodeId;
            if (id == null) {
                id = nodeIdFile == null ? NodeId.of(environment) : NodeId.of(environment, nodeIdFile);
            }
            return new LogRecordWriter(new LogJson(new LogJson.Layout(headers, meta, id.toString(), classifier)));
        }
    }
}
