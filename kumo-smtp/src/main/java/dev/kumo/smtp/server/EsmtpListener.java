package dev.kumo.smtp.server;

import dev.kumo.core.Listener;
import dev.kumo.core.ListenerState;
import dev.kumo.core.Reception;
import dev.kumo.core.thread.WorkerThreads;
import dev.kumo.tls.ServerTls;
import dev.kumo.tls.TlsException;
import dev.kumo.tls.port.BoundPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A door for mail: a port that speaks ESMTP (RFC 5321).
 *
 * <p>A listener is opened once and closed once. Several live side by side in one process.
 *
 * <pre>{@code
 * EsmtpListener listener = EsmtpListener.builder()
 *         .listen("127.0.0.1:2525")
 *         .domain("example.com", domain -> domain.relayTo(true))
 *         .build();
 * listener.open(Reception.of(message -> Reply.OK));
 * }</pre>
 */
public final class EsmtpListener implements Listener {

    private static final Logger LOG = LoggerFactory.getLogger(EsmtpListener.class);

    /** On Java 17 as many steps can wait at once, for a policy or a database; further ones wait for a thread. */
    private static final int MOST_THREADS = 512;

    private final EsmtpListenerOptions options;
    private final Policies policies;
    private final @Nullable Executor executor;
    private final InstantSource time;
    private final RandomGenerator random;
    private final ServerTls tls;
    private @Nullable ExecutorService ownThreads;
    private volatile @Nullable BoundPort server;
    private boolean opened;

    private EsmtpListener(Builder builder) {
        this.options = builder.options();
        this.policies = new Policies(builder.policies);
        this.executor = builder.executor;
        this.time = builder.time;
        this.random = builder.random;
        this.tls = builder.tls();
    }

    /**
     * A listener with the documented defaults, to be changed.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * How this listener behaves.
     *
     * @return immutable
     */
    public EsmtpListenerOptions options() {
        return options;
    }

    @Override
    public synchronized void open(Reception reception) throws IOException {
        if (opened) {
            throw new IllegalStateException("a listener is opened once; build another one");
        }
        opened = true;
        if (options.limits().maxContentMemory() < options.maxMessageSize()) {
            LOG.warn(
                    "{} takes messages of up to max_message_size = {} bytes, but limits.max_content_memory = {} holds no such"
                            + " message; give it a larger heap, or lower max_message_size",
                    this,
                    options.maxMessageSize(),
                    options.limits().maxContentMemory());
        }
        if (options.deferredSpool()) {
            LOG.warn(
                    "{} has deferred_spool: messages that it has taken are lost if the process ends before they are delivered or"
                            + " written",
                    this);
        }
        Executor threads = executor;
        if (threads == null) {
            ownThreads = WorkerThreads.create("kumo-session", MOST_THREADS);
            threads = ownThreads;
        }
        try {
            tls.open();
            server = BoundPort.open(
                    options.listen(),
                    "kumo-smtp",
                    options.maxConnections(),
                    time,
                    new SmtpServer(context(reception, threads, tls)));
        } finally {
            if (server == null) {
                close();
            }
        }
    }

    /**
     * Where this listener can be reached.
     *
     * @return the bound address and port, the port chosen where {@code listen} asked for port 0
     * @throws IllegalStateException if it is not open
     */
    public synchronized InetSocketAddress address() {
        BoundPort open = server;
        if (open == null) {
            throw new IllegalStateException("the listener is not open");
        }
        return open.address();
    }

    @Override
    public ListenerState state(int links) {
        BoundPort open = server;
        return open == null
                ? new ListenerState("ESMTP", Optional.empty(), 0, List.of())
                : new ListenerState("ESMTP", Optional.of(open.address()), open.connections(), open.links(links));
    }

    /**
     * A session without a socket, answering as one of this listener would; for tests and for transports of your own.
     * The listener need not be open.
     *
     * @param client where the client is said to connect from
     * @param reception who takes the messages
     * @param executor where steps run that call user code
     * @return a session that has not greeted yet
     */
    public SmtpSession session(InetSocketAddress client, Reception reception, Executor executor) {
        InetSocketAddress local = new InetSocketAddress(
                InetAddress.getLoopbackAddress(), options.listen().port());
        return new SmtpSession(context(reception, executor, null), new Peer(client, local, options.hostname(), random));
    }

