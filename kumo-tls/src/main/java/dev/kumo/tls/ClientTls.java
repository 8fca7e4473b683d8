package dev.kumo.tls;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The TLS of a client: TLS 1.2 and 1.3 by the JDK, with the certificate of the far side verified or not.
 *
 * <p>To verify is to follow the chain to an authority that is trusted (RFC 5280), and to find the name of the host among
 * those of the certificate (RFC 6125, RFC 8314 section 3): for a host that was named by its address, that address. Trusted
 * are the authorities of the JDK, and those added here. May be used by any number of threads at once.
 *
 * <pre>{@code
 * SSLSocket secured = ClientTls.system().secure(socket, "mx.example.com", true);
 * secured.startHandshake();
 * }</pre>
 */
public final class ClientTls {

    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"}; // RFC 8996 ended the others

    private final @Nullable IdentitySource identity;
    private final @Nullable KeySource authorities;
    private final boolean systemAuthorities;
    private final InstantSource time;
    private volatile Contexts contexts;

    private record Contexts(SSLContext verifying, SSLContext trusting) {}

    private ClientTls(Builder builder) throws TlsException {
        this.identity = builder.identity;
        this.authorities = builder.authorities;
        this.systemAuthorities = builder.systemAuthorities;
        this.time = builder.time;
        this.contexts = read();
    }

    /**
     * What the JDK trusts, and no certificate of our own.
     *
     * @return ready for use
     */
    public static ClientTls system() {
        try {
            return builder().build();
        } catch (TlsException e) {
            throw new IllegalStateException("this JDK has no TLS", e);
        }
    }

    /**
     * What the JDK trusts, and no certificate of our own, to be changed.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Reads the sources again. This may block as {@link KeySource#read} does.
     *
     * @throws TlsException if one cannot be had or used; the old ones stay in use
     */
    public void reload() throws TlsException {
        contexts = read();
    }

    /**
     * Puts TLS upon a connection that stands. The handshake is the caller's, {@link SSLSocket#startHandshake()}: it fails
     * where a certificate is to be verified and does not. Closing what is returned closes the connection.
     *
     * @param connection connected, with nothing left to be read in clear
     * @param host the name of the far side, or its address, as it was asked for: what is verified, and, if a name, sent
     *     as SNI (RFC 6066 section 3)
     * @param verify whether the certificate of the far side has to be a good one
     * @return not yet shaken hands
     * @throws IOException if the connection has gone
     */
    public SSLSocket secure(Socket connection, String host, boolean verify) throws IOException {
        Contexts now = contexts;
        SSLContext context = verify ? now.verifying : now.trusting;
        String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        SSLSocket socket =
                (SSLSocket) context.getSocketFactory().createSocket(connection, name, connection.getPort(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setProtocols(PROTOCOLS);
        parameters.setServerNames(isName(name) ? List.of(new SNIHostName(name)) : List.of());
        if (verify) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS"); // the JDK's word for RFC 6125
        }
        socket.setSSLParameters(parameters);
        return socket;
    }

    private static boolean isName(String host) {
        try {
            new SNIHostName(host);
        } catch (IllegalArgumentException notAscii) {
            return false;
        }
        // The last label of a name is no number, RFC 1123 section 2.1.
        return host.indexOf(':') < 0
                && host.substring(host.lastIndexOf('.') + 1)
                        .toLowerCase(Locale.ROOT)
                        .chars()
                        .anyMatch(c -> c >= 'a');
    }

    private Contexts read() throws TlsException {
        KeyManager[] shown = keyManagers();
        return new Contexts(context(shown, trustManagers()), context(shown, new TrustManager[] {new AnyCertificate()}));
    }

    private static SSLContext context(KeyManager @Nullable [] shown, TrustManager[] trusted) throws TlsException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(shown, trusted, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new TlsException("TLS cannot be set up: " + e.getMessage(), e);
        }
    }

    private KeyManager @Nullable [] keyManagers() throws TlsException {
        if (identity == null) {
            return null;
        }
        TlsIdentity own = identity.load(time);
        try {
            char[] password = new char[0];
            KeyStore store = emptyStore();
            store.setKeyEntry("own", own.key(), password, own.chain().toArray(X509Certificate[]::new));
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(store, password);
            return factory.getKeyManagers();
        } catch (GeneralSecurityException | IOException e) {
            throw new TlsException("TLS cannot be set up with " + own + ": " + e.getMessage(), e);
        }
    }

    private TrustManager[] trustManagers() throws TlsException {
        if (authorities == null) {
            return trust(null, "what the JDK trusts");
        }
        List<X509Certificate> added = Pem.certificates(authorities.read(), authorities.describe());
        try {
            KeyStore store = emptyStore();
            for (X509Certificate certificate : added) {
                store.setCertificateEntry("ca" + store.size(), certificate);
            }
            if (systemAuthorities) {
                for (TrustManager system : trust(null, "what the JDK trusts")) {
                    for (X509Certificate certificate : ((X509TrustManager) system).getAcceptedIssuers()) {
                        store.setCertificateEntry("ca" + store.size(), certificate);
                    }
                }
            }
            return trust(store, authorities.describe());
        } catch (GeneralSecurityException | IOException e) {
            throw new TlsException(authorities.describe() + " cannot be trusted by: " + e.getMessage(), e);
        }
    }

    private static TrustManager[] trust(@Nullable KeyStore store, String what) throws TlsException {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            return factory.getTrustManagers();
        } catch (GeneralSecurityException e) {
            throw new TlsException(what + " cannot be used: " + e.getMessage(), e);
        }
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    /** Makes a {@link ClientTls}. */
    public static final class Builder {

        private @Nullable IdentitySource identity;
        private @Nullable KeySource authorities;
        private boolean systemAuthorities = true;
        private InstantSource time = InstantSource.system();

        private Builder() {}

        /**
         * What is shown to servers that ask for a certificate. Default none.
         *
         * @param source a chain of certificates and its key
         * @return this
         */
        public Builder identity(IdentitySource source) {
            identity = source;
            return this;
        }

        /**
         * Authorities that are trusted beside those of the JDK: private ones, or those of a test.
         *
         * @param source PEM of one or more
         * @return this
         */
        public Builder trust(KeySource source) {
            authorities = source;
            systemAuthorities = true;
            return this;
        }

        /**
         * The only authorities that are trusted.
         *
         * @param source PEM of one or more
         * @return this
         */
        public Builder trustOnly(KeySource source) {
            authorities = source;
            systemAuthorities = false;
            return this;
        }

        /**
         * What time it is, for the dates of our own certificate.
         *
         * @param time default the system's clock
         * @return this
         */
        public Builder time(InstantSource time) {
            this.time = time;
            return this;
        }

        /**
         * Reads the sources and makes it. This may block as {@link KeySource#read} does.
         *
         * @return ready for use
         * @throws TlsException if a source cannot be had or used
         */
        public ClientTls build() throws TlsException {
            return new ClientTls(this);
        }
    }
}
