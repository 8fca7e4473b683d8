package dev.kumo.http;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.kumo.core.Listener;
import dev.kumo.core.ListenerState;
import dev.kumo.core.Reception;
import dev.kumo.core.delivery.Chores;
import dev.kumo.core.log.MtaObserver;
import dev.kumo.core.queue.Queues;
import dev.kumo.http.endpoint.Endpoints;
import dev.kumo.http.wire.HttpServer;
import dev.kumo.http.wire.ServerContext;
import dev.kumo.tls.ServerTls;
import dev.kumo.tls.TlsException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A door for mail and for those who look after it: a port that speaks HTTP/1.1 (RFC 9112) and HTTP/2 (RFC 9113).
 *
 * <p>A listener is opened once and closed once. Several live side by side in one process. All errors have one shape,
 * {@linkplain Response#problem problem details}; HEAD is answered wherever GET is, and OPTIONS everywhere.
 *
 * <pre>{@code
 * HttpListener listener = HttpListener.builder()
 *         .listen("127.0.0.1:8000")
 *         .policy(HttpPolicy.basic(Map.of("shop", password)))
 *         .route(Method.GET, "/hello", request -> Response.text(200, "Hello, " + request.caller().address()))
 *         .build();
 * listener.open(Reception.of(message -> Reply.OK));
 * }</pre>
 */
public final class HttpListener implements Listener {

    private static final Logger LOG = LoggerFactory.getLogger(HttpListener.class);

    private final HttpListenerOptions options;
    private final Policies policies;
    private final Router router;
    private final HandlerThreads threads;
    private final Liveness liveness;
    private final InstantSource time;
    private final Ticker ticker;
    private final RandomGenerator random;
    private final @Nullable ServerTls tls;
    private final Lookout lookout;
    private final String name;
    private final Chores chores;
    private volatile @Nullable Injector injector;
    private volatile @Nullable HttpServer server;
    private boolean opened;

    private HttpListener(Builder builder) {
        this.options = builder.options();
        this.policies = new Policies(builder.policies);
        this.threads = new HandlerThreads(builder.executor);
        this.liveness = new Liveness(builder.liveness);
        this.time = builder.time;
        this.ticker = builder.ticker;
        this.tls = options.useTls() ? options.serverTls(builder.tlsChanges) : null;
        this.random = builder.random;
        this.name = builder.name == null ? options.listen().toString() : builder.name;
        this.lookout = new Lookout(options.hostname(), name, builder.queues, time);
        this.chores = new GeneratorChores(name, () -> injector);
        this.router = new Router(routes(builder));
    }

    /** Those of the house, one file each, and those of the embedder. */
    private List<Route> routes(Builder builder) {
        HttpLimits limits = options.limits();
        Idempotency idempotency = new Idempotency(limits.idempotencyKeys(), limits.idempotencyTime(), time);
        List<Route> all = new ArrayList<>();
        all.add(InjectEndpoint.route(() -> Objects.requireNonNull(injector), liveness::trouble, idempotency));
        Endpoints.basic(lookout.metrics(), liveness::trouble, () -> router.described())
                .forEach(endpoint -> all.add(Route.of(endpoint)));
        lookout.endpoints().forEach(endpoint -> all.add(Route.of(endpoint)));
        if (builder.queues != null) {
            Endpoints.admin(builder.queues, time).forEach(endpoint -> all.add(Route.of(endpoint)));
        }
        all.addAll(builder.routes);
        return all;
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
    public HttpListenerOptions options() {
        return options;
    }

    /**
     * Counts what becomes of messages for {@code /metrics} and remembers the last ones for the status page, whichever way they came.
     * An {@code Mta} that has this listener tells it by itself.
     *
     * @return an observer
     */
    @Override
    public MtaObserver observer() {
        return lookout.observer();
    }

    @Override
    public Optional<Chores> chores() {
        return Optional.of(chores);
    }

    @Override
    public ListenerState state(int links) {
        HttpServer open = server;
        String protocol = options.useTls() ? "HTTPS" : "HTTP";
        return open == null
                ? new ListenerState(protocol, Optional.empty(), 0, List.of())
                : new ListenerState(protocol, Optional.of(open.address()), open.connections(), open.links(links));
    }

    @Override
    public synchronized void open(Reception reception) throws IOException {
        if (opened) {
            throw new IllegalStateException("a listener is opened once; build another one");
        }
        opened = true;
        if (!options.useTls()
                && (options.tlsCertificate().isPresent()
                        || options.tlsPrivateKey().isPresent())) {
            LOG.warn("{} has a certificate or a key, but use_tls is false: it speaks in clear", this);
        }
        try {
            if (tls != null) {
                tls.open();
            }
            lookout.open(reception);
            liveness.open(reception);
            injector = new Injector(
                    new Workshop(
                            reception, policies, lookout.metrics(), options.hostname(), options.limits(), time, random),
                    name);
            Gate gate =
                    new Gate(options.trustedHosts(), policies, options.limits().maxAsking(), ticker);
            ServerContext context = new ServerContext(
                    options.limits().bounds(options.requestBodyLimit()),
                    new Site(router, gate, new SameOrigin(options.hostname())),
                    lookout.metrics(),
                    reception.observer(),
                    threads.open(),
                    time,
                    tls);
            server = HttpServer.open(context, options.listen(), gate::trusts);
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
        HttpServer open = server;
        if (open == null) {
            throw new IllegalStateException("the listener is not open");
        }
        return open.address();
    }

    /**
     * Reads certificates and keys again, suppliers included. Files and Vault are watched anyway. Connections that stand
     * are left alone.
     *
     * @return whether something has changed; if so, handshakes that begin from now on use it
     * @throws TlsException if one cannot be had or used; it is logged as well, and the old ones stay in use
     * @throws IllegalStateException if the listener is not open, or without {@code use_tls}
     */
    public boolean reloadTls() throws TlsException {
        if (tls == null) {
            throw new IllegalStateException("the listener is without TLS; set use_tls");
        }
        return tls.reload();
    }

    /**
     * Accepts no more clients, closes idle connections, lets running requests finish within
     * {@link HttpLimits#closeGracePeriod}, and closes. An injection that runs fails the recipients that it has not come
     * to, so that its answer can tell which messages were received. An answer sent meanwhile says that it is the last one
     * ({@code Connection: close}, or GOAWAY with HTTP/2). Handlers whose clients have gone are waited for as well.
     */
    @Override
    public synchronized void close() {
        opened = true;
        liveness.beginClosing();
        long began = System.nanoTime();
        lookout.close();
        Injector injecting = injector;
        if (injecting != null) {
            injecting.beginClosing();
        }
        HttpServer open = server;
        if (open != null) {
            open.close(options.limits().closeGracePeriod());
            server = null;
        }
        awaitHandlers(options.limits().closeGracePeriod().minusNanos(System.nanoTime() - began));
        if (tls != null) {
            tls.close();
        }
        threads.close();
    }

    /** Those whose clients have gone; the others have been answered, or cut when the time was up. */
    private void awaitHandlers(Duration longest) {
        Injector injecting = injector;
        if (injecting != null && !injecting.awaitEnd(longest)) {
            LOG.warn("{} closes while injections are still worked on; messages of theirs may have been received", this);
        }
    }

    /** What it is, and where it listens. */
    @Override
    public String toString() {
        return (options.useTls() ? "HTTPS" : "HTTP") + " listener on " + options.listen();
    }

    /** Makes an {@link HttpListener}: the documented keys, and what only code can give. */
    public static final class Builder extends HttpListenerOptions.Builder<Builder> {

        private final List<HttpPolicy> policies = new ArrayList<>();
        private final List<Route> routes = new ArrayList<>();
        private @Nullable String name;
        private @Nullable Executor executor;
        private InstantSource time = InstantSource.system();
        private Ticker ticker = Ticker.systemTicker();
        private RandomGenerator random = new SecureRandom();
        private Supplier<Optional<String>> liveness = Optional::empty;
        private @Nullable Supplier<Queues> queues;
        private Consumer<ServerTls.Builder> tlsChanges = unchanged -> {};

        private Builder() {}

        @Override
        Builder self() {
            return this;
        }

        /**
         * Key {@code name}: what tells this listener from the others of its {@code Mta}, also after a restart. With {@code deferred_generation} it
         * makes the messages that it has promised, and no others' as long as these are there. Two of one name promise nothing: such
         * requests are answered 422.
         *
         * @param name not empty; default the text of {@code listen}
         * @return this
         * @throws IllegalArgumentException if it is
         */
        public Builder name(String name) {
            this.name = GeneratorChores.requireName(name);
            return this;
        }

        /**
         * Adds a policy. Any of several may accept credentials; the first refusal of a message decides.
         *
         * @param policy asked at each step
         * @return this
         */
        public Builder policy(HttpPolicy policy) {
            policies.add(policy);
            return this;
        }

        /**
         * Adds a route of yours for {@linkplain Access#AUTHENTICATED those who may inject}.
         *
         * @param method what it answers; GET answers HEAD too
         * @param path begins with {@code /}; a request has to have it octet for octet
         * @param handler answers; it may block
         * @return this
         * @throws IllegalArgumentException if it is no path
         */
        public Builder route(Method method, String path, Handler handler) {
            return route(method, path, Access.AUTHENTICATED, handler);
        }

        /**
         * Adds a route of yours.
         *
         * @param method what it answers; GET answers HEAD too
         * @param path begins with {@code /}; a request has to have it octet for octet
         * @param access who may use it
         * @param handler answers; it may block
         * @return this
         * @throws IllegalArgumentException if it is no path
         */
        public Builder route(Method method, String path, Access access, Handler handler) {
            routes.add(new Route(method, path, access, handler));
            return this;
        }

        /**
         * Where handlers and policies run.
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
         * What time it is, for ids and headers.
         *
         * @param time default the system's clock
         * @return this
         */
        public Builder time(InstantSource time) {
            this.time = time;
            return this;
        }

        /** How time passes for what is remembered of credentials: a clock that is set back must not keep revoked ones. */
        Builder ticker(Ticker ticker) {
            this.ticker = ticker;
            return this;
        }

        /**
         * What sets ids and boundaries apart.
         *
         * @param random safe for use by many threads, and not to be guessed; default a {@link SecureRandom}
         * @return this
         */
        public Builder random(RandomGenerator random) {
            this.random = random;
            return this;
        }

        /**
         * What {@code /api/check-liveness/v1} says, and why {@code /api/inject/v1} is answered {@code 503}. Once the listener
         * closes both say {@code shutting down}, whatever this does; and while the spool takes nothing, {@code storage is too full} or
         * {@code the spool is not accepting writes}.
         *
         * @param trouble why no mail would be taken now, such as {@code storage is too full}; empty if it would. Called for
         *     each such request. Default always empty
         * @return this
         */
        public Builder liveness(Supplier<Optional<String>> trouble) {
            liveness = trouble;
            return this;
        }

        /**
         * Opens the routes below {@code /api/admin} for {@code trusted_hosts}: to look at the queues and to interfere with them.
         *
         * @param queues asked for each request, since a listener is built before its {@code Mta}: {@code () -> mta.queues()}. If it
         *     throws an {@link IllegalStateException}, the answer is 404 with its message. Default none, and no such routes
         * @return this
         */
        public Builder queues(Supplier<Queues> queues) {
            this.queues = queues;
            return this;
        }

        /**
         * Key {@code tls}, and what the other keys of TLS cannot say: certificates and keys from a supplier or PKCS#12, the
         * password of a private key, the engine that does the work, how often sources are looked at.
         *
         * @param changes called after the keys were applied, if {@code use_tls} is true
         * @return this
         */
        public Builder tls(Consumer<ServerTls.Builder> changes) {
            tlsChanges = tlsChanges.andThen(changes);
            return this;
        }

        /**
         * Makes the listener; nothing is bound yet.
         *
         * @return a listener to be opened
         * @throws IllegalArgumentException if what was set does not fit together
         */
        public HttpListener build() {
            return new HttpListener(this);
        }
    }
}
