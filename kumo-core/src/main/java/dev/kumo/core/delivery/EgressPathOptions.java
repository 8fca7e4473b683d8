package dev.kumo.core.delivery;

import dev.kumo.core.net.CidrSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The options of the way from a source to a site: the keys of {@code make_egress_path}.
 *
 * @param smtpPort {@code smtp_port}: the port of hosts that come without one; 25
 * @param ehloDomain {@code ehlo_domain}: the name given in EHLO, in place of that of the source; none
 * @param prohibitedHosts {@code prohibited_hosts}: addresses that must not be delivered to: one among those of a
 *     site fails all mail for it; loopback, {@code 0.0.0.0} and {@code ::}
 * @param skipHosts {@code skip_hosts}: addresses that are passed over; none
 * @param ipLookupStrategy {@code ip_lookup_strategy}: which addresses of a host are looked up; {@code Ipv4AndIpv6}
 * @param reconnectStrategy {@code reconnect_strategy}: what follows when a connection breaks between messages or in
 *     one; {@code ConnectNextHost}
 * @param tryNextHostOnTransportError {@code try_next_host_on_transport_error}: whether a message whose connection
 *     broke is tried at the next host at once, instead of being deferred; false
 * @param useLmtp {@code use_lmtp}: whether LMTP (RFC 2033) is spoken; false
 * @param enableTls {@code enable_tls}: whether TLS is used, and how strictly; {@code Opportunistic}
 * @param enableMtaSts {@code enable_mta_sts}: whether the policies of RFC 8461 are followed; true
 * @param opportunisticTlsReconnectOnFailedHandshake {@code opportunistic_tls_reconnect_on_failed_handshake}:
 *     whether a failed opportunistic handshake is followed by a connection in clear to the same host; false
 * @param smtpAuthPlain {@code smtp_auth_plain_username} and {@code smtp_auth_plain_password}: as whom to log in
 *     (RFC 4616); nobody
 * @param allowSmtpAuthPlainWithoutTls {@code allow_smtp_auth_plain_without_tls}: whether to log in over a
 *     connection in clear; false
 * @param enablePipelining {@code enable_pipelining}: whether commands are sent in groups where offered (RFC 2920); true
 * @param enableRset {@code enable_rset}: whether RSET comes before the second message and after an error; true
 * @param ignore8bitChecks {@code ignore_8bit_checks}: whether 8-bit content and addresses are sent to hosts that do
 *     not offer to take them; false
 * @param limits how much may be sent at once, and how often
 * @param timeouts how long the far side may take
 */
