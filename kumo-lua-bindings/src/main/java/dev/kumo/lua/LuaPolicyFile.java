package dev.kumo.lua;

import dev.kumo.core.Mta;
import dev.kumo.core.delivery.EgressPathOptions;
import dev.kumo.core.delivery.EgressPool;
import dev.kumo.core.delivery.EgressSource;
import dev.kumo.core.log.file.LogFile;
import dev.kumo.core.log.file.LogFileOptions;
import dev.kumo.core.mail.QueueName;
import dev.kumo.core.options.OptionException;
import dev.kumo.core.queue.QueueOptions;
import dev.kumo.http.HttpListener;
import dev.kumo.smtp.server.EsmtpListener;
import dev.kumo.smtp.server.Policy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A policy script in Lua, as it is documented for KumoMTA: it starts listeners in its {@code init} event and has its say in the events
 * of their sessions.
 *
 * <pre>{@code
 * try (LuaPolicyFile policy = LuaPolicyFile.load(Path.of("policy.lua"));
 *         Mta mta = policy.mta().delivery(Delivery.maildir(Path.of("mail"))).build()) {
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
    private final Consumer<EsmtpListener.Builder> changes;
    private final Consumer<HttpListener.Builder> httpChanges;
    private final Sessions sessions;
    private final Generation first;
    private final boolean watched;
    private final @Nullable Watch watch;

    private LuaPolicyFile(Builder builder) {
        file = builder.file;
        name = String.valueOf(file.getFileName());
        files = new ScriptFiles(file, builder.readFiles);
        bounds = builder.bounds;
        changes = builder.changes;
        httpChanges = builder.httpChanges;
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
        Configuration configuration =
                new Configuration(handled -> SessionPolicies.of(attached(handled), sessions), changes, httpChanges);
        return Generation.load(script, files, configuration, bounds);
    }

    /** A later version may handle more events than the first; but what is offered to clients stays. */
    private Set<String> attached(Set<String> handled) {
        if (!watched) {
            return handled;
        }
        Set<String> all = new LinkedHashSet<>(Events.OF_A_SESSION);
        if (!handled.contains(Events.AUTH_PLAIN)) {
            all.remove(Events.AUTH_PLAIN);
        }
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
     * The script's say, for listeners that it did not start.
     *
     * @return a policy for each event that it handles
     */
    public List<Policy> policies() {
        return SessionPolicies.of(attached(first.events()), sessions);
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
     * An MTA with all that the script asks for: its listeners, and its logs. It has no delivery yet. Close it before this.
     *
     * @return to be completed, built and started
     * @throws IOException if a log cannot be opened
     * @throws OptionException if the options of the logs do not fit together
     */
    public Mta.Builder mta() throws IOException {
        Mta.Builder mta = Mta.builder();
        first.configuration().listeners().forEach(mta::listener);
        if (localLogs().isPresent()) {
            mta.observer(LogFile.open(localLogs().get()));
        }
        return mta;
    }

    /**
     * Reads the file again. A good script is used for the sessions that begin from now on; those that stand keep theirs. What it asks
     * for in {@code init} is checked, and takes effect at the next start of the process.
     *
     * @return whether the file has changed
     * @throws LuaPolicyException if it cannot be used; the old one stays in use
     */
    public synchronized boolean reload() {
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

    /** Ends the states of Lua; those in use when they are done. Events that come after this fail. */
    @Override
    public void close() {
        if (watch != null) {
            watch.close();
        }
        sessions.close();
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
    public static final class Builder {

        private final Path file;
        private LuaBounds bounds = LuaBounds.DEFAULT;
        private boolean readFiles;
        private Consumer<EsmtpListener.Builder> changes = unchanged -> {};
        private Consumer<HttpListener.Builder> httpChanges = unchanged -> {};
        private @Nullable ScheduledExecutorService scheduler;
        private Duration interval = Duration.ofSeconds(1);

        private Builder(Path file) {
            this.file = Objects.requireNonNull(file, "file");
        }

        /**
         * Sets how long a call may take, and the script's own lines.
         *
         * @param time longer than zero; default 5 seconds
         * @return this
         * @throws IllegalArgumentException if it is not
         */
        public Builder callTime(Duration time) {
            bounds = bounds.withTime(positive(time));
            return this;
        }

        /**
         * Sets how much memory each state of Lua may hold. It is looked at every few instructions, so one may briefly hold more.
         *
         * @param bytes at least 1 MiB; default 64 MiB
         * @return this
         * @throws IllegalArgumentException if it is less
         */
        public Builder memory(long bytes) {
            if (bytes < 1 << 20) {
                throw new IllegalArgumentException("a state of Lua needs 1048576 bytes at least, not " + bytes);
            }
            bounds = bounds.withMemory(bytes);
            return this;
        }

        /**
         * Sets how many states of Lua there may be, and so how many calls at once.
         *
         * @param count at least 1; default four for each processor, but at least 8
         * @return this
         * @throws IllegalArgumentException if it is less
         */
        public Builder states(int count) {
            if (count < 1) {
                throw new IllegalArgumentException("at least 1 state is needed to run a script, not " + count);
            }
            bounds = bounds.withStates(count);
            return this;
        }

        /**
         * Sets how long a call waits for a state if all are in use; then it fails.
         *
         * @param time longer than zero; default 5 seconds
         * @return this
         * @throws IllegalArgumentException if it is not
         */
        public Builder patience(Duration time) {
            bounds = bounds.withPatience(positive(time));
            return this;
        }

        /**
         * Lets the script read files below its folder: other scripts by {@code require}, and data.
         *
         * @param allowed default false
         * @return this
         */
        public Builder readFiles(boolean allowed) {
            readFiles = allowed;
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

        private static Duration positive(Duration time) {
            if (time.isNegative() || time.isZero()) {
                throw new IllegalArgumentException("must be longer than zero, not " + time);
            }
            return time;
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
