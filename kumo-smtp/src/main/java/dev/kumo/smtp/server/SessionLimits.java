package dev.kumo.smtp.server;

import java.time.Duration;

/**
 * What one session may cost before the client has earned trust. Each limit that is passed ends the session with
 * {@code 421}.
 *
 * @param maxRefusedCommands refused commands per session, wrong or unwelcome, with unknown ones counted too; default
 *     100
 * @param maxUnknownCommands commands per session that are no SMTP command; default 10
 * @param maxIdleCommands commands between two messages that move nothing: NOOP, RSET, VRFY, EXPN, HELP, and EHLO or
 *     HELO; default 1000
 * @param commandTimeout longest time from the answer to one command to the end of the next, however steadily its bytes
 *     come; default 5 minutes, RFC 5321 section 4.5.3.2.7
 * @param firstMailTimeout longest time from the connection to the first MAIL; default 5 minutes
 * @param contentTimeout longest time for the content of a message, however steadily it comes; default 1 hour
 * @param maxContentMemory bytes of content that all sessions of the listener hold in memory at once, beyond which
 *     further content is answered {@code 452 4.3.1}; a transaction's second recipient and each further one counts as
 *     2048, and is answered so too; default a quarter of the largest heap
 * @param closeGracePeriod how long running transactions may go on once the listener closes; default 10 seconds
 */
public record SessionLimits(
        int maxRefusedCommands,
        int maxUnknownCommands,
        int maxIdleCommands,
        Duration commandTimeout,
        Duration firstMailTimeout,
        Duration contentTimeout,
        long maxContentMemory,
        Duration closeGracePeriod) {

    /**
     * The defaults, to be changed.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * These limits, to be changed.
     *
     * @return a builder that begins with them
     */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.maxRefusedCommands = maxRefusedCommands;
        builder.maxUnknownCommands = maxUnknownCommands;
        builder.maxIdleCommands = maxIdleCommands;
        builder.commandTimeout = commandTimeout;
        builder.firstMailTimeout = firstMailTimeout;
        builder.contentTimeout = contentTimeout;
        builder.maxContentMemory = maxContentMemory;
        builder.closeGracePeriod = closeGracePeriod;
        return builder;
    }

    /** Makes {@link SessionLimits}; each setter is a key of the table {@code limits}. */
    public static final class Builder {

        private int maxRefusedCommands = 100;
        private int maxUnknownCommands = 10;
        private int maxIdleCommands = 1000;
        private Duration commandTimeout = Duration.ofMinutes(5);
        private Duration firstMailTimeout = Duration.ofMinutes(5);
        private Duration contentTimeout = Duration.ofHours(1);
        private long maxContentMemory = Runtime.getRuntime().maxMemory() / 4;
        private Duration closeGracePeriod = Duration.ofSeconds(10);

        private Builder() {}

        /**
         * Key {@code max_refused_commands}.
         *
         * @param count at least 1; default 100
         * @return this
         * @throws IllegalArgumentException if it is less
         */
        public Builder maxRefusedCommands(int count) {
            maxRefusedCommands = atLeastOne(count);
            return this;
        }

        /**
         * Key {@code max_unknown_commands}.
         *
         * @param count at least 1; default 10
         * @return this
         * @throws IllegalArgumentException if it is less
         */
        public Builder maxUnknownCommands(int count) {
            maxUnknownCommands = atLeastOne(count);
            return this;
        }

        /**
         * Key {@code max_idle_commands}.
         *
         * @param count at least 1; default 1000
         * @return this
         * @throws IllegalArgumentException if it is less
         */
        public Builder maxIdleCommands(int count) {
            maxIdleCommands = atLeastOne(count);
            return this;
        }

        /**
         * Key {@code command_timeout}.
         *
         * @param time longer than zero; default 5 minutes
         * @return this
         * @throws IllegalArgumentException if it is not
         */
        public Builder commandTimeout(Duration time) {
            commandTimeout = positive(time);
            return this;
        }

        /**
         * Key {@code first_mail_timeout}.
         *
         * @param time longer than zero; default 5 minutes
         * @return this
         * @throws IllegalArgumentException if it is not
         */
        public Builder firstMailTimeout(Duration time) {
            firstMailTimeout = positive(time);
            return this;
        }

        /**
         * Key {@code content_timeout}.
         *
         * @param time longer than zero; default 1 hour
         * @return this
         * @throws IllegalArgumentException if it is not
         */
        public Builder contentTimeout(Duration time) {
            contentTimeout = positive(time);
            return this;
        }

        /**
         * Key {@code max_content_memory}.
         *
         * @param bytes at least 1; default a quarter of the largest heap
         * @return this
         * @throws IllegalArgumentException if it is less
         */
        public Builder maxContentMemory(long bytes) {
            maxContentMemory = atLeastOne(bytes);
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
        public SessionLimits build() {
            return new SessionLimits(
                    maxRefusedCommands,
                    maxUnknownCommands,
                    maxIdleCommands,
                    commandTimeout,
                    firstMailTimeout,
                    contentTimeout,
                    maxContentMemory,
                    closeGracePeriod);
        }
    }

    static int atLeastOne(int count) {
        return (int) atLeastOne((long) count);
    }

    static long atLeastOne(long count) {
        if (count < 1) {
            throw new IllegalArgumentException("must be at least 1, not " + count);
        }
        return count;
    }

    static Duration positive(Duration time) {
        if (time.isNegative() || time.isZero()) {
            throw new IllegalArgumentException("must be longer than zero, not " + time);
        }
        return time;
    }
}