public record EgressPathOptions(
        int smtpPort,
        Optional<String> ehloDomain,
        CidrSet prohibitedHosts,
        CidrSet skipHosts,
        IpLookupStrategy ipLookupStrategy,
        Reconnect reconnectStrategy,
        boolean tryNextHostOnTransportError,
        boolean useLmtp,
        EgressTls enableTls,
        boolean enableMtaSts,
        boolean opportunisticTlsReconnectOnFailedHandshake,
        Optional<PlainLogin> smtpAuthPlain,
        boolean allowSmtpAuthPlainWithoutTls,
        boolean enablePipelining,
        boolean enableRset,
        boolean ignore8bitChecks,
        EgressLimits limits,
        EgressTimeouts timeouts) {

    /** What holds where nothing is said. */
    public static final EgressPathOptions DEFAULT = builder().build();

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
        return new Builder(this);
    }

    /** Collects options; one setter for each documented key. */
    public static final class Builder extends EgressLimits.Builder<Builder> {

        private int smtpPort = 25;
        private @Nullable String ehloDomain;
        private CidrSet prohibitedHosts = CidrSet.of("127.0.0.0/8", "::1", "0.0.0.0", "::");
        private CidrSet skipHosts = CidrSet.EMPTY;
        private IpLookupStrategy ipLookupStrategy = IpLookupStrategy.IPV4_AND_IPV6;
        private Reconnect reconnectStrategy = Reconnect.CONNECT_NEXT_HOST;
        private boolean tryNextHostOnTransportError;
        private boolean useLmtp;
        private EgressTls enableTls = EgressTls.OPPORTUNISTIC;
        private boolean enableMtaSts = true;
        private boolean opportunisticTlsReconnectOnFailedHandshake;
        private @Nullable String smtpAuthPlainUsername;
        private @Nullable String smtpAuthPlainPassword;
        private boolean allowSmtpAuthPlainWithoutTls;
        private boolean enablePipelining = true;
        private boolean enableRset = true;
        private boolean ignore8bitChecks;

        private Builder() {}

        private Builder(EgressPathOptions from) {
            smtpPort = from.smtpPort;
            ehloDomain = from.ehloDomain.orElse(null);
            prohibitedHosts = from.prohibitedHosts;
            skipHosts = from.skipHosts;
            ipLookupStrategy = from.ipLookupStrategy;
            reconnectStrategy = from.reconnectStrategy;
            tryNextHostOnTransportError = from.tryNextHostOnTransportError;
            useLmtp = from.useLmtp;
            enableTls = from.enableTls;
            enableMtaSts = from.enableMtaSts;
            opportunisticTlsReconnectOnFailedHandshake = from.opportunisticTlsReconnectOnFailedHandshake;
            smtpAuthPlainUsername = from.smtpAuthPlain.map(PlainLogin::username).orElse(null);
            smtpAuthPlainPassword = from.smtpAuthPlain.map(PlainLogin::password).orElse(null);
            allowSmtpAuthPlainWithoutTls = from.allowSmtpAuthPlainWithoutTls;
            enablePipelining = from.enablePipelining;
            enableRset = from.enableRset;
            ignore8bitChecks = from.ignore8bitChecks;
            copy(from.limits);
            copy(from.timeouts);
        }

        @Override
        Builder self() {
            return this;
        }

        /**
         * Key {@code smtp_port}.
         *
         * @param port 1 to 65535; default 25
         * @return this
         * @throws IllegalArgumentException if it is not
         */
        public Builder smtpPort(int port) {
            smtpPort = EgressSource.port(port);
            return this;
        }

        /**
         * Key {@code ehlo_domain}.
         *
         * @param name a domain name, or an address literal in brackets
         * @return this
         * @throws IllegalArgumentException if it is neither
         */
        public Builder ehloDomain(String name) {
            ehloDomain = EgressSource.ehloName(name);
            return this;
        }

        /**
         * Key {@code prohibited_hosts}.
         *
         * @param hosts IP addresses and CIDR blocks; takes the place of the default
         * @return this
         * @throws IllegalArgumentException if one is neither
         */
        public Builder prohibitedHosts(List<String> hosts) {
            prohibitedHosts = CidrSet.of(hosts);
            return this;
        }

        /**
         * Key {@code skip_hosts}.
         *
         * @param hosts IP addresses and CIDR blocks; takes the place of the default
         * @return this
         * @throws IllegalArgumentException if one is neither
         */
        public Builder skipHosts(List<String> hosts) {
            skipHosts = CidrSet.of(hosts);
            return this;
        }

        /**
         * Key {@code ip_lookup_strategy}.
         *
         * @param strategy which addresses of a host
         * @return this
         */
        public Builder ipLookupStrategy(IpLookupStrategy strategy) {
            ipLookupStrategy = strategy;
            return this;
        }

        /**
         * Key {@code reconnect_strategy}.
         *
         * @param strategy what follows when a connection breaks
         * @return this
         */
        public Builder reconnectStrategy(Reconnect strategy) {
            reconnectStrategy = strategy;
            return this;
        }

        /**
         * Key {@code try_next_host_on_transport_error}.
         *
         * @param retry whether a message whose connection broke is tried at the next host at once, instead of being
         *     deferred; default false
         * @return this
         */
        public Builder tryNextHostOnTransportError(boolean retry) {
            tryNextHostOnTransportError = retry;
            return this;
        }

        /**
         * Key {@code use_lmtp}.
         *
         * @param lmtp whether LMTP (RFC 2033) is spoken; default false
         * @return this
         */
        public Builder useLmtp(boolean lmtp) {
            useLmtp = lmtp;
            return this;
        }

        /**
         * Key {@code enable_tls}.
         *
         * @param mode whether, and how strictly
         * @return this
         */
        public Builder enableTls(EgressTls mode) {
            enableTls = mode;
            return this;
        }

        /**
         * Key {@code enable_mta_sts}.
         *
         * @param enable whether the policies of RFC 8461 are followed; default true
         * @return this
         */
        public Builder enableMtaSts(boolean enable) {
            enableMtaSts = enable;
            return this;
        }

        /**
         * Key {@code opportunistic_tls_reconnect_on_failed_handshake}.
         *
         * @param reconnect whether a failed opportunistic handshake is followed by a connection in clear to the
         *     same host; default false
         * @return this
         */
        public Builder opportunisticTlsReconnectOnFailedHandshake(boolean reconnect) {
            opportunisticTlsReconnectOnFailedHandshake = reconnect;
            return this;
        }

        /**
         * Key {@code smtp_auth_plain_username}.
         *
         * @param name as whom to log in; goes with a password
         * @return this
         */
        public Builder smtpAuthPlainUsername(String name) {
            smtpAuthPlainUsername = name;
            return this;
        }

        /**
         * Key {@code smtp_auth_plain_password}.
         *
         * @param password is in no log and no {@code toString()}
         * @return this
         */
        public Builder smtpAuthPlainPassword(String password) {
            smtpAuthPlainPassword = password;
            return this;
        }

        /**
         * Key {@code allow_smtp_auth_plain_without_tls}.
         *
         * @param allow whether to log in over a connection in clear; default false
         * @return this
         */
        public Builder allowSmtpAuthPlainWithoutTls(boolean allow) {
            allowSmtpAuthPlainWithoutTls = allow;
            return this;
        }

        /**
         * Key {@code enable_pipelining}.
         *
         * @param enable whether commands are sent in groups where offered (RFC 2920); default true
         * @return this
         */
        public Builder enablePipelining(boolean enable) {
            enablePipelining = enable;
            return this;
        }

        /**
         * Key {@code enable_rset}.
         *
         * @param enable whether RSET comes before the second message and after an error; default true
         * @return this
         */
        public Builder enableRset(boolean enable) {
            enableRset = enable;
            return this;
        }

        /**
         * Key {@code ignore_8bit_checks}.
         *
         * @param ignore whether 8-bit content and addresses are sent to hosts that do not offer to take them;
         *     default false
         * @return this
         */
        public Builder ignore8bitChecks(boolean ignore) {
            ignore8bitChecks = ignore;
            return this;
        }

        /**
         * Ends the options.
         *
         * @return what was set, and defaults for the rest
         * @throws IllegalArgumentException if there is a user name without a password, or the reverse
         */
        public EgressPathOptions build() {
            return new EgressPathOptions(
                    smtpPort,
                    Optional.ofNullable(ehloDomain),
                    prohibitedHosts,
                    skipHosts,
                    ipLookupStrategy,
                    reconnectStrategy,
                    tryNextHostOnTransportError,
                    useLmtp,
                    enableTls,
                    enableMtaSts,
                    opportunisticTlsReconnectOnFailedHandshake,
                    PlainLogin.of(smtpAuthPlainUsername, smtpAuthPlainPassword),
                    allowSmtpAuthPlainWithoutTls,
                    enablePipelining,
                    enableRset,
                    ignore8bitChecks,
                    limits(),
                    timeouts());
        }
    }
}
