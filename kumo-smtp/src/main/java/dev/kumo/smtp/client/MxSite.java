package dev.kumo.smtp.client;

import dev.kumo.core.delivery.EgressPathOptions;
import dev.kumo.core.delivery.EgressSource;
import dev.kumo.core.delivery.EgressTls;
import dev.kumo.core.delivery.IpLookupStrategy;
import dev.kumo.core.delivery.Outcome;
import dev.kumo.core.delivery.UnroutableException;
import dev.kumo.core.mail.Reply;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The hosts that the DNS has for a domain, as they were when it was asked. Domains with the same hosts share a site, so what one
 * of them changes later must not touch the mail of the others; and one whose policy differs is a site of its own.
 *
 * @param name that of the site
 * @param found the hosts
 * @param policy that of MTA-STS
 */
record MxSite(String name, MxPlan.Hosts found, MtaStsPolicy policy) implements Site {

    private static final int SMTP = 25;

    private static final Outcome NO_DOMAIN =
            new Outcome.Refused(Reply.of(550, "5.1.2", "there is no domain of that name"));
    private static final Outcome LOOP =
            new Outcome.Refused(Reply.of(554, "5.4.6", "mail for this domain comes back to this host"));
    private static final Outcome NO_ADDRESS = new Outcome.Deferred(
            Reply.of(451, "4.4.4", "no host of the destination has an address of the kind that is wanted"));

    /**
     * Asks for a domain.
     *
     * @param policies those of MTA-STS, unless nobody wants to know
     */
    static MxSite of(String domain, MxResolver resolver, @Nullable MtaSts policies) throws UnroutableException {
        try {
            MxPlan.Hosts found = hosts(resolver.resolve(domain, IpLookupStrategy.IPV4_AND_IPV6));
            MtaStsPolicy policy = policies == null ? MtaStsPolicy.NONE : policies.policyFor(domain);
            String heeded = policy.mode() == MtaStsPolicy.Mode.NONE
                    ? ""
                    : "+sts" + Integer.toHexString(Objects.hash(policy.mode().name(), policy.mx()));
            return new MxSite(found.site() + heeded, found, policy);
        } catch (IllegalArgumentException noDomain) {
            throw new UnroutableException(NO_DOMAIN);
        }
    }

    @Override
    public Plan plan(EgressSource source, EgressPathOptions path) throws UnroutableException {
        MtaStsPolicy heeded = path.enableMtaSts() ? policy : MtaStsPolicy.NONE;
        List<MxHost> hosts = hosts(by(path.ipLookupStrategy())
                        .allowedBy(heeded)
                        .prohibiting(path.prohibitedHosts())
                        .skipping(path.skipHosts()))
                .hosts();
        int port = source.remotePort().orElse(path.smtpPort());
        List<Candidate> candidates = (port == SMTP ? before(OwnAddresses.now(), hosts) : hosts)
                .stream()
                        .flatMap(host -> host.addresses().stream()
                                .map(address -> new Candidate(host.name(), new InetSocketAddress(address, port))))
                        .toList();
        return new Plan(candidates, tls(heeded, path.enableTls()));
    }

    /** RFC 5321 section 5.1: a host that is one of them goes to those preferred to itself only, or mail would go in circles. */
    static List<MxHost> before(Set<InetAddress> own, List<MxHost> hosts) throws UnroutableException {
        OptionalInt self = hosts.stream()
                .filter(host -> host.addresses().stream().anyMatch(own::contains))
                .mapToInt(MxHost::preference)
                .min();
        if (self.isEmpty()) {
            return hosts;
        }
        List<MxHost> left = hosts.stream()
                .filter(host -> host.preference() < self.getAsInt())
                .toList();
        if (left.isEmpty()) {
            throw new UnroutableException(LOOP);
        }
        return left;
    }

    private MxPlan.Hosts by(IpLookupStrategy strategy) throws UnroutableException {
        if (strategy == IpLookupStrategy.IPV4_AND_IPV6) {
            return found;
        }
        List<MxHost> hosts = found.hosts().stream()
                .map(host -> new MxHost(host.name(), host.preference(), by(strategy, host.addresses())))
                .filter(host -> !host.addresses().isEmpty())
                .toList();
        if (hosts.isEmpty()) {
            throw new UnroutableException(NO_ADDRESS);
        }
        return new MxPlan.Hosts(found.site(), hosts, found.ttl());
    }

    private static List<InetAddress> by(IpLookupStrategy strategy, List<InetAddress> all) {
        List<InetAddress> v4 =
                all.stream().filter(Inet4Address.class::isInstance).toList();
        List<InetAddress> v6 =
                all.stream().filter(address -> !v4.contains(address)).toList();
        return switch (strategy) {
            case IPV4_AND_IPV6 -> all;
            case IPV6_AND_IPV4 ->
                all.stream().sorted(Comparator.comparing(v4::contains)).toList();
            case IPV4_ONLY -> v4;
            case IPV6_ONLY -> v6;
            case IPV4_THEN_IPV6 -> v4.isEmpty() ? v6 : v4;
            case IPV6_THEN_IPV4 -> v6.isEmpty() ? v4 : v6;
        };
    }

    /** RFC 8461 section 5. A policy that is only tested never makes less of what is required here. */
    private static EgressTls tls(MtaStsPolicy policy, EgressTls configured) {
        return switch (policy.mode()) {
            case ENFORCE -> EgressTls.REQUIRED;
            case TESTING -> configured == EgressTls.OPPORTUNISTIC ? EgressTls.OPPORTUNISTIC_INSECURE : configured;
            case NONE -> configured;
        };
    }

    private static MxPlan.Hosts hosts(MxPlan plan) throws UnroutableException {
        if (plan instanceof MxPlan.Nowhere nowhere) {
            throw new UnroutableException(nowhere.outcome());
        }
        return (MxPlan.Hosts) plan;
    }
}
