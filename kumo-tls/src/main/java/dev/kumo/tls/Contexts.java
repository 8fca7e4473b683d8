package dev.kumo.tls;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What new handshakes are made with: an identity and its context for each name. Immutable. */
final class Contexts {

    /** The name of the identity for clients that ask for none of the others. */
    static final String FALLBACK = "";

    private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2"); // RFC 8996 ended the others

    /** Authenticated encryption and forward secrecy only, RFC 9325 section 4.2. */
    private static final List<String> CIPHERS = List.of(
            "TLS_AES_256_GCM_SHA384",
            "TLS_AES_128_GCM_SHA256",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    /** An identity, and what shows it to clients. */
    record Secured(TlsIdentity identity, SslContext context) {}

    private final Map<String, Secured> byName;
    private final Secured fallback;

    Contexts(Map<String, Secured> byName) {
        this.byName = Map.copyOf(byName);
        this.fallback = Objects.requireNonNull(byName.get(FALLBACK));
    }

    /** Makes a context. Those that nobody uses any more are freed by the collector, once their last connection is gone. */
    static SslContext context(
            TlsIdentity identity,
            Authorities clientAuthorities,
            ServerTls.Provider provider,
            List<String> applicationProtocols)
            throws TlsException {
        SslProvider engine = nettyProvider(provider, identity);
        try {
            SslContextBuilder builder = SslContextBuilder.forServer(
                            identity.key(), identity.chain().toArray(X509Certificate[]::new))
                    .sslProvider(engine)
                    .protocols(PROTOCOLS)
                    .ciphers(CIPHERS, SupportedCipherSuiteFilter.INSTANCE);
            if (!applicationProtocols.isEmpty()) {
                builder.applicationProtocolConfig(new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        applicationProtocols));
            }
            if (clientAuthorities.areAsked()) {
                builder.clientAuth(ClientAuth.REQUIRE);
                if (clientAuthorities.valid().isEmpty()) {
                    builder.trustManager(new NobodyTrusted());
                } else {
                    builder.trustManager(clientAuthorities.valid().toArray(X509Certificate[]::new));
                }
            }
            return builder.build();
        } catch (SSLException | RuntimeException e) {
            throw new TlsException("TLS cannot be set up with " + identity + ": " + e.getMessage(), e);
        }
    }

    /** Netty offers OpenSSL no keys but RSA and EC, so those of another kind are the JDK's. */
    private static SslProvider nettyProvider(ServerTls.Provider provider, TlsIdentity identity) throws TlsException {
        String kind = identity.key().getAlgorithm();
        boolean known = kind.equals("RSA") || kind.equals("EC");
        if (provider == ServerTls.Provider.OPENSSL && !known) {
            throw new TlsException(
                    "OpenSSL cannot be used with an Ed25519 key (" + identity + "); choose the provider AUTO or JDK");
        }
        return provider != ServerTls.Provider.JDK && known && OpenSsl.isAvailable()
                ? SslProvider.OPENSSL
                : SslProvider.JDK;
    }

    @Nullable Secured of(String name) {
        return byName.get(name);
    }

    /** Whether there is a choice at all. */
    boolean isOne() {
        return byName.size() == 1;
    }

    SslContext fallback() {
        return fallback.context();
    }

    /** The context for the name that a client asks for; null if it asks for none (RFC 6066 section 3). */
    SslContext choose(@Nullable String name) {
        if (name == null) {
            return fallback();
        }
        String normal = ServerName.normalize(name);
        Secured found = normal.isEmpty() ? null : byName.get(normal);
        if (found == null && normal.indexOf('.') > 0) {
            // A wildcard stands for one label, RFC 9525 section 6.3.
            found = byName.get("*" + normal.substring(normal.indexOf('.')));
        }
        return found == null ? fallback() : found.context();
    }

    Map<String, TlsIdentity> identities() {
        Map<String, TlsIdentity> identities = new LinkedHashMap<>();
        byName.forEach((name, secured) -> identities.put(name, secured.identity()));
        return Collections.unmodifiableMap(identities);
    }
}
