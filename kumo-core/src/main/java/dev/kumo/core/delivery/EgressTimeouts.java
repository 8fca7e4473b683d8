package dev.kumo.core.delivery;

import java.time.Duration;

/**
 * How long the far side may take, step by step. RFC 5321 section 4.5.3.2 has longer times for some; these are those of
 * KumoMTA.
 *
 * @param connect {@code connect_timeout}: for a connection to be made; 60 seconds
 * @param banner {@code banner_timeout}: for the greeting; 60 seconds
 * @param ehlo {@code ehlo_timeout}: for the reply to EHLO or LHLO; 5 minutes
 * @param starttls {@code starttls_timeout}: for the reply to STARTTLS, and again for the handshake; 5 seconds
 * @param auth {@code auth_timeout}: for the reply to AUTH; 60 seconds
 * @param mailFrom {@code mail_from_timeout}: for the reply to MAIL; 5 minutes
 * @param rcptTo {@code rcpt_to_timeout}: for the reply to each RCPT; 5 minutes
 * @param data {@code data_timeout}: for the reply to DATA, and for each block of content to be taken; 5 minutes.
 *     All of the content has this time and a second more for every 4 KiB
 * @param dataDot {@code data_dot_timeout}: for each reply to the end of the content; 5 minutes
 * @param rset {@code rset_timeout}: for the reply to RSET; 5 seconds
 * @param idle {@code idle_timeout}: for another message, before an unused connection is ended; 5 seconds
 */
public record EgressTimeouts(
        Duration connect,
        Duration banner,
        Duration ehlo,
        Duration starttls,
        Duration auth,
        Duration mailFrom,
        Duration rcptTo,
        Duration data,
        Duration dataDot,
        Duration rset,
        Duration idle) {

    /**
     * Takes the keys of the time-outs, one setter each.
     *
     * @param <B> the builder itself, so that calls chain
     */
    public abstract static sealed class Builder<B extends Builder<B>> permits EgressLimits.Builder {

        private Duration connect = Duration.ofSeconds(60);
        private Duration banner = Duration.ofSeconds(60);
        private Duration ehlo = Duration.ofMinutes(5);
        private Duration starttls = Duration.ofSeconds(5);
        private Duration auth = Duration.ofSeconds(60);
        private Duration mailFrom = Duration.ofMinutes(5);
        private Duration rcptTo = Duration.ofMinutes(5);
        private Duration data = Duration.ofMinutes(5);
        private Duration dataDot = Duration.ofMinutes(5);
        private Duration rset = Duration.ofSeconds(5);
        private Duration idle = Duration.ofSeconds(5);

        Builder() {}

        abstract B self();

        final void copy(EgressTimeouts from) {
            connect = from.connect;
            banner = from.banner;
            ehlo = from.ehlo;
            starttls = from.starttls;
            auth = from.auth;
            mailFrom = from.mailFrom;
            rcptTo = from.rcptTo;
            data = from.data;
            dataDot = from.dataDot;
            rset = from.rset;
            idle = from.idle;
        }

        /**
         * Key {@code connect_timeout}.
         *
         * @param time longer than zero; default 60 seconds
         * @return this
         * @throws IllegalArgumentException if it is not
         */
        public B connectTimeout(Duration time) {
            connect = positive(time);
            return self();
        }

        /**
         * Key {@code banner_timeout}.
         *
         * @param time longer than zero; default 60 seconds
         * @return this
         * @throws IllegalArgumentException if it is not
         */
        public B bannerTimeout(Duration time) {
            banner = positive(time);
            return self();
        }

        /**
         * Key {@code ehlo_timeout}.
         *
         * @param time longer than zero; default 5 minutes
         * @return this
         * @throws IllegalArgumentException if it is not
         */
        public B ehloTimeout(Duration time) {
            ehlo = positive(time);
            return self();
        }

        /**
         * Key {@code starttls_timeout}.
         *
         * @param time longer than zero; default 5 seconds
         * @return this
         * @throws IllegalArgumentException if it is not
         */
        public B starttlsTimeout(Duration time) {
            starttls = positive(time);
            return self();
        }

        /**
         * Key {@code auth_timeout}.
         *
         * @param time longer than zero; default 60 seconds
         * @return this
         * @throws IllegalArgumentException if it is not
         */
        public B authTimeout(Duration time) {
            auth = positive(time);
            return self();
        }

        /**
         * Key {@code mail_from_timeout}.
         *
         * @param time longer than zero; default 5 minutes
         * @return this
         * @throws IllegalArgumentException if it is not
         */
        public B mailFromTimeout(Duration time) {
            mailFrom = positive(time);
            return self();
        }

        /**
         * Key {@code rcpt_to_timeout}.
         *
         * @param time longer than zero; default 5 minutes
         * @return this
         * @throws IllegalArgumentException if it is not
         */
        public B rcptToTimeout(Duration time) {
            rcptTo = positive(time);
            return self();
        }

        /**
         * Key {@code data_timeout}.
         *
         * @param time longer than zero; default 5 minutes
         * @return this
         * @throws IllegalArgumentException if it is not
         */
        public B dataTimeout(Duration time) {
            data = positive(time);
            return self();
        }

        /**
         * Key {@code data_dot_timeout}.
         *
         * @param time longer than zero; default 5 minutes
         * @return this
         * @throws IllegalArgumentException if it is not
         */
        public B dataDotTimeout(Duration time) {
            dataDot = positive(time);
            return self();
        }

        /**
         * Key {@code rset_timeout}.
         *
         * @param time longer than zero; default 5 seconds
         * @return this
         * @throws IllegalArgumentException if it is not
         */
        public B rsetTimeout(Duration time) {
            rset = positive(time);
            return self();
        }

        /**
         * Key {@code idle_timeout}.
         *
         * @param time longer than zero; default 5 seconds
         * @return this
         * @throws IllegalArgumentException if it is not
         */
        public B idleTimeout(Duration time) {
            idle = positive(time);
            return self();
        }

        private static Duration positive(Duration time) {
            if (time.isNegative() || time.isZero()) {
                throw new IllegalArgumentException("must be longer than zero, not " + time);
            }
            return time;
        }

        final EgressTimeouts timeouts() {
            return new EgressTimeouts(
                    connect, banner, ehlo, starttls, auth, mailFrom, rcptTo, data, dataDot, rset, idle);
        }
    }
}
