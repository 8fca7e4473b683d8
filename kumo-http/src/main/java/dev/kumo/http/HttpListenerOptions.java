package dev.kumo.http;

import dev.kumo.core.listen.Hostname;
import dev.kumo.core.net.CidrSet;
import dev.kumo.core.net.HostPort;
import dev.kumo.tls.KeySource;
import dev.kumo.tls.ServerTls;
import io.netty.handler.ssl.ApplicationProtocolNames;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How an HTTP listener behaves: one component per documented key of {@code start_http_listener}.
 *
 * @param listen {@code listen}: the address and port to bind; {@code 0.0.0.0:80} binds all IPv4 addresses, port 0 any
 *     free port. Default {@code 127.0.0.1:8000}
 * @param hostname {@code hostname}: the name in a self-signed certificate, and in {@code Received} and
 *     {@code Message-ID} of what is injected. Default: the name of this machine
 * @param useTls {@code use_tls}: whether clients must use https. Default false
 * @param tlsCertificate {@code tls_certificate}: with {@code use_tls}, the server's certificate and its intermediates,
 *     PEM. Default, without a key either: a self-signed certificate made at start
 * @param tlsPrivateKey {@code tls_private_key}: the key that fits the certificate, PEM
 * @param trustedHosts {@code trusted_hosts}: who may use the service without credentials. Only the address of the
 *     connection counts, so that a proxy on one of them, this machine included, lets in whomever it serves: leave its
 *     address out, or let it ask for credentials. Others are answered {@code 401} where credentials would help, and
 *     {@code 403} where none would. From a browser, {@code Host} has to be an address, {@code localhost} or {@code
 *     hostname}, or the answer is {@code 421}: any other name may be a stranger's that leads here. From this machine
 *     programs have to ask so too for what is for trusted hosts alone, such as {@code /metrics} and {@code /api/admin}:
 *     a proxy that passes on its public name reaches them only if that is {@code hostname}. Default {@code 127.0.0.1}
 *     and {@code ::1}
 * @param requestBodyLimit {@code request_body_limit}: the largest body of a request in bytes, counted after it was
 *     decompressed; a larger one is answered {@code 413}. Default 2097152
 * @param limits {@code limits}: what a client may cost
 */
public record HttpListenerOptions(
        HostPort listen,
        String hostname,
        boolean useTls,
        Optional<KeySource> tlsCertificate,
        Optional<KeySource> tlsPrivateKey,
        CidrSet trustedHosts,
        int requestBodyLimit,
        HttpLimits limits) {

    ServerTls serverTls(Consumer<ServerTls.Builder> changes) {
        ServerTls.Builder tls = ServerTls.builder()
                .hostname(hostname)
                .applicationProtocols(ApplicationProtocolNames.HTTP_2, ApplicationProtocolNames.HTTP_1_1);
        tlsCertificate.ifPresent(tls::certificate);
        tlsPrivateKey.ifPresent(tls::privateKey);
        changes.accept(tls);
        return tls.build();
    }

    /**
     * Takes the documented keys, one setter each.
     *
     * @param <B> the builder itself, so that calls chain
     */
    public abstract static sealed class Builder<B extends Builder<B>> permits HttpListener.Builder {

        private static final int LARGEST_BODY = 1 << 30;

        private HostPort listen = HostPort.parse("127.0.0.1:8000");
        private @Nullable String hostname;
        private boolean useTls;
        private @Nullable KeySource tlsCertificate;
        private @Nullable KeySource tlsPrivateKey;
        private CidrSet trustedHosts = CidrSet.of("127.0.0.1", "::1");
        private int requestBodyLimit = 2 * 1024 * 1024;
        private final HttpLimits.Builder limits = HttpLimits.builder();

        Builder() {}

        abstract B self();

        /**
         * Key {@code listen}.
         *
         * @param address such as {@code 0.0.0.0:80} or {@code [::]:80}; port 0 takes any free one
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
         * @param name a domain name in ASCII, or an address literal
         * @return this
         * @throws IllegalArgumentException if it is neither
         */
        public B hostname(String name) {
            hostname = Hostname.required(name);
            return self();
        }

        /**
         * Key {@code use_tls}.
         *
         * @param tls true for https alone
         * @return this
         */
        public B useTls(boolean tls) {
            useTls = tls;
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
         * Key {@code trusted_hosts}; takes the place of the default.
         *
         * @param hosts IP literals and CIDR blocks; none at all if everybody needs credentials
         * @return this
         * @throws IllegalArgumentException if one is neither; the message names all that are not
         */
        public B trustedHosts(List<String> hosts) {
            trustedHosts = CidrSet.of(hosts);
            return self();
        }

        /**
         * Key {@code trusted_hosts}; takes the place of the default.
         *
         * @param hosts IP literals and CIDR blocks; none at all if everybody needs credentials
         * @return this
         * @throws IllegalArgumentException if one is neither; the message names all that are not
         */
        public B trustedHosts(String... hosts) {
            return trustedHosts(List.of(hosts));
        }

        /**
         * Key {@code request_body_limit}.
         *
         * @param bytes 1 to 1073741824
         * @return this
         * @throws IllegalArgumentException if it is another
         */
        public B requestBodyLimit(int bytes) {
            if (bytes < 1 || bytes > LARGEST_BODY) {
                throw new IllegalArgumentException("must be 1 to " + LARGEST_BODY + " bytes, not " + bytes);
            }
            requestBodyLimit = bytes;
            return self();
        }

        /**
         * Key {@code limits}: what a client may cost.
         *
         * @param changes changes the limits set so far
         * @return this
         */
        public B limits(Consumer<HttpLimits.Builder> changes) {
            changes.accept(limits);
            return self();
        }

        HttpListenerOptions options() {
            return new HttpListenerOptions(
                    listen,
                    hostname == null ? Hostname.local() : hostname,
                    useTls,
                    Optional.ofNullable(tlsCertificate),
                    Optional.ofNullable(tlsPrivateKey),
                    trustedHosts,
                    requestBodyLimit,
                    limits.build());
        }
    }
}
