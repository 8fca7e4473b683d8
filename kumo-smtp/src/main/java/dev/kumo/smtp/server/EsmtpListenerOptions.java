package dev.kumo.smtp.server;

import dev.kumo.core.listen.Hostname;
import dev.kumo.core.net.CidrSet;
import dev.kumo.core.net.HostPort;
import dev.kumo.core.policy.DomainMap;
import dev.kumo.core.policy.DomainOptions;
import dev.kumo.core.trace.TraceHeaders;
import dev.kumo.tls.IdentitySource;
import dev.kumo.tls.KeySource;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How an ESMTP listener behaves: one component per documented key of {@code start_esmtp_listener}.
 *
 * @param listen {@code listen}: the address and port to bind; {@code 0.0.0.0:25} binds all IPv4 addresses, port 0 any
 *     free port. Default {@code 127.0.0.1:2025}
 * @param hostname {@code hostname}: the name in the greeting, in other replies and in {@code Received}. Default: the
 *     name of this machine
 * @param banner {@code banner}: what follows the host name in the greeting. Default {@code ESMTP Kumo}
 * @param clientTimeout {@code client_timeout}: how long the client may send nothing before it is told {@code 421} and
 *     the connection is closed. Default 1 minute
 * @param deferredSpool {@code deferred_spool}: whether a message is told {@code 250} before it is written, and then stays in
 *     memory until an attempt has failed or it has to wait. <strong>If the process or the machine dies before that, the
 *     message is lost</strong>, and neither its sender nor anybody else hears of it. It saves the disk the work for all mail
 *     that is delivered at once. Without a spool on disk it changes nothing. Default false
 * @param relayHosts {@code relay_hosts}: who may relay to any domain that has no entry in {@code domains}. Default
 *     {@code 127.0.0.1} and {@code ::1}
 * @param domains {@code domains}: what may be done for single domains and for all below one. Default: no entries
 * @param maxMessagesPerConnection {@code max_messages_per_connection}: how many MAIL commands a connection may bring;
 *     further ones are answered {@code 451}. Default 10000
 * @param maxRecipientsPerMessage {@code max_recipients_per_message}: how many recipients a transaction may have;
 *     further ones are answered {@code 452}. Default 1024
 * @param traceHeaders {@code trace_headers}: which headers are added to each message. Default: both
 * @param maxMessageSize {@code max_message_size}: largest message in bytes, advertised (RFC 1870) and enforced while it
 *     is read. Default 20971520
 * @param lineLengthHardLimit {@code line_length_hard_limit}: longest line in octets without CRLF, of commands and of
 *     content. Default 998 (RFC 5322 section 2.1.1)
 * @param invalidLineEndings {@code invalid_line_endings}: what becomes of content with a CR or LF of its own. Default
 *     {@code Deny}
 * @param maxConnections {@code max_connections}: how many clients may be connected at once; further ones are told
 *     {@code 421}. Default 32768
 * @param tlsCertificate {@code tls_certificate}: the server's certificate and its intermediates, PEM. Default, without a
 *     key either: a self-signed certificate made at start
 * @param tlsPrivateKey {@code tls_private_key}: the key that fits the certificate, PEM
 * @param tlsRequiredClientCa {@code tls_required_client_ca}: whose certificates clients must show. Default: clients are
 *     not asked
 * @param sni {@code sni}: identities for clients that ask for a name (RFC 6066 section 3). Default: none
 * @param implicitTls {@code implicit_tls}: whether connections begin with TLS, as on port 465 (RFC 8314), instead of
 *     being offered STARTTLS. Default false
 * @param limits {@code limits}: what a session may cost
 */
