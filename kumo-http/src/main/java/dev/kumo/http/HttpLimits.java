package dev.kumo.http;

import dev.kumo.http.wire.Bounds;
import java.time.Duration;

/**
 * What a client of an HTTP listener may cost.
 *
 * @param maxConnections clients connected at once; further ones are closed; default 8192
 * @param maxConnectionsPerAddress of them, those of one IPv4 address, or of one /64 of IPv6, that is none of {@code
 *     trusted_hosts}; further ones are closed; default 256
 * @param maxRequests requests that are worked on at once; further ones are answered {@code 503}. Policies look at the
 *     credentials of an eighth as many at once, so that who has none shuts nobody out; default 2048
 * @param maxStreams requests at once on one connection of HTTP/2; default 100
 * @param maxHeaderSize octets of the header of a request, beyond which it is answered {@code 431}; default 16384
 * @param maxHeaders fields in it; default 100
 * @param headerTimeout longest time for a header from its first octet on, and for a handshake of TLS; default 10
 *     seconds
 * @param bodyTimeout longest time for the body of a request, however steadily it comes; default 1 minute
 * @param idleTimeout how long a connection may wait for its next request; default 1 minute
 * @param writeTimeout longest time for the client to read an answer; default 1 minute
 * @param maxBodyMemory bytes of bodies of requests that the listener holds at once, beyond which further requests are
 *     answered {@code 503}; default an eighth of the largest heap
 * @param maxRecipients recipients of one injection; default 10000
 * @param maxMessageSize bytes of a message that an injection makes; default 20971520
 * @param renderTimeout longest time to fill the templates of one message; default 1 second
 * @param injectTimeout longest time for one injection to make its messages; default 2 minutes. What is left of
 *     its recipients fails then. With {@code deferred_generation} only the time of templates counts, anew every 5 minutes, and what
 *     is left waits for that
 * @param maxInjectSize bytes of all messages together that one injection makes; what is left of its recipients fails
 *     then; default 1073741824. With {@code deferred_generation} it is counted anew after a restart
 * @param idempotencyKeys answers kept for requests that come again with their {@code Idempotency-Key}. One caller may
 *     have as many as are still free, and none is forgotten before its time: further keys are answered {@code 503};
 *     default 100000
 * @param idempotencyTime how long they are kept; default 1 day
 * @param closeGracePeriod how long requests may go on once the listener closes; default 10 seconds
 */
