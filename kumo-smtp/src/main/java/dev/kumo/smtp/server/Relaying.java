package dev.kumo.smtp.server;

import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.policy.RelayDecision;
import dev.kumo.core.policy.RelayRules;

/** The relay rules of a listener, with the policies asked before the table. */
final class Relaying {

    private final RelayRules rules;
    private final Policies policies;
    private final String hostname;

    Relaying(RelayRules rules, Policies policies, String hostname) {
        this.rules = rules;
        this.policies = policies;
        this.hostname = hostname;
    }

    RelayDecision decide(Peer peer, EnvelopeAddress sender, EnvelopeAddress recipient) {
        return rules.decide(
                peer.client().getAddress(),
                sender.domain(),
                // RFC 5321 section 4.1.1.3: <Postmaster> is the one of this host.
                recipient.isPostmaster() ? hostname : recipient.domain(),
                domain -> policies.listenerDomain(peer, domain));
    }
}
