package dev.kumo.smtp.client;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.kumo.core.mail.DomainName;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps answers for as long as they hold, asks each question once at a time, and helps out with an old answer while the
 * DNS fails (RFC 8767).
 */
final class CachingDns {

    private static final Logger LOG = LoggerFactory.getLogger(CachingDns.class);

    /** Mail is not so urgent that a shorter TTL should cost a query a message. */
    private static final Duration SHORTEST = Duration.ofSeconds(30);

    private static final Duration LONGEST = Duration.ofDays(1);
    private static final Duration LONGEST_NEGATIVE = Duration.ofHours(1);

    /** How long a failure is kept (RFC 9520 section 3.2), and how long an old answer serves before the next try. */
    private static final Duration FAILURE = Duration.ofSeconds(30);

    /** How long after its end an answer may still serve. */
    private static final Duration STALE = Duration.ofDays(1);

    /** A guard against a resolver that never answers; ours do within seconds. */
    private static final Duration GUARD = Duration.ofSeconds(90);

    private final DnsResolver dns;
    private final InstantSource time;
    private final Cache<Question, Kept> answers;
    private final Map<Question, CompletableFuture<DnsAnswer<?>>> open = new ConcurrentHashMap<>();

    private record Question(String name, DnsType<?> type) {}

    /** An answer, until when it holds, and until when it is better than none. */
    private record Kept(DnsAnswer<?> answer, Instant fresh, Instant stale) {}

    CachingDns(DnsResolver dns, InstantSource time, long mostAnswers) {
        this.dns = dns;
        this.time = time;
        // Executor: what there is to tidy up is little, and the common pool is not ours.
        this.answers = Caffeine.newBuilder()
                .maximumSize(mostAnswers)
                .executor(Runnable::run)
                .build();
    }

    <T> CompletableFuture<DnsAnswer<T>> lookup(String name, DnsType<T> type) {
        Question question = new Question(DomainName.normalize(name), type);
        Kept kept = answers.getIfPresent(question);
        Instant now = time.instant();
        if (kept != null && now.isBefore(kept.fresh())) {
            return CompletableFuture.completedFuture(typed(remaining(kept, now)));
        }
        CompletableFuture<DnsAnswer<?>> mine = new CompletableFuture<>();
        CompletableFuture<DnsAnswer<?>> earlier = open.putIfAbsent(question, mine);
        if (earlier == null) {
            ask(question, type).whenComplete((answer, thrown) -> {
                DnsAnswer<?> settled = heard(question, answer, thrown);
                try {
                    settled = settle(question, settled, kept);
                } finally {
                    open.remove(question, mine);
                    mine.complete(settled);
                }
            });
        }
        return (earlier == null ? mine : earlier).thenApply(CachingDns::typed);
    }

    private <T> CompletionStage<DnsAnswer<T>> ask(Question question, DnsType<T> type) {
        try {
            return dns.lookup(question.name(), type)
                    .toCompletableFuture()
                    .copy()
                    .completeOnTimeout(
                            new DnsAnswer.Failed<>("no answer within " + GUARD.toSeconds() + " s"),
                            GUARD.toSeconds(),
                            TimeUnit.SECONDS);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static DnsAnswer<?> heard(Question question, @Nullable DnsAnswer<?> answer, @Nullable Throwable thrown) {
        if (answer == null) {
            LOG.warn("The DNS resolver broke on {} {}", question.name(), question.type(), thrown);
            return new DnsAnswer.Failed<>("the resolver broke");
        }
        if (answer instanceof DnsAnswer.Failed<?> failed) {
            LOG.debug("DNS: {} {}: {}", question.name(), question.type(), failed.reason());
        }
        return answer;
    }

    /** What to answer now, and for some time to come. */
    private DnsAnswer<?> settle(Question question, DnsAnswer<?> heard, @Nullable Kept before) {
        Instant now = time.instant();
        if (heard instanceof DnsAnswer.Failed && before != null && now.isBefore(before.stale())) {
            Kept again = new Kept(before.answer(), now.plus(FAILURE), before.stale());
            answers.put(question, again);
            return remaining(again, now);
        }
        Duration holds = holds(heard);
        boolean useful = heard instanceof DnsAnswer.Found || heard instanceof DnsAnswer.NoData;
        Kept kept = new Kept(heard, now.plus(holds), useful ? now.plus(holds).plus(STALE) : now);
        answers.put(question, kept);
        return remaining(kept, now);
    }

    private static Duration holds(DnsAnswer<?> answer) {
        if (answer instanceof DnsAnswer.Failed) {
            return FAILURE;
        }
        Duration longest = answer instanceof DnsAnswer.Found ? LONGEST : LONGEST_NEGATIVE;
        Duration shorter = answer.ttl().compareTo(longest) < 0 ? answer.ttl() : longest;
        return shorter.compareTo(SHORTEST) > 0 ? shorter : SHORTEST;
    }

    private static DnsAnswer<?> remaining(Kept kept, Instant now) {
        DnsAnswer<?> answer = kept.answer();
        Duration ttl = Duration.between(now, kept.fresh());
        if (answer instanceof DnsAnswer.Found<?> found) {
            return new DnsAnswer.Found<>(found.records(), ttl);
        }
        if (answer instanceof DnsAnswer.NoData) {
            return new DnsAnswer.NoData<>(ttl);
        }
        return answer instanceof DnsAnswer.NoSuchName ? new DnsAnswer.NoSuchName<>(ttl) : answer;
    }

    /** Answers are kept by their type, so that what comes out is of the type that was asked for. */
    @SuppressWarnings("unchecked")
    private static <T> DnsAnswer<T> typed(DnsAnswer<?> answer) {
        return (DnsAnswer<T>) answer;
    }
}