    /**
     * Reads certificates and keys again, suppliers included. Files and Vault are watched anyway. Connections that stand
     * are left alone.
     *
     * @return whether something has changed; if so, handshakes that begin from now on use it
     * @throws TlsException if one cannot be had or used; it is logged as well, and the old one stays in use
     * @throws IllegalStateException if the listener is not open
     */
    public boolean reloadTls() throws TlsException {
        return tls.reload();
    }

    private SessionContext context(Reception reception, Executor threads, @Nullable ServerTls offered) {
        return new SessionContext(options, policies, reception, threads, time, random, offered);
    }

    /**
     * Accepts no more clients, tells idle ones {@code 421}, lets running transactions finish within
     * {@link SessionLimits#closeGracePeriod}, and closes.
     */
    @Override
    public synchronized void close() {
        opened = true;
        BoundPort open = server;
        if (open != null) {
            open.close(options.limits().closeGracePeriod());
            server = null;
        }
        tls.close();
        if (ownThreads != null) {
            ownThreads.shutdown();
            ownThreads = null;
        }
    }

    /** What it is, and where it listens. */
    @Override
    public String toString() {
        return "ESMTP listener on " + options.listen();
    }

    /** Makes an {@link EsmtpListener}: the documented keys, and what only code can give. */
    public static final class Builder extends EsmtpListenerOptions.Builder<Builder> {

        private final List<Policy> policies = new ArrayList<>();
        private @Nullable Executor executor;
        private InstantSource time = InstantSource.system();
        private RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();
        private Consumer<ServerTls.Builder> tlsChanges = unchanged -> {};

        private Builder() {}

        @Override
        Builder self() {
            return this;
        }

        /**
         * Adds a policy. Several run in the order in which they are added; the first refusal decides.
         *
         * @param policy asked at each step
         * @return this
         */
        public Builder policy(Policy policy) {
            policies.add(policy);
            return this;
        }

        /**
         * Where policies run, and a reception that may block. {@code Runnable::run} runs them on the thread that reads from the
         * network, which spares two changes of threads for each step and is right for policies that never wait: one that does
         * holds up other sessions.
         *
         * @param executor not shut down by the listener; default virtual threads from Java 21 on, else a pool of at
         *     most 512 threads
         * @return this
         */
        public Builder executor(Executor executor) {
            this.executor = executor;
            return this;
        }

        /**
         * What time it is, for ids and {@code Received}.
         *
         * @param time default the system's clock
         * @return this
         */
        public Builder time(InstantSource time) {
            this.time = time;
            return this;
        }

        /**
         * What sets ids of the same millisecond apart.
         *
         * @param random safe for use by many threads; default a fast generator that is not secret
         * @return this
         */
        public Builder random(RandomGenerator random) {
            this.random = random;
            return this;
        }

        /**
         * Key {@code tls}, and what the other keys of TLS cannot say: certificates and keys from a supplier or PKCS#12, the password of a private key,
         * the engine that does the work, how often sources are looked at.
         *
         * @param changes called after the keys were applied
         * @return this
         */
        public Builder tls(Consumer<ServerTls.Builder> changes) {
            tlsChanges = tlsChanges.andThen(changes);
            return this;
        }

        private ServerTls tls() {
            EsmtpListenerOptions options = options();
            ServerTls.Builder tls = ServerTls.builder().hostname(options.hostname());
            options.tlsCertificate().ifPresent(tls::certificate);
            options.tlsPrivateKey().ifPresent(tls::privateKey);
            options.tlsRequiredClientCa().ifPresent(tls::requiredClientCa);
            options.sni().forEach(tls::identity);
            tlsChanges.accept(tls);
            return tls.build();
        }

        /**
         * Makes the listener; nothing is bound yet.
         *
         * @return a listener to be opened
         * @throws IllegalArgumentException if what was set does not fit together
         */
        public EsmtpListener build() {
            return new EsmtpListener(this);
        }
    }
}
