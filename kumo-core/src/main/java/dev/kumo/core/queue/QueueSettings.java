package dev.kumo.core.queue;

import dev.kumo.core.delivery.Chores;
import dev.kumo.core.delivery.Delivery;
import dev.kumo.core.delivery.EgressPathOptions;
import dev.kumo.core.delivery.EgressPool;
import dev.kumo.core.delivery.EgressSource;
import dev.kumo.core.log.MtaObserver;
import dev.kumo.core.mail.QueueName;
import dev.kumo.core.report.DsnWriter;
import dev.kumo.core.spool.Spool;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What can be set of the queues of an MTA. Nothing has to be: by default every queue has {@link QueueOptions#DEFAULT}, and mail
 * leaves from whatever address the system takes.
 *
 * @param <B> the builder itself, so that calls chain
 */
public abstract class QueueSettings<B extends QueueSettings<B>> {

    /** Not for embedders' functions, which know mail: what a listener has taken on must not depend on them. */
    private static final QueueOptions CHORES = QueueOptions.builder()
            .retryInterval(Duration.ofSeconds(10))
            .maxRetryInterval(Duration.ofMinutes(5))
            .build();

    private final Map<String, EgressPool> pools = new HashMap<>();
    private final Map<String, EgressSource> sources = new HashMap<>();
    private final QueueOptions.Builder queue = QueueOptions.builder();
    private final EgressPathOptions.Builder path = EgressPathOptions.builder();
    private @Nullable Function<QueueName, QueueOptions> queueOptions;
    private @Nullable EgressPaths egressPaths;
    private @Nullable Function<String, EgressPool> poolsByName;
    private @Nullable Function<String, EgressSource> sourcesByName;
    private final List<QueuePolicy> policies = new ArrayList<>();
    private @Nullable DsnWriter bounces;
    private int maxConnections = 4096;
    private int maxChores = Math.max(2, Runtime.getRuntime().availableProcessors() * 3 / 8);
    private long maxMessageMemory = Math.max(1 << 20, Runtime.getRuntime().maxMemory() / 8);

    /** Starts from the defaults. */
    protected QueueSettings() {
        pools.put(EgressPool.UNSPECIFIED.name(), EgressPool.UNSPECIFIED);
        sources.put(EgressSource.UNSPECIFIED.name(), EgressSource.UNSPECIFIED);
    }

    /**
     * This.
     *
     * @return the builder itself
     */
    protected abstract B self();

    /**
     * Changes the options of all scheduled queues.
     *
     * @param changes sets some of them
     * @return this
     */
    public B queue(Consumer<QueueOptions.Builder> changes) {
        changes.accept(queue);
        queue.build();
        return self();
    }

    /**
     * Has a function tell the options of each scheduled queue: the event {@code get_queue_config}. What {@link #queue} set does not
     * count then. Asked about once a minute for each queue in use; may block.
     *
     * @param options for the name of a queue
     * @return this
     */
    public B queueOptions(Function<QueueName, QueueOptions> options) {
        queueOptions = Objects.requireNonNull(options, "options");
        return self();
    }

    /**
     * Changes the options of all ways from a source to a site.
     *
     * @param changes sets some of them
     * @return this
     */
    public B egressPath(Consumer<EgressPathOptions.Builder> changes) {
        changes.accept(path);
        path.build();
        return self();
    }

    /**
     * Has a function tell the options of each way from a source to a site: the event {@code get_egress_path_config}. What
     * {@link #egressPath} set does not count then.
     *
     * @param options for a site, a source and a domain
     * @return this
     */
    public B egressPathOptions(EgressPaths options) {
        egressPaths = Objects.requireNonNull(options, "options");
        return self();
    }

    /**
     * Adds a pool of sources, or takes the place of the one of that name.
     *
     * @param pool to be named by {@link QueueOptions#egressPool}
     * @return this
     */
    public B egressPool(EgressPool pool) {
        pools.put(pool.name(), pool);
        return self();
    }

    /**
     * Has a function find pools: the event {@code get_egress_pool}. It is asked for those that {@link #egressPool(EgressPool)} did
     * not add, about once a minute for each in use; may block.
     *
     * @param byName for the name of a pool; throws if there is none
     * @return this
     */
    public B egressPools(Function<String, EgressPool> byName) {
        poolsByName = Objects.requireNonNull(byName, "byName");
        return self();
    }

    /**
     * Adds a source, or takes the place of the one of that name.
     *
     * @param source to be named in a pool
     * @return this
     */
    public B egressSource(EgressSource source) {
        sources.put(source.name(), source);
        return self();
    }

    /**
     * Has a function find sources: the event {@code get_egress_source}. It is asked for those that {@link #egressSource} did not
     * add, about once a minute for each in use; may block.
     *
     * @param byName for the name of a source; throws if there is none
     * @return this
     */
    public B egressSources(Function<String, EgressSource> byName) {
        sourcesByName = Objects.requireNonNull(byName, "byName");
        return self();
    }

    /**
     * Adds a policy that is asked about messages in the queues. Of several, each is given what the ones before have made of a message,
     * and the first refusal decides.
     *
     * @param policy used by several threads at once
     * @return this
     */
    public B queuePolicy(QueuePolicy policy) {
        policies.add(Objects.requireNonNull(policy, "policy"));
        return self();
    }

    /**
     * Has senders told of mail that could not be delivered: on a {@link dev.kumo.core.log.LogRecord.Bounce} and a
     * {@link dev.kumo.core.log.LogRecord.Expiration}, unless the sender is the null sender. The report is a message like any other. A
     * message is not forgotten before its report is safe. By default, nobody is told.
     *
     * @param writer writes the reports; used by several threads at once
     * @return this
     */
    public B bounces(DsnWriter writer) {
        bounces = Objects.requireNonNull(writer, "writer");
        return self();
    }

    /**
     * Sets how many connections all ready queues may have together. If there are as many, those that rest make way for
     * others, and else the others wait.
     *
     * @param count at least 1; default 4096. Before Java 21, 512 can be at work at once
     * @return this
     * @throws IllegalArgumentException if it is less
     */
    public B maxConnections(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("at least 1 connection is needed to send anything, not " + count);
        }
        maxConnections = count;
        return self();
    }

    /**
     * Sets how many {@linkplain Chores chores} of one queue are done at once, such as injections with {@code deferred_generation}. They
     * take processors from all else, and those that take long keep others waiting when all are such.
     *
     * @param count at least 1; default 3/8 of the processors, and at least 2
     * @return this
     * @throws IllegalArgumentException if it is less
     */
    public B maxChores(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("at least 1 chore at once is needed to do any, not " + count);
        }
        maxChores = count;
        return self();
    }

    /**
     * Sets how much memory messages may take that are in the queues: those whose writing to the spool is deferred, and those that have
     * just come and need not be read again. When it is used up, messages are written before they are taken.
     *
     * @param bytes at least 0; default an eighth of what the JVM may use
     * @return this
     * @throws IllegalArgumentException if it is less
     */
    public B maxMessageMemory(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("memory for messages is 0 bytes or more, not " + bytes);
        }
        maxMessageMemory = bytes;
        return self();
    }

    /**
     * Makes the queues that were described.
     *
     * @param spool where messages are kept
     * @param delivery where they go
     * @param observer who hears of them
     * @param executor where deliveries, lookups of routes and the functions of these settings run; if none, on threads of the queues
     *     themselves
     * @param time the clock
     * @return not started yet
     */
    protected final QueueWorks works(
            Spool spool, Delivery delivery, MtaObserver observer, @Nullable Executor executor, InstantSource time) {
        RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();
        return new QueueWorks(this, spool, delivery, observer, executor, time, random);
    }

    final Rules rules(InstantSource time, RandomGenerator random) {
        QueueOptions options = queue.build();
        EgressPathOptions pathOptions = path.build();
        EgressPathOptions chores =
                EgressPathOptions.builder().connectionLimit(maxChores).build();
        Map<String, EgressPool> knownPools = Map.copyOf(pools);
        Map<String, EgressSource> knownSources = Map.copyOf(sources);
        Function<QueueName, QueueOptions> ofQueues = queueOptions == null ? name -> options : queueOptions;
        EgressPaths ofPaths = egressPaths == null ? (site, source, domain) -> pathOptions : egressPaths;
        return new Rules(
                name -> Chores.isQueue(name.domain()) ? CHORES : ofQueues.apply(name),
                name -> find("egress pool", name, knownPools, poolsByName),
                name -> find("egress source", name, knownSources, sourcesByName),
                (site, source, domain) -> Chores.isQueue(domain) ? chores : ofPaths.options(site, source, domain),
                time,
                random);
    }

    private static <T> T find(String what, String name, Map<String, T> known, @Nullable Function<String, T> function) {
        T found = known.get(name);
        if (found == null && function != null) {
            found = function.apply(name);
        }
        if (found == null) {
            throw new IllegalArgumentException(
                    "there is no " + what + " '" + name + "'; the known ones are " + List.copyOf(known.keySet()));
        }
        return found;
    }

    final List<QueuePolicy> policies() {
        return List.copyOf(policies);
    }

    final Optional<DsnWriter> bounces() {
        return Optional.ofNullable(bounces);
    }

    final int maxConnections() {
        return maxConnections;
    }

    final long maxMessageMemory() {
        return maxMessageMemory;
    }
}
