package dev.kumo.core.queue;

import dev.kumo.core.delivery.Protocol;
import dev.kumo.core.net.DurationText;
import dev.kumo.core.net.ThrottleSpec;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How the messages of a scheduled queue are tried: the keys of {@code make_queue_config}.
 *
 * <p>After an attempt fails, the next is made {@code retry_interval} later, and each further one after twice the time,
 * up to {@code max_retry_interval}, a little earlier or later so that those that failed together do not all come back
 * together. A message whose next attempt would come later than {@code max_age} after its creation expires at once.
 *
 * <p>These keys of KumoMTA are not known here, as there is nothing for them to set: {@code strategy} and {@code timerwheel_tick_interval} (there is one kind of wheel),
 * {@code refresh_interval} and {@code refresh_strategy} (the options of a queue that is used are asked for anew
 * once a minute),
 * {@code provider_name}, {@code shrink_policy}.
 *
 * @param retryInterval {@code retry_interval}: time to the second attempt; 1 second to 36,500 days, default 20 minutes
 * @param maxRetryInterval {@code max_retry_interval}: longest time between two attempts, at least
 *     {@code retry_interval}; default none
 * @param maxAge {@code max_age}: how old a message may become; above 0, to 36,500 days, default 7 days
 * @param egressPool {@code egress_pool}: the name of the pool of sources to send from; default {@code unspecified},
 *     which leaves the address to the system
 * @param maxMessageRate {@code max_message_rate}: how many messages of the queue are tried in a period, such as
 *     {@code 100/min}; default none
 * @param reapInterval {@code reap_interval}: how long an empty queue is remembered; above 0, to 36,500 days, default 10
 *     minutes
 * @param protocol {@code protocol}: how the queue is delivered, such as by smart hosts; default SMTP to the hosts that the DNS has
 */
public record QueueOptions(
        Duration retryInterval,
        Optional<Duration> maxRetryInterval,
        Duration maxAge,
        String egressPool,
        Optional<ThrottleSpec> maxMessageRate,
        Duration reapInterval,
        Protocol protocol) {

    private static final Duration LONGEST = Duration.ofDays(36_500);

    /** What holds where nothing is said. */
    public static final QueueOptions DEFAULT = builder().build();

    /**
     * Checks the ranges.
     *
     * @param retryInterval 1 second to 36,500 days
     * @param maxRetryInterval at least the retry interval
     * @param maxAge above 0
     * @param egressPool not empty
     * @param maxMessageRate if there is a limit
     * @param reapInterval above 0
     * @param protocol how it is delivered
     * @throws IllegalArgumentException if one is out of its range; the message names its key
     */
    public QueueOptions {
        inRange("retry_interval", retryInterval, Duration.ofSeconds(1));
        maxRetryInterval.ifPresent(cap -> inRange("max_retry_interval", cap, Duration.ofSeconds(1)));
        inRange("max_age", maxAge, Duration.ofNanos(1));
        inRange("reap_interval", reapInterval, Duration.ofNanos(1));
        if (maxRetryInterval.isPresent() && maxRetryInterval.get().compareTo(retryInterval) < 0) {
            throw new IllegalArgumentException("max_retry_interval " + DurationText.format(maxRetryInterval.get())
                    + " is shorter than retry_interval " + DurationText.format(retryInterval)
                    + "; raise the one or lower the other");
        }
        if (egressPool.isEmpty()) {
            throw new IllegalArgumentException("egress_pool must name a pool; leave it out for 'unspecified'");
        }
    }

    private static void inRange(String key, Duration duration, Duration shortest) {
        if (duration.compareTo(shortest) < 0 || duration.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(key + " must be " + (shortest.toSeconds() == 1 ? "1s" : "above 0")
                    + " to " + LONGEST.toDays() + "d, not "
                    + (duration.isNegative() ? duration : DurationText.format(duration)));
        }
    }

    /**
     * Starts from the defaults.
     *
     * @return the builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Starts from these options.
     *
     * @return a builder for a changed copy
     */
    public Builder toBuilder() {
        Builder builder = builder()
                .retryInterval(retryInterval)
                .maxAge(maxAge)
                .egressPool(egressPool)
                .reapInterval(reapInterval)
                .protocol(protocol);
        maxRetryInterval.ifPresent(builder::maxRetryInterval);
        maxMessageRate.ifPresent(builder::maxMessageRate);
        return builder;
    }

    /** Collects options; one setter for each documented key. */
    public static final class Builder {

        private Duration retryInterval = Duration.ofMinutes(20);
        private @Nullable Duration maxRetryInterval;
        private Duration maxAge = Duration.ofDays(7);
        private String egressPool = "unspecified";
        private @Nullable ThrottleSpec maxMessageRate;
        private Duration reapInterval = Duration.ofMinutes(10);
        private Protocol protocol = Protocol.DEFAULT;

        private Builder() {}

        /**
         * Sets {@code retry_interval}.
         *
         * @param interval time to the second attempt; 1 second or more
         * @return this
         */
        public Builder retryInterval(Duration interval) {
            retryInterval = interval;
            return this;
        }

        /**
         * Sets {@code max_retry_interval}.
         *
         * @param interval longest time between two attempts; at least the retry interval
         * @return this
         */
        public Builder maxRetryInterval(Duration interval) {
            maxRetryInterval = interval;
            return this;
        }

        /**
         * Sets {@code max_age}.
         *
         * @param age how old a message may become; above 0
         * @return this
         */
        public Builder maxAge(Duration age) {
            maxAge = age;
            return this;
        }

        /**
         * Sets {@code egress_pool}.
         *
         * @param pool the name of a pool
         * @return this
         */
        public Builder egressPool(String pool) {
            egressPool = pool;
            return this;
        }

        /**
         * Sets {@code max_message_rate}.
         *
         * @param rate as {@link ThrottleSpec#parse} reads it, such as {@code 100/min}
         * @return this
         * @throws IllegalArgumentException if it is none
         */
        public Builder maxMessageRate(String rate) {
            return maxMessageRate(ThrottleSpec.parse(rate));
        }

        /**
         * Sets {@code max_message_rate}.
         *
         * @param rate how many messages of the queue are tried in a period
         * @return this
         */
        public Builder maxMessageRate(ThrottleSpec rate) {
            maxMessageRate = rate;
            return this;
        }

        /**
         * Sets {@code reap_interval}.
         *
         * @param interval how long an empty queue is remembered; above 0
         * @return this
         */
        public Builder reapInterval(Duration interval) {
            reapInterval = interval;
            return this;
        }

        /**
         * Sets {@code protocol}.
         *
         * @param changes sets some of its keys, from {@link Protocol#DEFAULT} on
         * @return this
         * @throws IllegalArgumentException if they do not fit together
         */
        public Builder protocol(Consumer<Protocol.Builder> changes) {
            Protocol.Builder builder = Protocol.builder();
            changes.accept(builder);
            return protocol(builder.build());
        }

        /**
         * Sets {@code protocol}.
         *
         * @param protocol how the queue is delivered
         * @return this
         */
        public Builder protocol(Protocol protocol) {
            this.protocol = protocol;
            return this;
        }

        /**
         * Ends the options.
         *
         * @return what was set, and defaults for the rest
         * @throws IllegalArgumentException if one is out of its range; the message names its key
         */
        public QueueOptions build() {
            return new QueueOptions(
                    retryInterval,
                    Optional.ofNullable(maxRetryInterval),
                    maxAge,
                    egressPool,
                    Optional.ofNullable(maxMessageRate),
                    reapInterval,
                    protocol);
        }
    }
}
