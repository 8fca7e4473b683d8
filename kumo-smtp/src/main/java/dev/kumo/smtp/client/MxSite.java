package dev.kumo.smtp.client;

import dev.kumo.core.delivery.EgressPathOptions;
import dev.kumo.core.delivery.EgressSource;
import dev.kumo.core.delivery.EgressTls;
import dev.kumo.core.delivery.IpLookupStrategy;
import dev.kumo.core.delivery.Outcome;
import dev.kumo.core.delivery.UnroutableException;
import dev.kumo.core.mail.Reply;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The hosts that the DNS has for a domain.
 *
 * @param domain a domain name or a domain literal
 * @param name that of the site
 * @param resolver keeps what it is told, so that it may be asked for every connection
 * @param policies those of MTA-STS, unless nobody wants to know
 */
record MxSite(
        String domain,
        String name,
        MxResolver resolver,
        @Nullable MtaSts policies) implements Site {

    private static final Outcome NO_DOMAIN =
            new Outcome.Refused(Reply.of(550, "5.1.2", "there is no domain of that name"));

    static MxSite of(String domain, MxResolver resolver, @Nullable MtaSts policies) throws UnroutableException {
        try {
            return new MxSite(
                    domain,
                    hosts(resolver.resolve(domain, IpLookupStrategy.IPV4_AND_IPV6))
                            .site(),
                    resolver,
                    policies);
        } catch (IllegalArgumentException noDomain) {
            throw new UnroutableException(NO_DOMAIN);
        }
    }

    @Override
    public Plan plan(EgressSource source, EgressPathOptions path) throws UnroutableException {
        MtaStsPolicy policy = policies != null && path.enableMtaSts() ? policies.policyFor(domain) : MtaStsPolicy.NONE;
        MxPlan.Hosts found = hosts(resolver.resolve(domain, path.ipLookupStrategy())
                .allowedBy(policy)
                .prohibiting(path.prohibitedHosts())
                .skipping(path.skipHosts()));
        int port = source.remotePort().orElse(path.smtpPort());
        List<Candidate> candidates = found.hosts().stream()
                .flatMap(host -> host.addresses().stream()
                        .map(address -> new Candidate(host.name(), new InetSocketAddress(address, port))))
                .toList();
        return new Plan(candidates, tls(policy, path.enableTls()));
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
