package dev.kumo.smtp.client;

import dev.kumo.core.delivery.Outcome;
import dev.kumo.core.delivery.UnroutableException;
import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.Reply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One message on its way over a link: in as many transactions as its recipients need. */
final class Shipment {

    private static final Logger LOG = LoggerFactory.getLogger(Shipment.class);

    private static final Reply UNREADABLE = Reply.of(451, "4.3.0", "the message cannot be read here, try again later");
    private static final Reply ENDED = Reply.of(451, "4.4.2", "not tried, as the connection has broken before");

    private final SmtpLink link;
    private final Message message;
    private final @Nullable Outcome[] outcomes;
    private boolean reopened;

    Shipment(SmtpLink link, Message message) {
        this.link = link;
        this.message = message;
        this.outcomes = new Outcome[message.recipients().size()];
    }

    Outcome run() {
        try {
            ContentFacts facts = ContentFacts.of(message);
            while (!waiting().isEmpty()) {
                if (link.isEnded()) {
                    decide(waiting(), new Outcome.Deferred(ENDED));
                } else {
                    next(link.session(), facts);
                }
            }
        } catch (UnroutableException e) {
            decide(waiting(), e.outcome());
        } catch (IOException | RuntimeException e) {
            LOG.error("cannot read the content of message {}", message.id(), e);
            decide(waiting(), new Outcome.Deferred(UNREADABLE));
        }
        return Outcomes.together(
                Arrays.stream(outcomes).map(Objects::requireNonNull).toList());
    }

    /** The recipients without an outcome. */
    private List<Integer> waiting() {
        List<Integer> waiting = new ArrayList<>();
        for (int i = 0; i < outcomes.length; i++) {
            if (outcomes[i] == null) {
                waiting.add(i);
            }
        }
        return waiting;
    }

    private void next(ClientSession session, ContentFacts facts) {
        LocalRefusals refusals = new LocalRefusals(session);
        Optional<Outcome> unsafe = refusals.ofUnsafe(message);
        if (unsafe.isPresent() && (link.insists() || link.passOver())) {
            return; // another session, or another host
        }
        Optional<Outcome> refused = unsafe.or(() -> refusals.of(message, facts));
        if (refused.isPresent()) {
            decide(waiting(), refused.get());
            return;
        }
        for (int index : waiting()) {
            refusals.of(recipient(index)).ifPresent(outcome -> outcomes[index] = outcome);
        }
        List<Integer> group = waiting();
        if (!group.isEmpty()) {
            transact(session, facts, group.subList(0, Math.min(session.mostRecipients(), group.size())));
        }
    }

    private void transact(ClientSession session, ContentFacts facts, List<Integer> group) {
        boolean used = !session.isFresh();
        List<EnvelopeAddress> recipients = group.stream().map(this::recipient).toList();
        boolean utf8 =
                Envelopes.needsUtf8(message, facts) || recipients.stream().anyMatch(Envelopes::needsUtf8);
        Transaction transaction = new Transaction(session, message, facts, recipients);
        List<Outcome> said = transaction.run(utf8);
        Optional<BrokenLinkException> broken = transaction.broken();
        for (int i = 0; i < group.size(); i++) {
            outcomes[group.get(i)] = said.get(i);
        }
        if (broken.isPresent()) {
            undo(group, transaction, broken.get(), used);
        }
    }

    /** Goes on after a break: recipients whose outcome it would be wait again, where it does no harm. */
    private void undo(List<Integer> group, Transaction transaction, BrokenLinkException broken, boolean used) {
        List<Integer> cut = transaction.cut().stream().map(group::get).toList();
        if (broken instanceof BrokenLinkException.Chunking && link.chunks()) {
            link.reopenWithoutChunking();
            again(cut);
        } else if (used && !transaction.isAnswered() && !reopened) {
            reopened = true; // it had gone while it was idle
            link.reopen();
            again(cut);
        } else if (link.triesNextHost() && !transaction.mayHaveArrived()) {
            link.nextHost();
            again(cut);
        } else {
            link.broken();
        }
    }

    private void again(List<Integer> indices) {
        indices.forEach(index -> outcomes[index] = null);
    }

    private void decide(List<Integer> indices, Outcome outcome) {
        indices.forEach(index -> outcomes[index] = outcome);
    }

    private EnvelopeAddress recipient(int index) {
        return message.recipients().get(index);
    }
}
