package dev.kumo.smtp.client;

import dev.kumo.core.delivery.Outcome;
import dev.kumo.core.mail.Reply;
import dev.kumo.core.net.CidrSet;
import dev.kumo.core.net.IpLiteral;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Where the mail of a domain goes: to the first of some hosts that takes it, or nowhere. */
public sealed interface MxPlan {

    /**
     * How long this holds; after that, the resolver is to be asked again.
     *
     * @return more than zero
     */
    Duration ttl();

    /**
     * Hosts to try, one after the other, and each of its addresses before the next host.
     *
     * @param site one name for this set of hosts, the same for all domains that have them: limits of connections and
     *     rates belong to the site, not to the domain. Such as {@code (alt1|alt2)?.mx.example.com}; at most 255
     *     characters
     * @param hosts at least one
     * @param ttl how long this holds
     */
    record Hosts(String site, List<MxHost> hosts, Duration ttl) implements MxPlan {

        /**
         * Copies the list.
         *
         * @param site one name for this set of hosts
         * @param hosts at least one
         * @param ttl how long this holds
         * @throws IllegalArgumentException if there is no host
         */
        public Hosts {
            hosts = List.copyOf(hosts);
            if (hosts.isEmpty()) {
                throw new IllegalArgumentException("a plan without hosts is MxPlan.Nowhere");
            }
        }
    }

    /**
     * There is no host to try.
     *
     * @param outcome deferred or refused, and why
     * @param ttl how long this holds
     */
    record Nowhere(Outcome outcome, Duration ttl) implements MxPlan {}

    /**
     * Leaves out addresses, the key {@code skip_hosts}.
     *
     * @param skip the addresses to leave out
     * @return the rest of the plan; {@code 451 4.4.4} if nothing is left
     */
    default MxPlan skipping(CidrSet skip) {
        if (skip.isEmpty() || !(this instanceof Hosts plan)) {
            return this;
        }
        List<MxHost> left = new ArrayList<>();
        for (MxHost host : plan.hosts()) {
            List<InetAddress> addresses = host.addresses().stream()
                    .filter(address -> !skip.contains(address))
                    .toList();
            if (!addresses.isEmpty()) {
                left.add(new MxHost(host.name(), host.preference(), addresses));
            }
        }
        return left.isEmpty()
                ? nowhere(Reply.of(451, "4.4.4", "All hosts of the destination are to be skipped"), plan.ttl())
                : new Hosts(plan.site(), left, plan.ttl());
    }

    /**
     * Refuses to go where mail must never go, the key {@code prohibited_hosts}: to loopback addresses for example, where
     * it would come back to this host.
     *
     * @param prohibited the addresses
     * @return this plan, or {@code 550 5.4.4} if any of its addresses is one of them
     */
    default MxPlan prohibiting(CidrSet prohibited) {
        if (this instanceof Hosts plan) {
            for (MxHost host : plan.hosts()) {
                for (InetAddress address : host.addresses()) {
                    if (prohibited.contains(address)) {
                        String text = "Host " + host.name() + " has the address " + IpLiteral.format(address)
                                + ", to which no mail goes from here";
                        return nowhere(Reply.of(550, "5.4.4", text), plan.ttl());
                    }
                }
            }
        }
        return this;
    }

    /**
     * Goes only to hosts that the domain's policy names, if the policy is to be enforced (RFC 8461 section 5). In any
     * other mode the plan stays as it is; which hosts would fall out of it says {@link MtaStsPolicy#matches}.
     *
     * <p>With {@link MtaStsPolicy.Mode#ENFORCE}, TLS is required on top, with a certificate good for {@link MxHost#name}.
     *
     * @param policy that of the domain for which this plan is
     * @return the rest of the plan; {@code 451 4.7.5} if nothing is left
     */
    default MxPlan allowedBy(MtaStsPolicy policy) {
        if (policy.mode() != MtaStsPolicy.Mode.ENFORCE || !(this instanceof Hosts plan)) {
            return this;
        }
        List<MxHost> left = plan.hosts().stream()
                .filter(host -> policy.matches(host.name()))
                .toList();
        return left.isEmpty()
                ? nowhere(Reply.of(451, "4.7.5", "The domain's MTA-STS policy names none of its hosts"), plan.ttl())
                : new Hosts(plan.site(), left, plan.ttl());
    }

    private static MxPlan nowhere(Reply reply, Duration ttl) {
        return new Nowhere(reply.isPermanent() ? new Outcome.Refused(reply) : new Outcome.Deferred(reply), ttl);
    }
}
