package dev.kumo.lua;

import dev.kumo.core.Mta;
import dev.kumo.core.delivery.Delivery;
import dev.kumo.core.delivery.EgressPathOptions;
import dev.kumo.core.delivery.EgressPool;
import dev.kumo.core.delivery.EgressSource;
import dev.kumo.core.log.file.LogFileOptions;
import dev.kumo.core.mail.QueueName;
import dev.kumo.core.options.OptionException;
import dev.kumo.core.queue.QueueOptions;
import dev.kumo.core.queue.QueuePolicy;
import dev.kumo.core.queue.Queues;
import dev.kumo.http.HttpListener;
import dev.kumo.http.HttpPolicy;
import dev.kumo.smtp.server.EsmtpListener;
import dev.kumo.smtp.server.Policy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A policy script in Lua, as it is documented for KumoMTA: it starts listeners in its {@code init} event and has its say in the events
 * of their sessions.
 *
 * <pre>{@code
 * try (LuaPolicyFile policy = LuaPolicyFile.load(Path.of("policy.lua"));
 *         Mta mta = policy.mta()) {
 *     mta.start();
 *     untilShutdown.await();
 * }
 * }</pre>
 *
 * <p>{@code docs/lua.md} lists the events and functions that there are. What a script gets wrong when it is loaded is a {@link
 * LuaPolicyException} with its line. Of what it gets wrong later, the client hears {@code 421 4.3.0}, and the log has the line. {@code
 * kumo.reject} answers the client.
 *
 * <p>The script runs in a sandbox: it reads no files unless it is let, starts no programs, and sees no classes of Java. A call ends after 5
 * seconds, and a state of Lua may hold 64 MiB; both can be set. There are as many states as there are calls at once, each with variables
 * of its own: what is to be remembered from one call to the next belongs into meta data.
 *
 * <p>Lua runs as native code; from Java 24 on, the JVM warns unless it is told {@code --enable-native-access}.
 */
public final class LuaPolicyFile implements AutoCloseable {

    private final Path file;
    private final String name;
    private final ScriptFiles files;
    private final LuaBounds bounds;
    private final Configuration.Wiring wiring;
    private final Dns dns;
    private final ExecutorService threads = LuaThreads.ofSessions();
    private final InstantSource time;
    private final @Nullable Delivery delivery;
    private final Sessions sessions;
    private final Generation first;
    private final boolean watched;
    private final @Nullable Watch watch;
    private @Nullable Assembly assembly;
    private boolean closed;
    private volatile @Nullable Mta mta;

    private LuaPolicyFile(Builder builder) {
        file = builder.file;
        name = String.valueOf(file.getFileName());
        files = new ScriptFiles(file, builder.readFiles(), builder.writeMaildirs());
        bounds = builder.bounds();
        dns = new Dns(builder.resolver());
        time = builder.clock();
        delivery = builder.destination();
        wiring = new Configuration.Wiring(
                this::policies, this::httpPolicies, builder.changes, builder.httpChanges, this::queues, threads);
        watched = builder.scheduler != null;
        sessions = new Sessions(watched);
        first = generation(Script.read(file, name));
        sessions.swap(first);
        watch = builder.scheduler == null ? null : Watch.start(this, builder.scheduler, builder.interval);
    }

    /**
     * Loads a script with the default bounds.
     *
     * @param file a Lua file in UTF-8
     * @return what it asks for; nothing is open yet
     * @throws LuaPolicyException if it cannot be read, or fails; the text has the line
     */
    public static LuaPolicyFile load(Path file) {
        return builder(file).load();
    }

    /**
     * Begins to load a script.
     *
     * @param file a Lua file in UTF-8
     * @return a builder with the default bounds
     */
    public static Builder builder(Path file) {
        return new Builder(file);
    }

    private Generation generation(Script script) {
        Configuration configuration = new Configuration(wiring);
        return Generation.load(script, KumoModule.library(files, configuration, dns, time), configuration, bounds);
    }

    private List<Policy> policies(Set<String> handled) {
        return SessionPolicies.of(attached(handled), sessions);
    }

