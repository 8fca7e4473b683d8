package dev.kumo.core.queue;

import dev.kumo.core.delivery.Outcome;
import dev.kumo.core.log.Attempt;
import dev.kumo.core.log.MessageFacts;
import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.Reply;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Those recipients of a message who have fared alike. */
record Share(List<EnvelopeAddress> recipients, Outcome outcome) {

    /** Sorts the recipients by their outcomes, in the order in which these first occur; none if the number is not right. */
    static List<Share> of(Message message, Outcome outcome, UnaryOperator<Attempt> attempts) {
        List<EnvelopeAddress> recipients = message.recipients();
        if (!(outcome instanceof Outcome.PerRecipient mixed)) {
            return List.of(new Share(recipients, stamped(outcome, attempts)));
        }
        if (mixed.outcomes().size() != recipients.size()) {
            return List.of();
        }
        Map<Outcome, List<EnvelopeAddress>> sorted = new LinkedHashMap<>();
        for (int i = 0; i < recipients.size(); i++) {
            sorted.computeIfAbsent(mixed.outcomes().get(i), first -> new ArrayList<>())
                    .add(recipients.get(i));
        }
        return sorted.entrySet().stream()
                .map(entry -> new Share(entry.getValue(), stamped(entry.getKey(), attempts)))
                .toList();
    }

    private static Outcome stamped(Outcome outcome, UnaryOperator<Attempt> attempts) {
        Attempt attempt = attempts.apply(outcome.attempt());
        if (outcome instanceof Outcome.Delivered) {
            return new Outcome.Delivered(outcome.reply(), attempt);
        }
        return outcome instanceof Outcome.Deferred
                ? new Outcome.Deferred(outcome.reply(), attempt)
                : new Outcome.Refused(outcome.reply(), attempt);
    }

    static List<Share> those(Class<? extends Outcome> kind, List<Share> shares) {
        return shares.stream().filter(share -> kind.isInstance(share.outcome())).toList();
    }

    /** All recipients of some shares, in the order of the message. */
    static List<EnvelopeAddress> recipients(Message message, List<Share> shares) {
        return message.recipients().stream()
                .filter(recipient ->
                        shares.stream().anyMatch(share -> share.recipients().contains(recipient)))
                .toList();
    }

    Share with(Outcome other) {
        return new Share(recipients, other);
    }

    Reply reply() {
        return outcome.reply();
    }

    Attempt attempt() {
        return outcome.attempt();
    }

    /** The facts of a message as they concern these recipients. */
    MessageFacts facts(MessageFacts whole) {
        return recipients.size() == whole.recipients().size()
                ? whole
                : new MessageFacts(
                        whole.id(),
                        whole.sender(),
                        recipients,
                        whole.queue(),
                        whole.size(),
                        whole.attempts(),
                        whole.meta(),
                        whole.headers());
    }
}
