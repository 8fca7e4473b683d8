package dev.kumo.core.queue;

import dev.kumo.core.delivery.EgressPathOptions;
import dev.kumo.core.delivery.EgressPool;
import dev.kumo.core.delivery.EgressSource;
import dev.kumo.core.delivery.Route;
import dev.kumo.core.mail.QueueName;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the embedder's functions say of queues, pools, sources and paths. They are asked without the lock, and may block. */
final class Rules {

    private static final Logger LOG = LoggerFactory.getLogger(QueueWorks.class);

    private static final Duration REFRESHED = Duration.ofMinutes(1);

    private final Function<QueueName, QueueOptions> options;
    private final Function<String, EgressPool> pools;
    private final Function<String, EgressSource> sources;
    private final EgressPaths paths;
    private final InstantSource time;
    private final RandomGenerator random;

    Rules(
            Function<QueueName, QueueOptions> options,
            Function<String, EgressPool> pools,
            Function<String, EgressSource> sources,
            EgressPaths paths,
            InstantSource time,
            RandomGenerator random) {
        this.options = options;
        this.pools = pools;
        this.sources = sources;
        this.paths = paths;
        this.time = time;
        this.random = random;
    }

    /** The options of a queue, asked for where that has not been done lately. */
    Terms terms(ScheduledQueue queue) {
        long now = time.millis();
        Terms known = queue.terms;
        if (known != null && now < known.until()) {
            return known;
        }
        QueueOptions asked = options.apply(queue.name);
        Terms terms = new Terms(asked, new RetrySchedule(asked, random), now + REFRESHED.toMillis());
        queue.terms = terms;
        return terms;
    }

    /** The same, but if the function fails, what was known before, or what holds where nothing is said. */
    Terms termsAnyhow(ScheduledQueue queue) {
        try {
            return terms(queue);
        } catch (RuntimeException | Error e) {
            LOG.error("cannot tell the options of queue {}", queue, e);
            Terms known = queue.terms;
            return known != null
                    ? known
                    : new Terms(QueueOptions.DEFAULT, new RetrySchedule(QueueOptions.DEFAULT, random), 0);
        }
    }

    /** What leads from a source to a site, without a ready queue yet. */
    record Path(EgressSource source, EgressPathOptions options, ReadyQueues.Rates rates, int weight) {}

    EgressPool pool(String name) {
        return pools.apply(name);
    }

    List<Path> paths(EgressPool pool, Route route, String domain) {
        List<Path> found = new ArrayList<>();
        for (EgressPool.Entry entry : pool.entries()) {
            if (entry.weight() > 0) {
                EgressSource source = sources.apply(entry.name());
                EgressPathOptions path = paths.options(route.site(), source.name(), domain);
                found.add(new Path(source, path, ReadyQueues.Rates.of(path), entry.weight()));
            }
        }
        return found;
    }
}