    private List<HttpPolicy> httpPolicies(Set<String> handled) {
        return HttpPolicies.of(attached(handled), sessions);
    }

    private Queues queues() {
        Mta running = mta;
        if (running == null) {
            throw new IllegalStateException("the queues of the MTA that mta() makes are meant, and it was not called");
        }
        return running.queues();
    }

    /** A later version may handle more events than the first; but what is offered to clients stays. */
    private Set<String> attached(Set<String> handled) {
        if (!watched) {
            return handled;
        }
        Set<String> all = new LinkedHashSet<>(Events.OF_A_SESSION);
        all.addAll(Events.OF_HTTP);
        Events.OFFERED.stream().filter(event -> !handled.contains(event)).forEach(all::remove);
        return all;
    }

    /**
     * The ESMTP listeners that the script started, in order.
     *
     * @return not open yet; each has the script's policy
     */
    public List<EsmtpListener> listeners() {
        return ofKind(EsmtpListener.class);
    }

    /**
     * The HTTP listeners that the script started, in order.
     *
     * @return not open yet
     */
    public List<HttpListener> httpListeners() {
        return ofKind(HttpListener.class);
    }

    private <T> List<T> ofKind(Class<T> kind) {
        return first.configuration().listeners().stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    /**
     * How the script wants a queue worked on: {@code get_queue_config}. May block.
     *
     * @param queue the name of a scheduled queue
     * @return the options; the defaults if the script says nothing
     * @throws RuntimeException if its handler fails
     */
    public QueueOptions queueOptions(QueueName queue) {
        return QueueEvents.queueOptions(sessions.current(), queue);
    }

    /**
     * A pool of the script: {@code get_egress_pool}. May block.
     *
     * @param pool its name
     * @return the pool
     * @throws RuntimeException if the script knows none of that name, or its handler fails
     */
    public EgressPool egressPool(String pool) {
        return QueueEvents.pool(sessions.current(), pool);
    }

    /**
     * A source of the script: {@code get_egress_source}. May block.
     *
     * @param source its name
     * @return the source
     * @throws RuntimeException if the script knows none of that name, or its handler fails
     */
    public EgressSource egressSource(String source) {
        return QueueEvents.source(sessions.current(), source);
    }

    /**
     * How the script wants mail sent from a source to a site: {@code get_egress_path_config}. May block.
     *
     * @param site the name of the site
     * @param source the name of the source
     * @param domain the domain whose mail is to be sent
     * @return the options; the defaults if the script says nothing
     * @throws RuntimeException if its handler fails
     */
    public EgressPathOptions egressPathOptions(String site, String source, String domain) {
        return QueueEvents.path(sessions.current(), site, source, domain);
    }

    /**
     * The script's say in what becomes of messages in the queues: {@code requeue_message}, {@code rebind_message}.
     *
     * @return the policy
     */
    public QueuePolicy queuePolicy() {
        return new MessageEvents(sessions);
    }

    /**
     * The script's say, for listeners that it did not start.
     *
     * @return a policy for each event that it handles
     */
    public List<Policy> policies() {
        return policies(first.events());
    }

    /**
     * Where the script wants logs: {@code kumo.configure_local_logs}.
     *
     * @return the options, if it was called
     */
    public Optional<LogFileOptions> localLogs() {
        return first.configuration().localLogs();
    }

    /**
     * An MTA with all that the script asks for: see {@link #mta(Consumer)}.
     *
     * @return to be started, and closed before this
     * @throws IOException if the spool or a log cannot be opened
     * @throws OptionException if options do not fit together
     * @throws IllegalStateException if there is one already, or the script starts no listener
     */
    public Mta mta() throws IOException {
        return mta(unchanged -> {});
    }

    /**
     * An MTA with all that the script asks for: its listeners, its spool, the options of queues and egress paths, its logs and their
     * hooks. Mail is sent to the hosts that the DNS has for its domains, unless the builder of this file was given another delivery;
     * without {@code kumo.define_spool}, its first attempt is made before the client is answered, and there are no queues.
     *
     * @param changes makes changes and additions, such as an observer; what it sets takes the place of what the script asks for
     * @return to be started, and closed before this
     * @throws IOException if the spool or a log cannot be opened
     * @throws OptionException if options do not fit together
     * @throws IllegalStateException if there is one already, the script starts no listener, or this is closed
     */
    public synchronized Mta mta(Consumer<Mta.Builder> changes) throws IOException {
        requireOpen();
        if (assembly != null) {
            throw new IllegalStateException("a policy file makes one Mta; load it again for another");
        }
        Assembly parts = new Assembly(first, sessions, dns, delivery);
        Mta made = parts.mta(this, changes);
        assembly = parts;
        mta = made;
        return made;
    }

    /**
     * Reads the file again. A good script is used for the sessions that begin from now on; those that stand keep theirs. What it asks
     * for in {@code init} is checked, and takes effect at the next start of the process.
     *
     * @return whether the file has changed
     * @throws LuaPolicyException if it cannot be used; the old one stays in use
     * @throws IllegalStateException if this is closed
     */
    public synchronized boolean reload() {
        requireOpen();
        Script script = Script.read(file, name);
        Generation before = sessions.current();
        if (before.script().hasSource(script.source())) {
            return false;
        }
        Generation next = generation(script);
        sessions.swap(next);
        Watch.swapped(name, first, next);
        return true;
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the policy file " + name + " is closed");
        }
    }

