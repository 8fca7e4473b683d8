package dev.kumo.smtp.client;

import dev.kumo.core.delivery.IpLookupStrategy;
import dev.kumo.core.delivery.Outcome;
import dev.kumo.core.mail.AddressLiteral;
import dev.kumo.core.mail.DomainName;
import dev.kumo.core.mail.Reply;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/**
 * Finds out where the mail of a domain goes, RFC 5321 section 5.1.
 *
 * <ul>
 *   <li>The hosts of its MX records, the lowest preference first; those of the same preference in an order that is drawn
 *       anew for each plan, and so are the addresses of a host within IPv4 and IPv6. A record whose host is no host name,
 *       an IP address for example, is left out.
 *   <li>The domain itself, if it has no MX record at all. Not if it has some that lead nowhere.
 *   <li>Nowhere, {@code 556 5.1.10}, if its MX record is the null MX (RFC 7505).
 *   <li>Nowhere, {@code 451 4.4.4}, if no host has an address, or the domain does not exist. The latter is a
 *       temporary error as in KumoMTA, since registrations lapse and come back; {@link Builder#noSuchDomainIsFinal} makes
 *       it {@code 550 5.1.2}.
 *   <li>Nowhere, {@code 451 4.4.3}, if the DNS does not answer.
 *   <li>The address, for a domain literal such as {@code [192.0.2.1]} or {@code [IPv6:2001:db8::1]}.
 * </ul>
 *
 * <p>A plan has at most 50 addresses, at most 10 of a host, and at most 20 hosts are looked up.
 *
 * <p>What the DNS says is kept for as long as it holds: at least 30 seconds, at most a day; "there is none" at most an
 * hour, and five minutes where the zone does not say. That the DNS failed is kept for 30 seconds. While it fails, an
 * older answer serves for up to a day after its end (RFC 8767): mail keeps flowing when a name server of the
 * destination does not. Each question is asked once at a time, however many threads want to know.
 *
 * <p>Any number of threads may use a resolver at once.
 */
public final class MxResolver {

    private static final int MOST_HOSTS = 20;
    private static final int MOST_ADDRESSES_OF_HOST = 10;
    private static final int MOST_ADDRESSES = 50;
    private static final Duration SHORTEST_TTL = Duration.ofSeconds(1);
    private static final Duration LITERAL_TTL = Duration.ofDays(1);
    private static final Duration RETRY = Duration.ofSeconds(30);

    private final CachingDns dns;
    private final RandomGenerator random;
    private final Reply noSuchDomain;

    private MxResolver(Builder builder) {
        this.dns = new CachingDns(builder.dns, builder.time, builder.cacheSize);
        this.random = builder.random;
        this.noSuchDomain = builder.noSuchDomainIsFinal
                ? Reply.of(550, "5.1.2", "The domain does not exist")
                : Reply.of(451, "4.4.4", "The domain does not exist");
    }

    /**
     * A resolver with the defaults of {@link #builder}.
     *
     * @param dns answers the questions; not closed by this resolver
     * @return the resolver
     */
    public static MxResolver of(DnsResolver dns) {
        return builder(dns).build();
    }

    /**
     * Starts a resolver.
     *
     * @param dns answers the questions; not closed by this resolver
     * @return the builder
     */
    public static Builder builder(DnsResolver dns) {
        return new Builder(dns);
    }

    /**
     * Finds out where mail goes, with both kinds of addresses, IPv4 first. Blocks for at most a few seconds.
     *
     * @param domain a domain name or a domain literal
     * @return the plan
     * @throws IllegalArgumentException if it is neither
     */
    public MxPlan resolve(String domain) {
        return resolve(domain, IpLookupStrategy.IPV4_AND_IPV6);
    }

    /**
     * Finds out where mail goes. Blocks for at most a few seconds. A thread that is interrupted gets {@code 451 4.4.3}
     * and stays interrupted.
     *
     * @param domain a domain name or a domain literal
     * @param strategy which addresses to look up; a literal is taken as it is
     * @return the plan
     * @throws IllegalArgumentException if it is neither
     */
    public MxPlan resolve(String domain, IpLookupStrategy strategy) {
        if (domain.startsWith("[")) {
            return literal(domain);
        }
        String name = DomainName.normalize(domain);
        return await(dns.lookup(name, DnsType.MX).thenCompose(mx -> plan(name, mx, strategy)));
    }

    /**
     * Looks up one host, without a look at MX records: a smart host for example.
     *
     * @param host a host name or a domain literal
     * @param strategy which addresses to look up; a literal is taken as it is
     * @return a plan of one host, or nowhere
     * @throws IllegalArgumentException if it is neither
     */
    public MxPlan host(String host, IpLookupStrategy strategy) {
        if (host.startsWith("[")) {
            return literal(host);
        }
        return await(hosts(List.of(new MxRecord(0, DomainName.normalize(host))), LITERAL_TTL, strategy));
    }

    private static MxPlan literal(String domain) {
        AddressLiteral literal = AddressLiteral.parse(domain);
        String text = literal.toString();
        return new MxPlan.Hosts(text, List.of(new MxHost(text, 0, List.of(literal.address()))), LITERAL_TTL);
    }

    private CompletableFuture<MxPlan> plan(String domain, DnsAnswer<MxRecord> mx, IpLookupStrategy strategy) {
        if (mx instanceof DnsAnswer.NoData) {
            return hosts(List.of(new MxRecord(0, domain)), mx.ttl(), strategy);
        }
        if (mx instanceof DnsAnswer.NoSuchName) {
            return nowhere(noSuchDomain, mx.ttl());
        }
        if (mx instanceof DnsAnswer.Failed) {
            return nowhere(Reply.of(451, "4.4.3", "The DNS did not say which hosts the domain has"), RETRY);
        }
        if (mx.records().stream().allMatch(record -> record.host().equals("."))) {
            return nowhere(Reply.of(556, "5.1.10", "The domain takes no mail (null MX)"), mx.ttl());
        }
        return hosts(usable(mx.records()), mx.ttl(), strategy);
    }

