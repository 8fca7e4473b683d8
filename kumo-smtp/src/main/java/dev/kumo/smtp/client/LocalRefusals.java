package dev.kumo.smtp.client;

import dev.kumo.core.delivery.Outcome;
import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.Reply;
import java.util.Optional;

/** What is refused here because the far side has said that it could not take it. */
final class LocalRefusals {

    private final ClientSession session;
    private final Capabilities offered;
    private final boolean lenient;

    LocalRefusals(ClientSession session) {
        this.session = session;
        this.offered = session.offers();
        this.lenient = session.path().ignore8bitChecks();
    }

    /** The refusal of a message that asks for more safety than there is with this host, RFC 8689 section 4.2.1. */
    Optional<Outcome> ofUnsafe(Message message) {
        if (Envelopes.requiresTls(message) && !session.isVerified()) {
            return refused(550, "5.7.10", "the message requires TLS with a verified host");
        }
        if (Envelopes.requiresTls(message) && !offered.has("REQUIRETLS")) {
            return refused(550, "5.7.30", "the message requires a host that offers REQUIRETLS");
        }
        return Optional.empty();
    }

    /** The refusal of a message as a whole. */
    Optional<Outcome> of(Message message, ContentFacts facts) {
        if (facts.size() > offered.largestMessage()) {
            return refused( // RFC 1870 section 6.4
                    552,
                    "5.3.4",
                    "the message has " + facts.size() + " octets, and the host takes " + offered.largestMessage());
        }
        if (facts.eightBit() && !offered.has("8BITMIME") && !lenient) {
            return refused(554, "5.6.3", "the message has 8-bit content, which the host does not offer to take");
        }
        return Envelopes.needsUtf8(message, facts) ? utf8() : Optional.empty();
    }

    /** The refusal of one recipient. */
    Optional<Outcome> of(EnvelopeAddress recipient) {
        return Envelopes.needsUtf8(recipient) ? utf8() : Optional.empty();
    }

    private Optional<Outcome> utf8() {
        return offered.has("SMTPUTF8") || lenient
                ? Optional.empty()
                : refused(554, "5.6.7", "the message needs SMTPUTF8, which the host does not offer");
    }

    private Optional<Outcome> refused(int code, String status, String text) {
        return Optional.of(new Outcome.Refused(Reply.of(code, status, text), session.attempt()));
    }
}
