package dev.kumo.smtp.client;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.kumo.core.mail.DomainName;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out which domains demand TLS, MTA-STS (RFC 8461).
 *
 * <p>A TXT record at {@code _mta-sts.DOMAIN} says that there is a policy, and by its id whether it is still the same; the
 * policy is fetched by HTTPS. A policy is kept for its {@code max_age}, and fetched again when the id changes, or after a
 * day (sooner, if its age is under two days) when somebody asks for it. Where the record or the policy cannot be had, one
 * that is kept stays in force until its end; without one, the domain has none. A failed attempt is not repeated for five
 * minutes while the id is the same. While a kept policy is renewed by one thread, it serves the others.
 *
 * <pre>{@code
 * MtaStsPolicy policy = sts.policyFor(domain);
 * MxPlan plan = resolver.resolve(domain).allowedBy(policy);
 * boolean tlsRequired = policy.mode() == MtaStsPolicy.Mode.ENFORCE;
 * }</pre>
 *
 * <p>Any number of threads may use it at once.
 */
public final class MtaSts {

    private static final Logger LOG = LoggerFactory.getLogger(MtaSts.class);
    private static final Duration LONGEST_UNTIL_RENEWED = Duration.ofDays(1);
    private static final Duration PAUSE = Duration.ofMinutes(5); // RFC 8461 section 3.3
    private static final int MOST_RECORDS = 100_000;

    private final CachingDns dns;
    private final InstantSource time;
    private final MtaStsSource source;
    private final Cache<String, Kept> policies;
    private final Map<String, CompletableFuture<MtaStsPolicy>> open = new ConcurrentHashMap<>();

    /**
     * What is known of a domain: a policy, under which id, since when, until when; and which id could not be had, and
     * until when not to try.
     */
    private record Kept(MtaStsPolicy policy, String id, Instant fetched, Instant end, String failedId, Instant pause) {

        static final Kept NOTHING = of(MtaStsPolicy.NONE, "", Instant.EPOCH);

        static Kept of(MtaStsPolicy policy, String id, Instant now) {
            return new Kept(policy, id, now, now.plus(policy.maxAge()), "", now);
        }

        Kept failed(String newId, Instant until) {
            return new Kept(policy, id, fetched, end, newId, until);
        }

        MtaStsPolicy policyAt(Instant now) {
            return now.isBefore(end) ? policy : MtaStsPolicy.NONE;
        }

        boolean isFresh(String newId, Instant now) {
            Duration half = policy.maxAge().dividedBy(2);
            Duration holds = half.compareTo(LONGEST_UNTIL_RENEWED) < 0 ? half : LONGEST_UNTIL_RENEWED;
            return id.equals(newId) && now.isBefore(fetched.plus(holds));
        }

        boolean isPausing(String newId, Instant now) {
            return failedId.equals(newId) && now.isBefore(pause);
        }
    }

    private MtaSts(Builder builder) {
        this.dns = new CachingDns(builder.dns, builder.time, MOST_RECORDS);
        this.time = builder.time;
        this.source = builder.source == null ? new MtaStsHttps() : builder.source;
        this.policies = Caffeine.newBuilder()
                .maximumWeight(builder.cacheSize)
                .weigher((String domain, Kept kept) -> 1 + kept.policy().mx().size())
                .executor(Runnable::run)
                .build();
    }

    /**
     * Policies with the defaults of {@link #builder}.
     *
     * @param dns answers the questions; not closed here
     * @return the policies
     */
    public static MtaSts of(DnsResolver dns) {
        return builder(dns).build();
    }

    /**
     * Starts a description.
     *
     * @param dns answers the questions; not closed here
     * @return the builder
     */
    public static Builder builder(DnsResolver dns) {
        return new Builder(dns);
    }