public record EsmtpListenerOptions(
        HostPort listen,
        String hostname,
        String banner,
        Duration clientTimeout,
        boolean deferredSpool,
        CidrSet relayHosts,
        DomainMap<DomainOptions> domains,
        int maxMessagesPerConnection,
        int maxRecipientsPerMessage,
        TraceHeaders traceHeaders,
        long maxMessageSize,
        int lineLengthHardLimit,
        InvalidLineEndings invalidLineEndings,
        int maxConnections,
        Optional<KeySource> tlsCertificate,
        Optional<KeySource> tlsPrivateKey,
        Optional<KeySource> tlsRequiredClientCa,
        Map<String, IdentitySource> sni,
        boolean implicitTls,
        SessionLimits limits) {

    /**
     * Takes the documented keys, one setter each.
     *
     * @param <B> the builder itself, so that calls chain
     */
    public abstract static sealed class Builder<B extends Builder<B>> permits EsmtpListener.Builder {

        private HostPort listen = HostPort.parse("127.0.0.1:2025");
        private @Nullable String hostname;
        private String banner = "ESMTP Kumo";
        private Duration clientTimeout = Duration.ofMinutes(1);
        private boolean deferredSpool;
        private CidrSet relayHosts = CidrSet.of("127.0.0.1", "::1");
        private final DomainMap.Builder<DomainOptions> domains = DomainMap.builder();
        private int maxMessagesPerConnection = 10_000;
        private int maxRecipientsPerMessage = 1024;
        private TraceHeaders traceHeaders = TraceHeaders.builder().build();
        private long maxMessageSize = 20L * 1024 * 1024;
        private int lineLengthHardLimit = 998;
        private InvalidLineEndings invalidLineEndings = InvalidLineEndings.DENY;
        private int maxConnections = 32_768;
        private @Nullable KeySource tlsCertificate;
        private @Nullable KeySource tlsPrivateKey;
        private @Nullable KeySource tlsRequiredClientCa;
        private final Map<String, IdentitySource> sni = new LinkedHashMap<>();
        private boolean implicitTls;
        private SessionLimits limits = SessionLimits.builder().build();

        Builder() {}

        abstract B self();

        /**
         * Key {@code listen}.
         *
         * @param address such as {@code 0.0.0.0:25} or {@code [::]:25}; port 0 takes any free one
         * @return this
         * @throws IllegalArgumentException if it is not an address and a port
         */
        public B listen(String address) {
            listen = HostPort.parse(address);
            return self();
        }

        /**
         * Key {@code hostname}.
         *
         * @param name the name in the greeting, other replies and {@code Received}: a domain name in ASCII, or an address
         *     literal
         * @return this
         * @throws IllegalArgumentException if it is neither
         */
        public B hostname(String name) {
            hostname = Hostname.required(name);
            return self();
        }

        /**
         * Key {@code banner}.
         *
         * @param text what follows the host name in the greeting; leave the host name out
         * @return this
         * @throws IllegalArgumentException if it is too long for a reply, or holds control characters
         */
        public B banner(String text) {
            Replies.greeting("", text);
            banner = text;
            return self();
        }

        /**
         * Key {@code client_timeout}.
         *
         * @param time longer than zero
         * @return this
         * @throws IllegalArgumentException if it is not
         */
        public B clientTimeout(Duration time) {
            clientTimeout = SessionLimits.positive(time);
            return self();
        }

        /**
         * Key {@code deferred_spool}. Danger: a message that was told {@code 250} is lost if the process or the machine dies
         * before it was delivered or an attempt has failed; nobody hears of it.
         *
         * @param deferred true to keep messages in memory at first
         * @return this
         */
        public B deferredSpool(boolean deferred) {
            deferredSpool = deferred;
            return self();
        }

        /**
         * An entry of the key {@code domains}.
         *
         * @param name a domain, {@code *.} and a domain for all below it, or {@code *} for all
         * @param entry sets what may be done
         * @return this
         * @throws IllegalArgumentException if it is no domain or has an entry already
         */
        public B domain(String name, Consumer<DomainOptions.Builder> entry) {
            DomainOptions.Builder options = DomainOptions.builder();
            entry.accept(options);
            domains.put(name, options.build());
            return self();
        }

        /**
         * Key {@code relay_hosts}; takes the place of the default.
         *
         * @param hosts IP literals and CIDR blocks; none at all if nobody may relay by address
         * @return this
         * @throws IllegalArgumentException if one is neither
         */
        public B relayHosts(String... hosts) {
            relayHosts = CidrSet.of(hosts);
            return self();
        }

        /**
         * Key {@code max_messages_per_connection}.
         *
         * @param count at least 1
         * @return this
         * @throws IllegalArgumentException if it is less
         */
        public B maxMessagesPerConnection(int count) {
            maxMessagesPerConnection = SessionLimits.atLeastOne(count);
            return self();
        }

        /**
         * Key {@code max_recipients_per_message}.
         *
         * @param count at least 1; RFC 5321 section 4.5.3.1.8 asks for 100
         * @return this
         * @throws IllegalArgumentException if it is less than 1
         */
        public B maxRecipientsPerMessage(int count) {
            maxRecipientsPerMessage = SessionLimits.atLeastOne(count);
            return self();
        }

        /**
         * Key {@code trace_headers}.
         *
         * @param headers changes the defaults
         * @return this
         */
        public B traceHeaders(Consumer<TraceHeaders.Builder> headers) {
            TraceHeaders.Builder builder = TraceHeaders.builder();
            headers.accept(builder);
            traceHeaders = builder.build();
            return self();
        }

        /**
         * Key {@code max_message_size}.
         *
         * @param bytes at least 1; RFC 5321 section 4.5.3.1.7 asks for 64 KiB
         * @return this
         * @throws IllegalArgumentException if it is less than 1
         */
        public B maxMessageSize(long bytes) {
            maxMessageSize = SessionLimits.atLeastOne(bytes);
            return self();
        }

        /**
         * Key {@code line_length_hard_limit}.
         *
         * @param octets at least 510, which RFC 5321 section 4.5.3.1.4 grants every command
         * @return this
         * @throws IllegalArgumentException if it is less
         */
        public B lineLengthHardLimit(int octets) {
            if (octets < 510) {
                throw new IllegalArgumentException("must be at least 510 (RFC 5321 section 4.5.3.1.4), not " + octets);
            }
            lineLengthHardLimit = octets;
            return self();
        }

        /**
         * Key {@code invalid_line_endings}.
         *
         * @param handling of a CR or LF of its own in content
         * @return this
         */
        public B invalidLineEndings(InvalidLineEndings handling) {
            invalidLineEndings = handling;
            return self();
        }

        /**
         * Key {@code max_connections}.
         *
         * @param count at least 1
         * @return this
         * @throws IllegalArgumentException if it is less
         */
        public B maxConnections(int count) {
            maxConnections = SessionLimits.atLeastOne(count);
            return self();
        }

        /**
         * Key {@code tls_certificate} as a path.
         *
         * @param path the PEM file of the server's certificate and its intermediates
         * @return this
         */
        public B tlsCertificate(String path) {
            tlsCertificate = KeySource.file(path);
            return self();
        }

        /**
         * Key {@code tls_certificate} as a table: inline, or in HashiCorp Vault.
         *
         * @param table sets {@code key_data}, or {@code vault_mount} and {@code vault_path}
         * @return this
         * @throws IllegalArgumentException if neither or both are set
         */
        public B tlsCertificate(Consumer<KeySource.Builder> table) {
            tlsCertificate = KeySource.of(table);
            return self();
        }

        /**
         * Key {@code tls_private_key} as a path.
         *
         * @param path the PEM file of the key that fits the certificate
         * @return this
         */
        public B tlsPrivateKey(String path) {
            tlsPrivateKey = KeySource.file(path);
            return self();
        }

        /**
         * Key {@code tls_private_key} as a table: inline, or in HashiCorp Vault.
         *
         * @param table sets {@code key_data}, or {@code vault_mount} and {@code vault_path}
         * @return this
         * @throws IllegalArgumentException if neither or both are set
         */
        public B tlsPrivateKey(Consumer<KeySource.Builder> table) {
            tlsPrivateKey = KeySource.of(table);
            return self();
        }

        /**
         * Key {@code tls_required_client_ca} as a path.
         *
         * @param path the PEM file of the authorities whose certificates clients must show
         * @return this
         */
        public B tlsRequiredClientCa(String path) {
            tlsRequiredClientCa = KeySource.file(path);
            return self();
        }

        /**
         * Key {@code tls_required_client_ca} as a table: inline, or in HashiCorp Vault.
         *
         * @param table sets {@code key_data}, or {@code vault_mount} and {@code vault_path}
         * @return this
         * @throws IllegalArgumentException if neither or both are set
         */
        public B tlsRequiredClientCa(Consumer<KeySource.Builder> table) {
            tlsRequiredClientCa = KeySource.of(table);
            return self();
        }

        /**
         * An entry of the key {@code sni}: an identity for clients that ask for a name.
         *
         * @param name a host name, or {@code *.} and a domain for each host directly in it
         * @param identity sets certificate and key
         * @return this
         * @throws IllegalArgumentException if a part is missing, or the name has an identity already
         */
        public B sni(String name, Consumer<NamedIdentity.Builder> identity) {
            if (sni.putIfAbsent(name, NamedIdentity.of(identity)) != null) {
                throw new IllegalArgumentException("'" + name + "' has an identity already");
            }
            return self();
        }

        /**
         * Key {@code implicit_tls}.
         *
         * @param implicit true for a port such as 465, where connections begin with TLS
         * @return this
         */
        public B implicitTls(boolean implicit) {
            implicitTls = implicit;
            return self();
        }

        /**
         * Key {@code limits}: what a session may cost.
         *
         * @param changes changes the limits set so far
         * @return this
         */
        public B limits(Consumer<SessionLimits.Builder> changes) {
            SessionLimits.Builder builder = limits.toBuilder();
            changes.accept(builder);
            limits = builder.build();
            return self();
        }

        EsmtpListenerOptions options() {
            String name = hostname == null ? Hostname.local() : hostname;
            Replies.greeting(name, banner); // fits together, or fails here and not at the first client
            return new EsmtpListenerOptions(
                    listen,
                    name,
                    banner,
                    clientTimeout,
                    deferredSpool,
                    relayHosts,
                    domains.build(),
                    maxMessagesPerConnection,
                    maxRecipientsPerMessage,
                    traceHeaders,
                    maxMessageSize,
                    lineLengthHardLimit,
                    invalidLineEndings,
                    maxConnections,
                    Optional.ofNullable(tlsCertificate),
                    Optional.ofNullable(tlsPrivateKey),
                    Optional.ofNullable(tlsRequiredClientCa),
                    Collections.unmodifiableMap(new LinkedHashMap<>(sni)),
                    implicitTls,
                    limits);
        }
    }
}