    /** Ends the states of Lua; those in use when they are done. Events that come after this fail. */
    @Override
    public void close() {
        if (watch != null) {
            watch.close();
        }
        synchronized (this) { // a reload that has begun puts its states in place first, and they end with the others
            closed = true;
            sessions.close();
            if (assembly != null) {
                assembly.close();
            }
        }
        threads.shutdown();
        dns.close();
    }

    /** The file. */
    @Override
    public String toString() {
        return "Lua policy " + file;
    }

    /** How many states wait for calls. */
    int idleStates() {
        return sessions.current().pool().idle();
    }

    /** Says how a script is to be run. */
    public static final class Builder extends LuaSettings<Builder> {

        private final Path file;
        private Consumer<EsmtpListener.Builder> changes = unchanged -> {};
        private Consumer<HttpListener.Builder> httpChanges = unchanged -> {};
        private @Nullable ScheduledExecutorService scheduler;
        private Duration interval = Duration.ofSeconds(1);

        private Builder(Path file) {
            this.file = Objects.requireNonNull(file, "file");
        }

        @Override
        protected Builder self() {
            return this;
        }

        /**
         * Changes each ESMTP listener that the script starts, after its keys: the executor, the clock, policies in Java that are asked before
         * the script.
         *
         * @param changes called with each
         * @return this
         */
        public Builder listener(Consumer<EsmtpListener.Builder> changes) {
            this.changes = this.changes.andThen(changes);
            return this;
        }

        /**
         * Changes each HTTP listener that the script starts, after its keys: routes, policies.
         *
         * @param changes called with each
         * @return this
         */
        public Builder httpListener(Consumer<HttpListener.Builder> changes) {
            this.httpChanges = this.httpChanges.andThen(changes);
            return this;
        }

        /**
         * Looks at the file from time to time and {@linkplain LuaPolicyFile#reload() reloads} it when it has changed. One that cannot be used is
         * logged, and the old one stays in use.
         *
         * @param scheduler runs the looks, not shut down here
         * @param interval longer than zero
         * @return this
         * @throws IllegalArgumentException if it is not
         */
        public Builder watch(ScheduledExecutorService scheduler, Duration interval) {
            this.scheduler = scheduler;
            this.interval = positive(interval);
            return this;
        }

        /**
         * Loads the script.
         *
         * @return what it asks for; nothing is open yet
         * @throws LuaPolicyException if it cannot be read, or fails; the text has the line
         */
        public LuaPolicyFile load() {
            return new LuaPolicyFile(this);
        }
    }
}
