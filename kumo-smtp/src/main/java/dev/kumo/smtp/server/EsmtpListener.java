package dev.kumo.smtp.server;

import dev.kumo.core.Listener;
import dev.kumo.core.Reception;
import dev.kumo.core.net.CidrSet;
import dev.kumo.core.net.HostPort;
import dev.kumo.core.policy.DomainMap;
import dev.kumo.core.policy.DomainOptions;
import dev.kumo.core.trace.TraceHeaders;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

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

    private final EsmtpListenerOptions options;
    private final Policies policies;
    private final @Nullable Executor executor;
    private final InstantSource time;
    private final RandomGenerator random;
    private @Nullable ExecutorService ownThreads;
    private @Nullable SmtpServer server;
    private boolean opened;

    private EsmtpListener(Builder builder) {
        this.options = builder.options();
        this.policies = new Policies(builder.policies);
        this.executor = builder.executor;
        this.time = builder.time;
        this.random = builder.random;
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
        Executor threads = executor;
        if (threads == null) {
            ownThreads = SessionThreads.create();
            threads = ownThreads;
        }
        try {
            server = SmtpServer.open(
                    context(reception, threads), options.listen().resolve());
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
        if (server == null) {
            throw new IllegalStateException("the listener is not open");
        }
        return server.address();
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
        return new SmtpSession(context(reception, executor), new Peer(client, local, options.hostname()));
    }

    private SessionContext context(Reception reception, Executor threads) {
        return new SessionContext(options, policies, reception, threads, time, random);
    }

    /**
     * Accepts no more clients, tells idle ones {@code 421}, lets running transactions finish within
     * {@link SessionLimits#closeGracePeriod}, and closes.
     */
    @Override
    public synchronized void close() {
        opened = true;
        if (server != null) {
            server.close(options.limits().closeGracePeriod());
            server = null;
        }
        if (ownThreads != null) {
            ownThreads.shutdown();
            ownThreads = null;
        }
    }

    /** Makes an {@link EsmtpListener}: one setter for each documented key, then what only code can give. */
    public static final class Builder {

        private HostPort listen = HostPort.parse("127.0.0.1:2025");
        private @Nullable String hostname;
        private String banner = "ESMTP Kumo";
        private Duration clientTimeout = Duration.ofMinutes(1);
        private CidrSet relayHosts = CidrSet.of("127.0.0.1", "::1");
        private final DomainMap.Builder<DomainOptions> domains = DomainMap.builder();
        private int maxMessagesPerConnection = 10_000;
        private int maxRecipientsPerMessage = 1024;
        private TraceHeaders traceHeaders = TraceHeaders.builder().build();
        private long maxMessageSize = 20L * 1024 * 1024;
        private int lineLengthHardLimit = 998;
        private InvalidLineEndings invalidLineEndings = InvalidLineEndings.DENY;
        private int maxConnections = 32_768;
        private SessionLimits limits = SessionLimits.builder().build();

        private final List<Policy> policies = new ArrayList<>();
        private @Nullable Executor executor;
        private InstantSource time = InstantSource.system();
        private RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();

        private Builder() {}

        /**
         * Key {@code listen}.
         *
         * @param address such as {@code 0.0.0.0:25} or {@code [::]:25}; port 0 takes any free one
         * @return this
         * @throws IllegalArgumentException if it is not an address and a port
         */
        public Builder listen(String address) {
            listen = HostPort.parse(address);
            return this;
        }

        /**
         * Key {@code hostname}.
         *
         * @param name the name in the greeting, other replies and {@code Received}
         * @return this
         * @throws IllegalArgumentException if it is empty or holds blanks or control characters
         */
        public Builder hostname(String name) {
            if (name.isEmpty() || !name.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
                throw new IllegalArgumentException("must be a host name in printable ASCII, not '" + name + "'");
            }
            hostname = name;
            return this;
        }

        /**
         * Key {@code banner}.
         *
         * @param text what follows the host name in the greeting; leave the host name out
         * @return this
         * @throws IllegalArgumentException if it is too long for a reply, or holds control characters
         */
        public Builder banner(String text) {
            Replies.greeting("", text);
            banner = text;
            return this;
        }

        /**
         * Key {@code client_timeout}.
         *
         * @param time longer than zero
         * @return this
         * @throws IllegalArgumentException if it is not
         */
        public Builder clientTimeout(Duration time) {
            clientTimeout = SessionLimits.positive(time);
            return this;
        }

        /**
         * Key {@code deferred_spool}, which cannot be set to true yet: there is no disk spool to defer.
         *
         * @param deferred false
         * @return this
         * @throws IllegalArgumentException if it is true
         */
        public Builder deferredSpool(boolean deferred) {
            if (deferred) {
                throw new IllegalArgumentException(
                        "cannot be true: this version has no disk spool to defer writing to; leave the key out");
            }
            return this;
        }

        /**
         * An entry of the key {@code domains}.
         *
         * @param name a domain, {@code *.} and a domain for all below it, or {@code *} for all
         * @param entry sets what may be done
         * @return this
         * @throws IllegalArgumentException if it is no domain or has an entry already
         */
        public Builder domain(String name, Consumer<DomainOptions.Builder> entry) {
            DomainOptions.Builder options = DomainOptions.builder();
            entry.accept(options);
            domains.put(name, options.build());
            return this;
        }

        /**
         * Key {@code relay_hosts}; takes the place of the default.
         *
         * @param hosts IP literals and CIDR blocks; none at all if nobody may relay by address
         * @return this
         * @throws IllegalArgumentException if one is neither
         */
        public Builder relayHosts(String... hosts) {
            relayHosts = CidrSet.of(hosts);
            return this;
        }

        /**
         * Key {@code max_messages_per_connection}.
         *
         * @param count at least 1
         * @return this
         * @throws IllegalArgumentException if it is less
         */
        public Builder maxMessagesPerConnection(int count) {
            maxMessagesPerConnection = SessionLimits.atLeastOne(count);
            return this;
        }

        /**
         * Key {@code max_recipients_per_message}.
         *
         * @param count at least 1; RFC 5321 section 4.5.3.1.8 asks for 100
         * @return this
         * @throws IllegalArgumentException if it is less than 1
         */
        public Builder maxRecipientsPerMessage(int count) {
            maxRecipientsPerMessage = SessionLimits.atLeastOne(count);
            return this;
        }

        /**
         * Key {@code trace_headers}.
         *
         * @param headers changes the defaults
         * @return this
         */
        public Builder traceHeaders(Consumer<TraceHeaders.Builder> headers) {
            TraceHeaders.Builder builder = TraceHeaders.builder();
            headers.accept(builder);
            traceHeaders = builder.build();
            return this;
        }

        /**
         * Key {@code max_message_size}.
         *
         * @param bytes at least 1; RFC 5321 section 4.5.3.1.7 asks for 64 KiB
         * @return this
         * @throws IllegalArgumentException if it is less than 1
         */
        public Builder maxMessageSize(long bytes) {
            maxMessageSize = SessionLimits.atLeastOne(bytes);
            return this;
        }

        /**
         * Key {@code line_length_hard_limit}.
         *
         * @param octets at least 510, which RFC 5321 section 4.5.3.1.4 grants every command
         * @return this
         * @throws IllegalArgumentException if it is less
         */
        public Builder lineLengthHardLimit(int octets) {
            if (octets < 510) {
                throw new IllegalArgumentException("must be at least 510 (RFC 5321 section 4.5.3.1.4), not " + octets);
            }
            lineLengthHardLimit = octets;
            return this;
        }

        /**
         * Key {@code invalid_line_endings}.
         *
         * @param handling of a CR or LF of its own in content
         * @return this
         */
        public Builder invalidLineEndings(InvalidLineEndings handling) {
            invalidLineEndings = handling;
            return this;
        }

        /**
         * Key {@code max_connections}.
         *
         * @param count at least 1
         * @return this
         * @throws IllegalArgumentException if it is less
         */
        public Builder maxConnections(int count) {
            maxConnections = SessionLimits.atLeastOne(count);
            return this;
        }

        /**
         * Key {@code limits}: what a session may cost.
         *
         * @param changes changes the limits set so far
         * @return this
         */
        public Builder limits(Consumer<SessionLimits.Builder> changes) {
            SessionLimits.Builder builder = limits.toBuilder();
            changes.accept(builder);
            limits = builder.build();
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
         * Where policies run, and a reception that may block.
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

        private EsmtpListenerOptions options() {
            String name = hostname == null ? localHostname() : hostname;
            Replies.greeting(name, banner); // fits together, or fails here and not at the first client
            return new EsmtpListenerOptions(
                    listen,
                    name,
                    banner,
                    clientTimeout,
                    relayHosts,
                    domains.build(),
                    maxMessagesPerConnection,
                    maxRecipientsPerMessage,
                    traceHeaders,
                    maxMessageSize,
                    lineLengthHardLimit,
                    invalidLineEndings,
                    maxConnections,
                    limits);
        }

        private static String localHostname() {
            try {
                return InetAddress.getLocalHost().getHostName();
            } catch (UnknownHostException nameless) {
                return "localhost";
            }
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
