package dev.kumo.core.policy;

import dev.kumo.core.net.CidrSet;
import java.net.InetAddress;
import java.util.Optional;
import java.util.function.Function;

/**
 * Who may relay where: the {@code relay_hosts} and {@code domains} of a listener.
 *
 * <p>An entry for the recipient's domain is the whole answer for that domain, whoever the client is: with none of
 * {@code relay_to}, {@code log_oob} and {@code log_arf} the recipient is refused, and without {@code relay_to} its mail
 * is not spooled. {@code relay_hosts}, and {@code relay_from} of the sender's domain, open the domains that have no
 * entry. So an entry {@code *} leaves nothing for them to open. This is what KumoMTA documents; its newer releases let
 * {@code relay_hosts} and {@code relay_from} override an entry.
 *
 * @param relayHosts {@code relay_hosts}: the clients that may relay to any domain without an entry
 * @param domains {@code domains}: the entries
 */
public record RelayRules(CidrSet relayHosts, DomainMap<DomainOptions> domains) {

    /**
     * Decides on one recipient by these rules alone.
     *
     * @param peer the address of the client
     * @param senderDomain the domain of the reverse-path, empty for the null sender
     * @param recipientDomain the domain of the forward-path, empty for {@code <Postmaster>}
     * @return the decision, which holds for {@code RCPT TO} and after {@code DATA}
     */
    public RelayDecision decide(InetAddress peer, String senderDomain, String recipientDomain) {
        return decide(peer, senderDomain, recipientDomain, domain -> Optional.empty());
    }

    /**
     * Decides on one recipient, asking somebody else about a domain before looking into {@link #domains}.
     *
     * @param peer the address of the client
     * @param senderDomain the domain of the reverse-path, empty for the null sender
     * @param recipientDomain the domain of the forward-path, empty for {@code <Postmaster>}
     * @param first answers for a domain, or leaves it to the table; asked about the recipient's domain, then about the
     *     sender's if the decision depends on it. What it throws is passed on
     * @return the decision, which holds for {@code RCPT TO} and after {@code DATA}
     */
    public RelayDecision decide(
            InetAddress peer,
            String senderDomain,
            String recipientDomain,
            Function<? super String, Optional<DomainOptions>> first) {
        Optional<DomainOptions> entry = entry(recipientDomain, first);
        if (entry.isPresent()) {
            return RelayDecision.byEntry(entry.get());
        }
        if (relayHosts.contains(peer)) {
            return RelayDecision.withoutEntry(true, RelayDecision.Rule.RELAY_HOSTS);
        }
        boolean fromSender = entry(senderDomain, first)
                .map(sender -> sender.relayFrom().contains(peer))
                .orElse(false);
        return fromSender
                ? RelayDecision.withoutEntry(true, RelayDecision.Rule.RELAY_FROM)
                : RelayDecision.withoutEntry(false, RelayDecision.Rule.NONE);
    }

    private Optional<DomainOptions> entry(String domain, Function<? super String, Optional<DomainOptions>> first) {
        return first.apply(domain).or(() -> domains.find(domain));
    }
}
