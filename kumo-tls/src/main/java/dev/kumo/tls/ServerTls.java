package dev.kumo.tls;

import dev.kumo.tls.KeySource.Kind;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslHandler;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The TLS of a listener: TLS 1.2 and 1.3, with identities that may change while mail flows.
 *
 * <p>Files are looked at twice in a second and Vault once in five minutes, and a supplier at {@link #reload}. What has
 * changed and is good is used by the handshakes that begin from then on; connections that stand are left alone. What is not
 * good is refused and logged, and the old identity of that name stays in use; it holds back no other.
 *
 * <pre>{@code
 * ServerTls tls = ServerTls.builder()
 *         .certificate(KeySource.file("/etc/mail/cert.pem"))
 *         .privateKey(KeySource.file("/etc/mail/key.pem"))
 *         .build();
 * tls.open();
 * channel.pipeline().addFirst(tls.handlerFor(channel, Duration.ofMinutes(1)));
 * }</pre>
 */
public final class ServerTls implements AutoCloseable {

    /** What does the work of TLS. */
    public enum Provider {
        /**
         * OpenSSL (BoringSSL) where its library fits this machine, else, and for Ed25519 keys, the JDK. On the module path
         * the library is found with {@code --add-modules ALL-MODULE-PATH}.
         */
        AUTO,
        /** OpenSSL (BoringSSL), which does twice the handshakes of the JDK. Its keys are RSA and EC. */
        OPENSSL,
        /** The JDK. */
        JDK
    }

    private final Loader loader;
    private final @Nullable ScheduledExecutorService scheduler;
    private final Duration fileInterval;
    private final Duration vaultInterval;
    private @Nullable ScheduledExecutorService ownThread;
    private @Nullable Watch watch;
    private boolean opened;

    private ServerTls(Builder builder) {
        this.loader = new Loader(
                builder.identities(),
                builder.requiredClientCa,
                builder.provider,
                builder.applicationProtocols,
                builder.time);
        this.scheduler = builder.scheduler;
        this.fileInterval = builder.fileInterval;
        this.vaultInterval = builder.vaultInterval;
    }

    /**
     * A self-signed identity for {@code localhost}, to be changed.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Reads all sources, and watches them from now on. This may block as {@link KeySource#read} does.
     *
     * @throws TlsException if one cannot be had or used; nothing is watched then
     * @throws IllegalStateException if it was open before
     */
    public synchronized void open() throws TlsException {
        if (opened) {
            throw new IllegalStateException("TLS is opened once; build another one");
        }
        opened = true;
        loader.load(EnumSet.allOf(Kind.class));
        ScheduledExecutorService threads = scheduler;
        if (threads == null) {
            threads = Executors.newScheduledThreadPool(2, ServerTls::daemon);
            ownThread = threads;
        }
        watch = Watch.start(loader, threads, fileInterval, vaultInterval);
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "kumo-tls");
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Reads all sources again, suppliers included. This may block as {@link KeySource#read} does: never call it on an
     * event loop.
     *
     * @return whether something has changed; if so, handshakes that begin from now on use it
     * @throws TlsException if one cannot be had or used; it is logged as well, and its old one stays in use; the others are used
     * @throws IllegalStateException if it is not open
     */
    public boolean reload() throws TlsException {
        requireOpen();
        try {
            return loader.load(EnumSet.allOf(Kind.class));
        } catch (TlsException e) {
            Watch.refused(e);
            throw e;
        }
    }

    /**
     * Makes the handler that turns a connection to TLS. Add it in front of all others, and for STARTTLS after
     * the {@code 220} was written and what the client sent ahead was thrown away (RFC 3207 section 4.2). It fires
     * Netty's {@code SslHandshakeCompletionEvent}; on success, {@link TlsSession#of(Channel)} has the facts. A failed or
     * late handshake closes the connection.
     *
     * @param channel the connection it is for
     * @param handshakeTimeout the longest time for a handshake, longer than zero
     * @return an {@code SslHandler}, or if there are names to choose from one that puts an {@code SslHandler} in its own
     *     place; for this connection only
     * @throws IllegalStateException if it is not open
     */
    public ChannelHandler handlerFor(Channel channel, Duration handshakeTimeout) {
        Contexts contexts = contexts();
        if (!contexts.isOne()) {
            return new NameHandler(contexts, handshakeTimeout);
        }
        SslHandler handler = contexts.fallback().newHandler(channel.alloc());
        handler.setHandshakeTimeoutMillis(TimeUnit.MILLISECONDS.convert(handshakeTimeout));
        return handler;
    }

    /**
     * The identities that handshakes use now.
     *
     * @return by the name under which each was given; that of the default is empty; immutable
     * @throws IllegalStateException if it is not open
     */
    public Map<String, TlsIdentity> identities() {
        return contexts().identities();
    }

    private synchronized void requireOpen() {
        if (watch == null) {
            throw new IllegalStateException("TLS is not open");
        }
    }

    private Contexts contexts() {
        Contexts contexts = loader.current();
        if (contexts == null) {
            throw new IllegalStateException("TLS is not open");
        }
        return contexts;
    }

    /** Watches no more. Connections that stand are left alone. */
    @Override
    public synchronized void close() {
        if (watch != null) {
            watch.close();
            watch = null;
        }
        if (ownThread != null) {
            ownThread.shutdownNow();
            ownThread = null;
        }
    }

    /** Makes a {@link ServerTls}. */
    public static final class Builder {

        private String hostname = "localhost";
        private @Nullable KeySource certificate;
        private @Nullable KeySource privateKey;
        private @Nullable Supplier<char[]> privateKeyPassword;
        private @Nullable IdentitySource fallback;
        private final Map<String, IdentitySource> named = new LinkedHashMap<>();
        private @Nullable KeySource requiredClientCa;
        private Provider provider = Provider.AUTO;
        private List<String> applicationProtocols = List.of();
        private Duration fileInterval = Duration.ofMillis(500);
        private Duration vaultInterval = Duration.ofMinutes(5);
        private InstantSource time = InstantSource.system();
        private @Nullable ScheduledExecutorService scheduler;

        private Builder() {}

        /**
         * Whom a self-signed certificate is for.
         *
         * @param name a host name or an IP address; default {@code localhost}
         * @return this
         */
        public Builder hostname(String name) {
            hostname = name;
            return this;
        }

        /**
         * The chain of certificates of the default identity. Default, without a private key either, a self-signed one.
         *
         * @param source PEM: the server's certificate and its intermediates
         * @return this
         */
        public Builder certificate(KeySource source) {
            certificate = source;
            return this;
        }

        /**
         * The private key of the default identity.
         *
         * @param source PEM
         * @return this
         */
        public Builder privateKey(KeySource source) {
            privateKey = source;
            return this;
        }

        /**
         * The password of that key, if it is encrypted.
         *
         * @param password gives the password each time it is read, as a copy that is wiped afterwards
         * @return this
         */
        public Builder privateKeyPassword(Supplier<char[]> password) {
            privateKeyPassword = password;
            return this;
        }

        /**
         * The default identity, in place of certificate and key: for clients that ask for no name, or for one that no other
         * identity has.
         *
         * @param source where it comes from
         * @return this
         */
        public Builder identity(IdentitySource source) {
            fallback = source;
            return this;
        }

        /**
         * An identity for clients that ask for a name (SNI, RFC 6066 section 3).
         *
         * @param name a host name, or {@code *.} and a domain for each host directly in it; an exact name goes first
         * @param source where it comes from
         * @return this
         * @throws IllegalArgumentException if it is no such name, or has an identity already
         */
        public Builder identity(String name, IdentitySource source) {
            if (named.putIfAbsent(ServerName.served(name), source) != null) {
                throw new IllegalArgumentException("'" + name + "' has a TLS identity already");
            }
            return this;
        }

        /**
         * Whose clients may connect. With this, a client must show a certificate that one of these authorities issued; it
         * has to send the intermediates. Default none: clients are not asked.
         *
         * @param source PEM of one authority or more
         * @return this
         */
        public Builder requiredClientCa(KeySource source) {
            requiredClientCa = source;
            return this;
        }

        /**
         * What does the work.
         *
         * @param provider default {@link Provider#AUTO}
         * @return this
         * @throws IllegalArgumentException if it cannot be had on this machine
         */
        public Builder provider(Provider provider) {
            if (provider == Provider.OPENSSL && !OpenSsl.isAvailable()) {
                throw new IllegalArgumentException(
                        "OpenSSL is not available: put netty-tcnative-boringssl-static for this machine on the path, or"
                                + " choose AUTO or JDK",
                        OpenSsl.unavailabilityCause());
            }
            this.provider = provider;
            return this;
        }

        /**
         * What is spoken over TLS, for clients that ask (ALPN, RFC 7301). {@code SslHandler.applicationProtocol()} tells what
         * was agreed upon, and is null if there was no agreement.
         *
         * @param names as registered, such as {@code h2} and {@code http/1.1}, the preferred one first; default none:
         *     clients are not answered
         * @return this
         */
        public Builder applicationProtocols(String... names) {
            applicationProtocols = List.of(names);
            return this;
        }

        /**
         * How often files are looked at.
         *
         * @param interval default half a second, so that a new certificate is in use within a second
         * @return this
         * @throws IllegalArgumentException if it is not longer than zero
         */
        public Builder fileInterval(Duration interval) {
            fileInterval = positive(interval);
            return this;
        }

        /**
         * How often Vault is asked.
         *
         * @param interval default 5 minutes
         * @return this
         * @throws IllegalArgumentException if it is not longer than zero
         */
        public Builder vaultInterval(Duration interval) {
            vaultInterval = positive(interval);
            return this;
        }

        private static Duration positive(Duration interval) {
            if (interval.isNegative() || interval.isZero()) {
                throw new IllegalArgumentException("must be longer than zero, not " + interval);
            }
            return interval;
        }

        /**
         * What time it is, for the dates of certificates.
         *
         * @param time default the system's clock
         * @return this
         */
        public Builder time(InstantSource time) {
            this.time = time;
            return this;
        }

        /**
         * Where sources are looked at, which may block.
         *
         * @param scheduler not shut down here; default threads of our own
         * @return this
         */
        public Builder scheduler(ScheduledExecutorService scheduler) {
            this.scheduler = scheduler;
            return this;
        }

        private Map<String, IdentitySource> identities() {
            Map<String, IdentitySource> all = new LinkedHashMap<>(named);
            all.put(Contexts.FALLBACK, fallback());
            return all;
        }

        private IdentitySource fallback() {
            if (fallback != null) {
                if (certificate != null || privateKey != null) {
                    throw new IllegalArgumentException("there is both an identity and a certificate or key; keep one");
                }
                return fallback;
            }
            if (certificate == null && privateKey == null) {
                return IdentitySource.selfSigned(hostname);
            }
            if (privateKey == null) {
                throw missing("tls_certificate", certificate, "tls_private_key");
            }
            if (certificate == null) {
                throw missing("tls_private_key", privateKey, "tls_certificate");
            }
            return privateKeyPassword == null
                    ? IdentitySource.pem(certificate, privateKey)
                    : IdentitySource.pem(certificate, privateKey, privateKeyPassword);
        }

        private static IllegalArgumentException missing(String given, @Nullable KeySource source, String missing) {
            return new IllegalArgumentException(given + " is set (" + source + ") but " + missing + " is not; set "
                    + missing + " too, or neither for a self-signed certificate");
        }

        /**
         * Makes it; nothing is read yet.
         *
         * @return TLS to be opened
         * @throws IllegalArgumentException if there is a certificate without a key, or the reverse
         */
        public ServerTls build() {
            return new ServerTls(this);
        }
    }
}
