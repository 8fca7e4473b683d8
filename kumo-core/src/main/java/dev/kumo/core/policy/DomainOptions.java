package dev.kumo.core.policy;

import dev.kumo.core.net.CidrSet;
import java.util.List;

/**
 * What is allowed for mail to, and from, one domain: an entry of the {@code domains} table of a listener.
 *
 * @param relayTo {@code relay_to}: whether anyone may send mail to this domain, to be spooled and delivered. Default
 *     false
 * @param relayFrom {@code relay_from}: the clients that may relay to anywhere while the sender is of this domain.
 *     Default none
 * @param logOob {@code log_oob}: whether mail to this domain is accepted so that bounces in it can be logged. Default
 *     {@link ReportDisposition#IGNORE}
 * @param logArf {@code log_arf}: whether mail to this domain is accepted so that complaints in it can be logged.
 *     Default {@link ReportDisposition#IGNORE}
 */
public record DomainOptions(boolean relayTo, CidrSet relayFrom, ReportDisposition logOob, ReportDisposition logArf) {

    /**
     * Starts from the defaults, with which a domain refuses all mail.
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
        return builder().relayTo(relayTo).relayFrom(relayFrom).logOob(logOob).logArf(logArf);
    }

    /** Collects options; one setter for each documented key. */
    public static final class Builder {

        private boolean relayTo;
        private CidrSet relayFrom = CidrSet.EMPTY;
        private ReportDisposition logOob = ReportDisposition.IGNORE;
        private ReportDisposition logArf = ReportDisposition.IGNORE;

        private Builder() {}

        /**
         * Sets {@code relay_to}.
         *
         * @param relay whether anyone may send mail to this domain
         * @return this
         */
        public Builder relayTo(boolean relay) {
            relayTo = relay;
            return this;
        }

        /**
         * Sets {@code relay_from}.
         *
         * @param clients IP addresses and CIDR blocks, such as {@code 10.0.0.0/24}
         * @return this
         * @throws IllegalArgumentException if one is neither
         */
        public Builder relayFrom(String... clients) {
            return relayFrom(CidrSet.of(clients));
        }

        /**
         * Sets {@code relay_from}.
         *
         * @param clients IP addresses and CIDR blocks, such as {@code 10.0.0.0/24}
         * @return this
         * @throws IllegalArgumentException if one is neither
         */
        public Builder relayFrom(List<String> clients) {
            return relayFrom(CidrSet.of(clients));
        }

        /**
         * Sets {@code relay_from}.
         *
         * @param clients who may relay to anywhere while the sender is of this domain
         * @return this
         */
        public Builder relayFrom(CidrSet clients) {
            relayFrom = clients;
            return this;
        }

        /**
         * Sets {@code log_oob}.
         *
         * @param log true for {@link ReportDisposition#LOG}, false for {@link ReportDisposition#IGNORE}
         * @return this
         */
        public Builder logOob(boolean log) {
            return logOob(ReportDisposition.of(log));
        }

        /**
         * Sets {@code log_oob}.
         *
         * @param disposition what becomes of bounces
         * @return this
         */
        public Builder logOob(ReportDisposition disposition) {
            logOob = disposition;
            return this;
        }

        /**
         * Sets {@code log_arf}.
         *
         * @param log true for {@link ReportDisposition#LOG}, false for {@link ReportDisposition#IGNORE}
         * @return this
         */
        public Builder logArf(boolean log) {
            return logArf(ReportDisposition.of(log));
        }

        /**
         * Sets {@code log_arf}.
         *
         * @param disposition what becomes of complaints
         * @return this
         */
        public Builder logArf(ReportDisposition disposition) {
            logArf = disposition;
            return this;
        }

        /**
         * Ends the options.
         *
         * @return what was set, and defaults for the rest
         */
        public DomainOptions build() {
            return new DomainOptions(relayTo, relayFrom, logOob, logArf);
        }
    }
}
