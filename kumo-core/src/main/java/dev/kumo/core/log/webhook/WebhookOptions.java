package dev.kumo.core.log.webhook;

import dev.kumo.core.log.LogRecordWriter;
import dev.kumo.core.log.Selection;
import dev.kumo.core.text.FieldName;
import dev.kumo.core.text.Quoted;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Where and how a {@link Webhook} sends.
 *
 * @param url {@code url}: what is asked to take the records, by POST. Required
 * @param headerFields header fields of the requests, {@code Authorization} among them; never shown
 * @param batchSize {@code batch_size}: how many records one request has at most. With 1 its body is the record, with more a
 *     list of records. Default 1
 * @param maxBatchLatency {@code max_batch_latency}: how long a record waits for others to go with it. Default 1 second
 * @param timeout {@code timeout}: how long a request may take. Default 30 seconds
 * @param retryInterval {@code retry_interval}: how long to wait after the first failure of a request; then twice as long
 *     each time. Default 1 second
 * @param maxRetryInterval {@code max_retry_interval}: the longest of these waits. Default 1 minute
 * @param maxRetryTime {@code max_retry_time}: how long a request is tried before its records are lost. Default 20 minutes
 * @param backPressure {@code back_pressure}: how many records may wait; further ones are lost and counted, as no mail waits
 *     for the log. One takes about 1 KiB of memory. Default 10,000
 * @param records {@code records}: the kinds of records that are sent, such as {@code Delivery} or {@code OOB}. Default all
 * @param headers {@code headers}: names of header fields of messages, with a trailing {@code *} for all that begin so.
 *     Default none
 * @param meta {@code meta}: names of meta data, likewise. Default none
 * @param nodeId {@code node_id}: what is sent as {@code nodeid}. Default the environment variable {@code KUMO_NODE_ID}, else
 *     a random one for the life of the process
 * @param classifier see {@link LogRecordWriter.Builder#classifier}
 */
public record WebhookOptions(
        URI url,
        Map<String, String> headerFields,
        int batchSize,
        Duration maxBatchLatency,
        Duration timeout,
        Duration retryInterval,
        Duration maxRetryInterval,
        Duration maxRetryTime,
        int backPressure,
        Optional<List<String>> records,
        List<String> headers,
        List<String> meta,
        Optional<UUID> nodeId,
        Optional<UnaryOperator<String>> classifier) {

    private static final int LARGEST_BATCH = 10_000;

    /**
     * Starts from the defaults; {@code url} has to be set.
     *
     * @return the builder
     */
    public static Builder builder() {
        return new Builder();
    }

    boolean wants(String type) {
        return records.map(types -> types.contains(type)).orElse(true);
    }

    LogRecordWriter.Builder writer() {
        LogRecordWriter.Builder writer =
                LogRecordWriter.builder().headers(headers).meta(meta);
        nodeId.ifPresent(writer::nodeId);
        classifier.ifPresent(writer::classifier);
        return writer;
    }

    /** The server alone: a path and a query may be all that keeps strangers out. */
    String server() {
        return url.getScheme() + "://" + url.getHost() + (url.getPort() < 0 ? "" : ":" + url.getPort());
    }

    /** The server, and how records are sent to it; nothing that is secret. */
    @Override
    public String toString() {
        return "WebhookOptions[server=" + server() + ", batchSize=" + batchSize + ", maxBatchLatency=" + maxBatchLatency
                + ", timeout=" + timeout + ", backPressure=" + backPressure + "]";
    }

    /** Collects options; one setter for each key. */
    public static final class Builder {

        private @Nullable URI url;
        private final Map<String, String> headerFields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        private int batchSize = 1;
        private Duration maxBatchLatency = Duration.ofSeconds(1);
        private Duration timeout = Duration.ofSeconds(30);
        private Duration retryInterval = Duration.ofSeconds(1);
        private Duration maxRetryInterval = Duration.ofMinutes(1);
        private Duration maxRetryTime = Duration.ofMinutes(20);
        private int backPressure = 10_000;
        private Optional<List<String>> records = Optional.empty();
        private List<String> headers = List.of();
        private List<String> meta = List.of();
        private Optional<UUID> nodeId = Optional.empty();
        private Optional<UnaryOperator<String>> classifier = Optional.empty();

        private Builder() {
            headerFields.put("Content-Type", "application/json");
        }

        /**
         * Sets {@code url}.
         *
         * @param address of scheme {@code https} or {@code http}
         * @return this
         * @throws IllegalArgumentException if it is not, or names no host or a user; it is not shown
         */
        public Builder url(String address) {
            try {
                URI uri = new URI(address);
                if (uri.getHost() == null || !"https".equals(uri.getScheme()) && !"http".equals(uri.getScheme())) {
                    throw new IllegalArgumentException("must be an address such as https://log.example.com/kumo");
                }
                if (uri.getUserInfo() != null) {
                    throw new IllegalArgumentException("must name no user; set authorization");
                }
                url = uri;
                return this;
            } catch (URISyntaxException e) {
                throw new IllegalArgumentException(
                        "must be an address such as https://log.example.com/kumo: " + e.getReason(), e);
            }
        }

        /**
         * Sets {@code authorization}: the header field that proves who sends. It is never shown.
         *
         * @param value such as {@code Bearer} and a token
         * @return this
         * @throws IllegalArgumentException if it cannot stand in a header
         */
        public Builder authorization(String value) {
            return headerField("Authorization", value);
        }

        /**
         * Sets a header field of the requests.
         *
         * @param name its name
         * @param value never shown
         * @return this
         * @throws IllegalArgumentException if name or value cannot stand in a header
         */
        public Builder headerField(String name, String value) {
            if (!FieldName.isOne(name)) {
                throw new IllegalArgumentException("a header name is printable ASCII, not " + Quoted.of(name));
            }
            if (!value.chars().allMatch(c -> c >= ' ' && c <= '~')) {
                throw new IllegalArgumentException("the value of header " + name + " must be printable ASCII");
            }
            HttpRequest.newBuilder().setHeader(name, value); // some fields are the client's own, and refused here
            headerFields.put(name, value);
            return this;
        }

        /**
         * Sets {@code batch_size}.
         *
         * @param records in one request, 1 to 10,000
         * @return this
         * @throws IllegalArgumentException if it is anything else
         */
        public Builder batchSize(int records) {
            if (records < 1 || records > LARGEST_BATCH) {
                throw new IllegalArgumentException("must be 1 to " + LARGEST_BATCH + " records, not " + records);
            }
            batchSize = records;
            return this;
        }

        /**
         * Sets {@code max_batch_latency}.
         *
         * @param time that a record waits for others; 0 for none
         * @return this
         */
        public Builder maxBatchLatency(Duration time) {
            maxBatchLatency = time;
            return this;
        }

        /**
         * Sets {@code timeout}.
         *
         * @param time of a request
         * @return this
         * @throws IllegalArgumentException if it is 0
         */
        public Builder timeout(Duration time) {
            timeout = requirePositive(time);
            return this;
        }

        /**
         * Sets {@code retry_interval}.
         *
         * @param time after the first failure
         * @return this
         * @throws IllegalArgumentException if it is 0
         */
        public Builder retryInterval(Duration time) {
            retryInterval = requirePositive(time);
            return this;
        }

        /**
         * Sets {@code max_retry_interval}.
         *
         * @param time the longest wait between two tries
         * @return this
         * @throws IllegalArgumentException if it is 0
         */
        public Builder maxRetryInterval(Duration time) {
            maxRetryInterval = requirePositive(time);
            return this;
        }

        /**
         * Sets {@code max_retry_time}.
         *
         * @param time from the first try to the last; 0 for one try
         * @return this
         */
        public Builder maxRetryTime(Duration time) {
            maxRetryTime = time;
            return this;
        }

        private static Duration requirePositive(Duration time) {
            if (time.isZero() || time.isNegative()) {
                throw new IllegalArgumentException("must be more than 0, not " + time);
            }
            return time;
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
         * Sets {@code records}.
         *
         * @param types the kinds of records, see {@link dev.kumo.core.log.LogRecord#type()}
         * @return this
         */
        public Builder records(List<String> types) {
            records = Optional.of(List.copyOf(types));
            return this;
        }

        /**
         * Sets {@code headers}.
         *
         * @param names of header fields of messages, in any case; {@code X-*} for all that begin so
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
         * Sets {@code node_id}.
         *
         * @param id tells this machine from others
         * @return this
         */
        public Builder nodeId(UUID id) {
            nodeId = Optional.of(id);
            return this;
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
         * @throws IllegalArgumentException if {@code url} is missing
         */
        public WebhookOptions build() {
            if (url == null) {
                throw new IllegalArgumentException("url is missing; say where records are sent");
            }
            return new WebhookOptions(
                    url,
                    Collections.unmodifiableMap(new TreeMap<>(headerFields)),
                    batchSize,
                    maxBatchLatency,
                    timeout,
                    retryInterval,
                    maxRetryInterval,
                    maxRetryTime,
                    backPressure,
                    records,
                    headers,
                    meta,
                    nodeId,
                    classifier);
        }
    }
}