    /** The records with a host name, one for each host, that of the lowest preference. */
    private static List<MxRecord> usable(List<MxRecord> records) {
        Map<String, MxRecord> usable = new LinkedHashMap<>();
        for (MxRecord record : records) {
            try {
                String name = DomainName.normalize(record.host());
                if (!isAddress(name)) {
                    usable.merge(
                            name,
                            new MxRecord(record.preference(), name),
                            (one, other) -> one.preference() <= other.preference() ? one : other);
                }
            } catch (IllegalArgumentException noHostName) {
                // Left out: the other records may be better.
            }
        }
        return List.copyOf(usable.values());
    }

    /** No top-level domain is a number. */
    private static boolean isAddress(String name) {
        return name.substring(name.lastIndexOf('.') + 1).chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private CompletableFuture<MxPlan> hosts(List<MxRecord> records, Duration ttl, IpLookupStrategy strategy) {
        List<MxRecord> first = new ArrayList<>(records);
        shuffle(first);
        first.sort(Comparator.comparingInt(MxRecord::preference)); // keeps the drawn order among equals
        first = first.subList(0, Math.min(MOST_HOSTS, first.size()));
        List<CompletableFuture<HostAddresses>> looked = new ArrayList<>();
        for (MxRecord record : first) {
            looked.add(HostAddresses.of(record, dns, strategy));
        }
        String site = SiteName.of(records.stream().map(MxRecord::host).toList());
        return CompletableFuture.allOf(looked.toArray(CompletableFuture[]::new))
                .thenApply(all ->
                        plan(site, looked.stream().map(CompletableFuture::join).toList(), ttl));
    }

    private MxPlan plan(String site, List<HostAddresses> looked, Duration ttl) {
        List<MxHost> hosts = new ArrayList<>();
        Duration least = ttl;
        boolean failed = false;
        int room = MOST_ADDRESSES;
        for (HostAddresses host : looked) {
            List<InetAddress> addresses = new ArrayList<>();
            for (List<InetAddress> family : host.families()) {
                List<InetAddress> drawn = new ArrayList<>(family);
                shuffle(drawn);
                addresses.addAll(drawn);
            }
            int most = Math.min(room, Math.min(MOST_ADDRESSES_OF_HOST, addresses.size()));
            if (most > 0) {
                hosts.add(new MxHost(host.record().host(), host.record().preference(), addresses.subList(0, most)));
                room -= most;
            }
            failed |= host.failed();
            least = host.ttl().compareTo(least) < 0 ? host.ttl() : least;
        }
        Duration holds = least.compareTo(SHORTEST_TTL) < 0 ? SHORTEST_TTL : least;
        if (!hosts.isEmpty()) {
            return new MxPlan.Hosts(site, hosts, holds);
        }
        Reply reply = failed
                ? Reply.of(451, "4.4.3", "The DNS did not say which addresses the hosts of the domain have")
                : Reply.of(451, "4.4.4", "No host of the domain has an address");
        return nowhere(reply, holds).join();
    }

    private static CompletableFuture<MxPlan> nowhere(Reply reply, Duration ttl) {
        Outcome outcome = reply.isPermanent() ? new Outcome.Refused(reply) : new Outcome.Deferred(reply);
        return CompletableFuture.completedFuture(new MxPlan.Nowhere(outcome, ttl));
    }

    private <E> void shuffle(List<E> list) {
        for (int i = list.size() - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            E one = list.get(i);
            list.set(i, list.get(other));
            list.set(other, one);
        }
    }

    private static MxPlan await(CompletableFuture<MxPlan> plan) {
        try {
            return plan.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return nowhere(Reply.of(451, "4.4.3", "Interrupted while the DNS was asked"), SHORTEST_TTL)
                    .join();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a look-up ends with an answer", e.getCause());
        }
    }

    /** What a resolver is made of. */
    public static final class Builder {

        private final DnsResolver dns;
        private InstantSource time = InstantSource.system();
        private RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();
        private long cacheSize = 100_000;
        private boolean noSuchDomainIsFinal;

        private Builder(DnsResolver dns) {
            this.dns = dns;
        }

        /**
         * The clock by which answers grow old.
         *
         * @param clock that of the system unless set
         * @return this
         */
        public Builder time(InstantSource clock) {
            time = clock;
            return this;
        }

        /**
         * Draws the order among equals.
         *
         * @param generator one that many threads may use at once, such as {@link java.util.Random}
         * @return this
         */
        public Builder random(RandomGenerator generator) {
            random = generator;
            return this;
        }

        /**
         * How many answers are kept. A domain needs one, and each host two, which its domains share.
         *
         * @param answers 100,000 unless set
         * @return this
         * @throws IllegalArgumentException if it is negative
         */
        public Builder cacheSize(long answers) {
            if (answers < 0) {
                throw new IllegalArgumentException("the cache holds 0 or more answers, not " + answers);
            }
            cacheSize = answers;
            return this;
        }

        /**
         * Whether mail to a domain that does not exist is refused at once, with {@code 550 5.1.2}, instead of tried
         * again until it expires.
         *
         * @param isFinal false unless set
         * @return this
         */
        public Builder noSuchDomainIsFinal(boolean isFinal) {
            noSuchDomainIsFinal = isFinal;
            return this;
        }

        /**
         * Makes the resolver.
         *
         * @return the resolver
         */
        public MxResolver build() {
            return new MxResolver(this);
        }
    }
}
