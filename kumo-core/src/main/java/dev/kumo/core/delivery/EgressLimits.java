package dev.kumo.core.delivery;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How much may be sent to a site from one source at once, and how often.
 *
 * @param connectionLimit {@code connection_limit}: how many connections at once; 32
 * @param maxReady {@code max_ready}: how many messages may wait in the ready queue; 1024
 * @param maxDeliveriesPerConnection {@code max_deliveries_per_connection}: how many messages, then a new connection
 *     is made; 1024
 * @param maxRecipientsPerBatch {@code max_recipients_per_batch}: how many recipients in one transaction, the others
 *     following in the next; 100
 * @param maxConnectionRate {@code max_connection_rate}: how often a connection may be made, such as {@code
 *     100/min}; no limit
 * @param maxMessageRate {@code max_message_rate}: how often a message may be sent, such as {@code 20/30min}; no limit
 * @param consecutiveConnectionFailuresBeforeDelay {@code consecutive_connection_failures_before_delay}: how often
 *     all hosts may fail, one time after another, before all that waits is put off; 100
 */
public record EgressLimits(
        int connectionLimit,
        int maxReady,
        int maxDeliveriesPerConnection,
        int maxRecipientsPerBatch,
        Optional<String> maxConnectionRate,
        Optional<String> maxMessageRate,
        int consecutiveConnectionFailuresBeforeDelay) {

    /**
     * Takes the keys of the limits, one setter each.
     *
     * @param <B> the builder itself, so that calls chain
     */
    public abstract static sealed class Builder<B extends Builder<B>> extends EgressTimeouts.Builder<B>
            permits EgressPathOptions.Builder {

        private int connectionLimit = 32;
        private int maxReady = 1024;
        private int maxDeliveriesPerConnection = 1024;
        private int maxRecipientsPerBatch = 100;
        private @Nullable String maxConnectionRate;
        private @Nullable String maxMessageRate;
        private int consecutiveConnectionFailuresBeforeDelay = 100;

        Builder() {}

        final void copy(EgressLimits from) {
            connectionLimit = from.connectionLimit;
            maxReady = from.maxReady;
            maxDeliveriesPerConnection = from.maxDeliveriesPerConnection;
            maxRecipientsPerBatch = from.maxRecipientsPerBatch;
            maxConnectionRate = from.maxConnectionRate.orElse(null);
            maxMessageRate = from.maxMessageRate.orElse(null);
            consecutiveConnectionFailuresBeforeDelay = from.consecutiveConnectionFailuresBeforeDelay;
        }

        /**
         * Key {@code connection_limit}.
         *
         * @param count at least 1; default 32
         * @return this
         * @throws IllegalArgumentException if it is less
         */
        public B connectionLimit(int count) {
            connectionLimit = atLeastOne(count);
            return self();
        }

        /**
         * Key {@code max_ready}.
         *
         * @param count at least 1; default 1024
         * @return this
         * @throws IllegalArgumentException if it is less
         */
        public B maxReady(int count) {
            maxReady = atLeastOne(count);
            return self();
        }

        /**
         * Key {@code max_deliveries_per_connection}.
         *
         * @param count at least 1; default 1024
         * @return this
         * @throws IllegalArgumentException if it is less
         */
        public B maxDeliveriesPerConnection(int count) {
            maxDeliveriesPerConnection = atLeastOne(count);
            return self();
        }

        /**
         * Key {@code max_recipients_per_batch}.
         *
         * @param count at least 1; default 100
         * @return this
         * @throws IllegalArgumentException if it is less
         */
        public B maxRecipientsPerBatch(int count) {
            maxRecipientsPerBatch = atLeastOne(count);
            return self();
        }

        /**
         * Key {@code max_connection_rate}.
         *
         * @param rate such as {@code 100/min}; no limit by default
         * @return this
         */
        public B maxConnectionRate(String rate) {
            maxConnectionRate = rate;
            return self();
        }

        /**
         * Key {@code max_message_rate}.
         *
         * @param rate such as {@code 20/30min}; no limit by default
         * @return this
         */
        public B maxMessageRate(String rate) {
            maxMessageRate = rate;
            return self();
        }

        /**
         * Key {@code consecutive_connection_failures_before_delay}.
         *
         * @param count at least 1; default 100
         * @return this
         * @throws IllegalArgumentException if it is less
         */
        public B consecutiveConnectionFailuresBeforeDelay(int count) {
            consecutiveConnectionFailuresBeforeDelay = atLeastOne(count);
            return self();
        }

        private static int atLeastOne(int count) {
            if (count < 1) {
                throw new IllegalArgumentException("must be at least 1, not " + count);
            }
            return count;
        }

        final EgressLimits limits() {
            return new EgressLimits(
                    connectionLimit,
                    maxReady,
                    maxDeliveriesPerConnection,
                    maxRecipientsPerBatch,
                    Optional.ofNullable(maxConnectionRate),
                    Optional.ofNullable(maxMessageRate),
                    consecutiveConnectionFailuresBeforeDelay);
        }
    }
}