public record HttpLimits(
        int maxConnections,
        int maxConnectionsPerAddress,
        int maxRequests,
        int maxStreams,
        int maxHeaderSize,
        int maxHeaders,
        Duration headerTimeout,
        Duration bodyTimeout,
        Duration idleTimeout,
        Duration writeTimeout,
        long maxBodyMemory,
        int maxRecipients,
        int maxMessageSize,
        Duration renderTimeout,
        Duration injectTimeout,
        long maxInjectSize,
        int idempotencyKeys,
        Duration idempotencyTime,
        Duration closeGracePeriod) {

    /** What a stranger's credentials may take of what works on requests. */
    private static final int SHARE_OF_STRANGERS = 8;

    int maxAsking() {
        return Math.max(1, maxRequests / SHARE_OF_STRANGERS);
    }

    /** Those of the wire. */
    Bounds bounds(int bodyLimit) {
        return new Bounds(
                maxConnections,
                maxConnectionsPerAddress,
                maxRequests,
                maxStreams,
                maxHeaderSize,
                maxHeaders,
                bodyLimit,
                maxBodyMemory,
                headerTimeout,
                bodyTimeout,
                idleTimeout,
                writeTimeout,
                closeGracePeriod);
    }

    /**
     * The defaults, to be changed.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Makes {@link HttpLimits}; each setter is a key of the table {@code limits}. */
    public static final class Builder {

        private int maxConnections = 8192;
        private int maxConnectionsPerAddress = 256;
        private int maxRequests = 2048;
        private int maxStreams = 100;
        private int maxHeaderSize = 16_384;
        private int maxHeaders = 100;
        private Duration headerTimeout = Duration.ofSeconds(10);
        private Duration bodyTimeout = Duration.ofMinutes(1);
        private Duration idleTimeout = Duration.ofMinutes(1);
        private Duration writeTimeout = Duration.ofMinutes(1);
        private long maxBodyMemory = Runtime.getRuntime().maxMemory() / 8;
        private int maxRecipients = 10_000;
        private int maxMessageSize = 20 * 1024 * 1024;
        private Duration renderTimeout = Duration.ofSeconds(1);
        private Duration injectTimeout = Duration.ofMinutes(2);
        private long maxInjectSize = 1L << 30;
        private int idempotencyKeys = 100_000;
        private Duration idempotencyTime = Duration.ofDays(1);
        private Duration closeGracePeriod = Duration.ofSeconds(10);

        private Builder() {}

        /**
         * Key {@code max_connections}.
         *
         * @param count at least 1; default 8192
         * @return this
         * @throws IllegalArgumentException if it is less
         */
        public Builder maxConnections(int count) {
            maxConnections = atLeastOne(count);
            return this;
        }

        /**
         * Key {@code max_connections_per_address}.
         *
         * @param count at least 1; default 256
         * @return this
         * @throws IllegalArgumentException if it is less
         */
        public Builder maxConnectionsPerAddress(int count) {
            maxConnectionsPerAddress = atLeastOne(count);
            return this;
        }

        /**
         * Key {@code max_requests}.
         *
         * @param count at least 1; default 2048
         * @return this
         * @throws IllegalArgumentException if it is less
         */
        public Builder maxRequests(int count) {
            maxRequests = atLeastOne(count);
            return this;
        }

        /**
         * Key {@code max_streams}.
         *
         * @param count at least 1; default 100
         * @return this
         * @throws IllegalArgumentException if it is less
         */
        public Builder maxStreams(int count) {
            maxStreams = atLeastOne(count);
            return this;
        }

        /**
         * Key {@code max_header_size}.
         *
         * @param octets at least 1024; default 16384
         * @return this
         * @throws IllegalArgumentException if it is less
         */
        public Builder maxHeaderSize(int octets) {
            maxHeaderSize = (int) atLeast(1024, octets);
            return this;
        }

        /**
         * Key {@code max_headers}.
         *
         * @param count at least 10; default 100
         * @return this
         * @throws IllegalArgumentException if it is less
         */
        public Builder maxHeaders(int count) {
            maxHeaders = (int) atLeast(10, count);
            return this;
        }

        /**
         * Key {@code header_timeout}.
         *
         * @param time longer than zero; default 10 seconds
         * @return this
         * @throws IllegalArgumentException if it is not
         */
        public Builder headerTimeout(Duration time) {
            headerTimeout = positive(time);
            return this;
        }

        /**
         * Key {@code body_timeout}.
         *
         * @param time longer than zero; default 1 minute
         * @return this
         * @throws IllegalArgumentException if it is not
         */
        public Builder bodyTimeout(Duration time) {
            bodyTimeout = positive(time);
            return this;
        }

        /**
         * Key {@code idle_timeout}.
         *
         * @param time longer than zero; default 1 minute
         * @return this
         * @throws IllegalArgumentException if it is not
         */
        public Builder idleTimeout(Duration time) {
            idleTimeout = positive(time);
            return this;
        }

        /**
         * Key {@code write_timeout}.
         *
         * @param time longer than zero; default 1 minute
         * @return this
         * @throws IllegalArgumentException if it is not
         */
        public Builder writeTimeout(Duration time) {
            writeTimeout = positive(time);
            return this;
        }

        /**
         * Key {@code max_body_memory}.
         *
         * @param bytes at least 1; default an eighth of the largest heap
         * @return this
         * @throws IllegalArgumentException if it is less
         */
        public Builder maxBodyMemory(long bytes) {
            maxBodyMemory = atLeast(1, bytes);
            return this;
        }

        /**
         * Key {@code max_recipients}.
         *
         * @param count at least 1; default 10000
         * @return this
         * @throws IllegalArgumentException if it is less
         */
        public Builder maxRecipients(int count) {
            maxRecipients = atLeastOne(count);
            return this;
        }

        /**
         * Key {@code max_message_size}.
         *
         * @param bytes at least 1024; default 20971520
         * @return this
         * @throws IllegalArgumentException if it is less
         */
        public Builder maxMessageSize(int bytes) {
            maxMessageSize = (int) atLeast(1024, bytes);
            return this;
        }

        /**
         * Key {@code render_timeout}.
         *
         * @param time longer than zero; default 1 second
         * @return this
         * @throws IllegalArgumentException if it is not
         */
        public Builder renderTimeout(Duration time) {
            renderTimeout = positive(time);
            return this;
        }

        /**
         * Key {@code inject_timeout}.
         *
         * @param time longer than zero; default 2 minutes
         * @return this
         * @throws IllegalArgumentException if it is not
         */
        public Builder injectTimeout(Duration time) {
            injectTimeout = positive(time);
            return this;
        }

        /**
         * Key {@code max_inject_size}.
         *
         * @param bytes at least 1024; default 1073741824
         * @return this
         * @throws IllegalArgumentException if it is less
         */
        public Builder maxInjectSize(long bytes) {
            maxInjectSize = atLeast(1024, bytes);
            return this;
        }

        /**
         * Key {@code idempotency_keys}.
         *
         * @param count at least 1; default 100000
         * @return this
         * @throws IllegalArgumentException if it is less
         */
        public Builder idempotencyKeys(int count) {
            idempotencyKeys = atLeastOne(count);
            return this;
        }

        /**
         * Key {@code idempotency_time}.
         *
         * @param time longer than zero; default 1 day
         * @return this
         * @throws IllegalArgumentException if it is not
         */
        public Builder idempotencyTime(Duration time) {
            idempotencyTime = positive(time);
            return this;
        }

        /**
         * Key {@code close_grace_period}.
         *
         * @param time zero or longer; default 10 seconds
         * @return this
         * @throws IllegalArgumentException if it is negative
         */
        public Builder closeGracePeriod(Duration time) {
            if (time.isNegative()) {
                throw new IllegalArgumentException("must not be negative, not " + time);
            }
            closeGracePeriod = time;
            return this;
        }

        /**
         * The limits as set.
         *
         * @return immutable
         */
        public HttpLimits build() {
            return new HttpLimits(
                    maxConnections,
                    maxConnectionsPerAddress,
                    maxRequests,
                    maxStreams,
                    maxHeaderSize,
                    maxHeaders,
                    headerTimeout,
                    bodyTimeout,
                    idleTimeout,
                    writeTimeout,
                    maxBodyMemory,
                    maxRecipients,
                    maxMessageSize,
                    renderTimeout,
                    injectTimeout,
                    maxInjectSize,
                    idempotencyKeys,
                    idempotencyTime,
                    closeGracePeriod);
        }

        private static int atLeastOne(int count) {
            return (int) atLeast(1, count);
        }

        private static long atLeast(long least, long count) {
            if (count < least) {
                throw new IllegalArgumentException("must be at least " + least + ", not " + count);
            }
            return count;
        }

        private static Duration positive(Duration time) {
            if (time.isNegative() || time.isZero()) {
                throw new IllegalArgumentException("must be longer than zero, not " + time);
            }
            return time;
        }
    }
}