    /**
     * The policy of a domain, that of the recipient, or the smart host's. Blocks for a few seconds, and for a minute at
     * most where a policy has to be fetched.
     *
     * @param domain a domain name, or a domain literal, which has no policy
     * @return the policy in force, {@link MtaStsPolicy#NONE} if there is none
     * @throws IllegalArgumentException if it is neither
     */
    public MtaStsPolicy policyFor(String domain) {
        if (domain.startsWith("[")) {
            return MtaStsPolicy.NONE;
        }
        String name = DomainName.normalize(domain);
        Optional<String> id = announced(name);
        Kept kept = policies.getIfPresent(name);
        if (kept == null) {
            kept = Kept.NOTHING;
        }
        Instant now = time.instant();
        MtaStsPolicy current = kept.policyAt(now);
        boolean stays = id.isEmpty() || kept.isFresh(id.get(), now) || kept.isPausing(id.get(), now);
        return stays ? current : renewed(name, id.get(), current);
    }

    private Optional<String> announced(String domain) {
        String place = "_mta-sts." + domain;
        try {
            return MtaStsRecord.id(dns.lookup(place, DnsType.TXT).get().records());
        } catch (IllegalArgumentException tooLong) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a look-up ends with an answer", e.getCause());
        }
    }

    private MtaStsPolicy renewed(String domain, String id, MtaStsPolicy current) {
        CompletableFuture<MtaStsPolicy> mine = new CompletableFuture<>();
        CompletableFuture<MtaStsPolicy> earlier = open.putIfAbsent(domain, mine);
        if (earlier == null) {
            MtaStsPolicy policy = current;
            try {
                policy = fetched(domain, id, current);
            } finally {
                open.remove(domain, mine);
                mine.complete(policy);
            }
            return policy;
        }
        if (current.mode() != MtaStsPolicy.Mode.NONE) {
            return current;
        }
        try {
            return earlier.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return current;
        } catch (ExecutionException e) {
            throw new IllegalStateException("a renewal ends with a policy", e.getCause());
        }
    }

    private MtaStsPolicy fetched(String domain, String id, MtaStsPolicy current) {
        try {
            MtaStsPolicy policy = MtaStsPolicy.parse(source.fetch(domain));
            policies.put(domain, Kept.of(policy, id, time.instant()));
            return policy;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return current;
        } catch (IOException | RuntimeException e) {
            Instant now = time.instant();
            // RFC 8461 section 3.3 wants the operator to hear of it, unless the domain has taken its policy back.
            if (current.mode() == MtaStsPolicy.Mode.NONE) {
                LOG.info("MTA-STS policy of {} cannot be had: {}", domain, e.getMessage());
            } else {
                LOG.warn("MTA-STS policy of {} cannot be renewed, the old one stays: {}", domain, e.getMessage());
            }
            policies.asMap()
                    .compute(
                            domain,
                            (key, kept) -> (kept == null ? Kept.of(MtaStsPolicy.NONE, "", now) : kept)
                                    .failed(id, now.plus(PAUSE)));
            return current;
        }
    }

    /** What the policies are made of. */
    public static final class Builder {

        private final DnsResolver dns;
        private InstantSource time = InstantSource.system();
        private @Nullable MtaStsSource source;
        private long cacheSize = 1_000_000;

        private Builder(DnsResolver dns) {
            this.dns = dns;
        }

        /**
         * The clock by which policies grow old.
         *
         * @param clock that of the system unless set
         * @return this
         */
        public Builder time(InstantSource clock) {
            time = clock;
            return this;
        }

        /**
         * Where policies are fetched.
         *
         * @param policies by HTTPS unless set: the certificate has to be good for the host, redirects are not followed,
         *     and an answer of more than 64 KiB, that takes more than a minute, or is not {@code text/plain}, is none
         * @return this
         */
        public Builder source(MtaStsSource policies) {
            source = policies;
            return this;
        }

        /**
         * How much is kept.
         *
         * @param entries 1,000,000 unless set; a domain is one, and each host in its policy is one more
         * @return this
         * @throws IllegalArgumentException if it is negative
         */
        public Builder cacheSize(long entries) {
            if (entries < 0) {
                throw new IllegalArgumentException("the cache holds 0 or more entries, not " + entries);
            }
            cacheSize = entries;
            return this;
        }

        /**
         * Makes the policies.
         *
         * @return the policies
         */
        public MtaSts build() {
            return new MtaSts(this);
        }
    }
}
