package dev.kumo.core.queue;

import dev.kumo.core.mail.QueueName;
import dev.kumo.core.text.Quoted;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Says which scheduled queues are meant: some by their whole names, or all that have certain parts. Parts are compared exactly, and
 * all that are given have to fit; a part that is not given fits all.
 *
 * @param names the whole names, in place of the parts; none if the parts say it
 * @param campaign the campaign, if it matters
 * @param tenant the tenant, if it matters
 * @param domain the domain, lower case, if it matters
 * @param routingDomain the routing domain, if it matters
 */
public record QueueMatch(
        Set<String> names,
        Optional<String> campaign,
        Optional<String> tenant,
        Optional<String> domain,
        Optional<String> routingDomain) {

    private static final QueueMatch ALL =
            new QueueMatch(Set.of(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /**
     * Copies the names.
     *
     * @param names the whole names
     * @param campaign the campaign, if it matters
     * @param tenant the tenant, if it matters
     * @param domain the domain, if it matters
     * @param routingDomain the routing domain, if it matters
     * @throws IllegalArgumentException if there are both names and parts
     */
    public QueueMatch {
        names = Set.copyOf(names);
        boolean parts = campaign.isPresent() || tenant.isPresent() || domain.isPresent() || routingDomain.isPresent();
        if (parts && !names.isEmpty()) {
            throw new IllegalArgumentException(
                    "queues are meant by their names or by parts of them; leave one out, the names being "
                            + Quoted.of(String.join(", ", names)));
        }
    }

    /**
     * All queues.
     *
     * @return a match to narrow down
     */
    public static QueueMatch all() {
        return ALL;
    }

    /**
     * Queues by their whole names.
     *
     * @param names such as {@code tenant@example.com}; at least one
     * @return the match
     * @throws IllegalArgumentException if there is none
     */
    public static QueueMatch named(String... names) {
        if (names.length == 0) {
            throw new IllegalArgumentException("give the name of a queue; all of them are QueueMatch.all()");
        }
        return new QueueMatch(Set.of(names), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /**
     * The same, of one campaign.
     *
     * @param only the campaign
     * @return the narrower match
     */
    public QueueMatch campaign(String only) {
        return new QueueMatch(names, Optional.of(only), tenant, domain, routingDomain);
    }

    /**
     * The same, of one tenant.
     *
     * @param only the tenant
     * @return the narrower match
     */
    public QueueMatch tenant(String only) {
        return new QueueMatch(names, campaign, Optional.of(only), domain, routingDomain);
    }

    /**
     * The same, of one domain.
     *
     * @param only the domain, in any case
     * @return the narrower match
     */
    public QueueMatch domain(String only) {
        return new QueueMatch(names, campaign, tenant, Optional.of(only.toLowerCase(Locale.ROOT)), routingDomain);
    }

    /**
     * The same, of one routing domain.
     *
     * @param only the routing domain
     * @return the narrower match
     */
    public QueueMatch routingDomain(String only) {
        return new QueueMatch(names, campaign, tenant, domain, Optional.of(only));
    }

    /**
     * Whether a queue is meant.
     *
     * @param queue its name
     * @return true if it is
     */
    public boolean matches(QueueName queue) {
        if (!names.isEmpty()) {
            return names.contains(queue.text());
        }
        return fits(campaign, queue.campaign())
                && fits(tenant, queue.tenant())
                && fits(domain, Optional.of(queue.domain()))
                && fits(routingDomain, queue.routingDomain());
    }

    private static boolean fits(Optional<String> wanted, Optional<String> part) {
        return wanted.isEmpty() || wanted.equals(part);
    }
}
