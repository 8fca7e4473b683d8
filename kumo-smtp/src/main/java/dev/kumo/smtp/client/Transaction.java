package dev.kumo.smtp.client;

import dev.kumo.core.delivery.EgressTimeouts;
import dev.kumo.core.delivery.Outcome;
import dev.kumo.core.log.Attempt;
import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One transaction: MAIL, RCPT for each recipient, and the content (RFC 5321 section 3.3).
 *
 * <p>With PIPELINING (RFC 2920) commands leave together up to and with DATA, which may then find no recipient taken: if the
 * far side answers 354 all the same, a lone dot ends it. With CHUNKING (RFC 3030) the content is one BDAT or two ({@link Chunks}),
 * for which all recipients are waited for: it would be sent in vain without them.
 */
final class Transaction {

    private static final Logger LOG = LoggerFactory.getLogger(Transaction.class);

    /** Replies to more than these might fill the buffers on the way back, while nobody reads them. */
    private static final int LARGEST_GROUP = 100;

    private static final Reply UNREADABLE = Reply.of(451, "4.3.0", "the message cannot be read here, try again later");

    private record Awaited(String verb, Duration patience, Consumer<ServerReply> then) {}

    private final ClientSession session;
    private final EgressTimeouts timeouts;
    private final Message message;
    private final ContentFacts facts;
    private final List<EnvelopeAddress> recipients;
    private final @Nullable Outcome[] outcomes;
    private final List<Integer> accepted = new ArrayList<>();
    private final Deque<Awaited> awaited = new ArrayDeque<>();
    private final boolean pipelining;
    private final boolean chunking;
    private final Attempt attempt;
    private boolean refused;
    private @Nullable ServerReply data;
    private boolean answered;
    private boolean mayHaveArrived;
    private @Nullable BrokenLinkException broken;
    private List<Integer> cut = List.of();

    Transaction(ClientSession session, Message message, ContentFacts facts, List<EnvelopeAddress> recipients) {
        this.session = session;
        this.timeouts = session.path().timeouts();
        this.message = message;
        this.facts = facts;
        this.recipients = recipients;
        this.outcomes = new Outcome[recipients.size()];
        this.pipelining = session.offers().has("PIPELINING") && session.path().enablePipelining();
        this.chunking = session.chunks();
        this.attempt = session.attempt();
    }

    /** Runs it; it never fails but in its outcomes. */
    List<Outcome> run(boolean utf8) {
        try {
            dialogue(new Envelopes(message, facts, session.offers()), utf8);
        } catch (BrokenLinkException e) {
            broken = e;
            cut = undecided();
            decideRest(Outcomes.broken(e, attempt));
        } catch (IOException | RuntimeException unreadable) {
            LOG.error("cannot read the content of message {}", message.id(), unreadable);
            session.close(); // in the midst of content nothing else ends it without delivering half a message
            decideRest(new Outcome.Deferred(UNREADABLE, attempt));
        }
        return Arrays.stream(outcomes).map(Objects::requireNonNull).toList();
    }

    /** Why the connection has broken, if it has. */
    Optional<BrokenLinkException> broken() {
        return Optional.ofNullable(broken);
    }

    /** The recipients that have no outcome but the break. */
    List<Integer> cut() {
        return cut;
    }

    /** Whether the far side has said anything in it. */
    boolean isAnswered() {
        return answered;
    }

    /** Whether the far side may have the message although it has not said so. */
    boolean mayHaveArrived() {
        return mayHaveArrived;
    }

    private void dialogue(Envelopes envelopes, boolean utf8) throws IOException {
        if (session.needsReset()) {
            ask("RSET", "RSET", timeouts.rset(), this::onReset);
        }
        session.beginsTransaction();
        ask(envelopes.mail(utf8), "MAIL", timeouts.mailFrom(), this::onMail);
        for (int i = 0; i < recipients.size() && !refused; i++) {
            int index = i;
            ask(envelopes.rcpt(recipients.get(i)), "RCPT", timeouts.rcptTo(), reply -> onRecipient(index, reply));
        }
        if (chunking) {
            collect();
        }
        if (awaited.isEmpty() && accepted.isEmpty()) {
            return;
        }
        if (chunking) {
            chunk();
        } else {
            data();
        }
    }

    private void ask(String line, String verb, Duration patience, Consumer<ServerReply> then)
            throws BrokenLinkException {
        session.say(line);
        awaited.add(new Awaited(verb, patience, then));
        if (!pipelining || awaited.size() == LARGEST_GROUP) {
            collect();
        }
    }

    private void collect() throws BrokenLinkException {
        for (Awaited next = awaited.poll(); next != null; next = awaited.poll()) {
            ServerReply reply = session.reply(next.verb(), next.patience());
            answered = true;
            next.then().accept(reply);
        }
    }

    private void onReset(ServerReply reply) {
        if (!reply.isPositive()) {
            session.distrust();
        }
    }

    private void onMail(ServerReply reply) {
        if (!reply.isPositive()) {
            refused = true;
            decideRest(Outcomes.refusal(reply, attempt.answering("MAIL")));
        }
    }

    private void onRecipient(int index, ServerReply reply) {
        if (refused) {
            return; // its answer is that of MAIL
        }
        if (reply.isPositive()) {
            accepted.add(index);
        } else {
            outcomes[index] = Outcomes.recipient(reply, attempt.answering("RCPT"));
        }
    }

    private void data() throws IOException {
        ask("DATA", "DATA", timeouts.data(), reply -> data = reply);
        collect();
        ServerReply reply = Objects.requireNonNull(data);
        if (reply.code() / 100 != 3) {
            decideRest(Outcomes.refusal(reply, attempt.answering("DATA")));
        } else if (accepted.isEmpty()) {
            endEmpty();
        } else {
            ContentWriter content = new ContentWriter(session.content(timeouts.data(), facts.size()), true);
            message.writeTo(content);
            mayHaveArrived = true;
            content.finish();
            finish(".");
        }
    }

    /** RFC 2920 section 3.1. */
    private void endEmpty() throws BrokenLinkException {
        session.say(".");
        if (session.isLmtp()) {
            session.distrust(); // RFC 2033 section 4.2 has a reply for each recipient, and there is none
        } else {
            session.reply(".", timeouts.dataDot());
            session.endsTransaction();
        }
    }

    private void chunk() throws IOException {
        Chunks chunks = new Chunks(session, facts.size(), timeouts.data());
        ContentWriter content = new ContentWriter(chunks, false);
        try {
            message.writeTo(content);
            try {
                content.finish();
                chunks.finish();
            } finally {
                mayHaveArrived = session.knowsChunks() || facts.size() == 0;
            }
        } catch (Chunks.Refused e) {
            decideRest(Outcomes.afterContent(e.reply(), attempt.answering("BDAT")));
            return;
        }
        finish("BDAT");
    }

    private void finish(String verb) throws BrokenLinkException {
        Attempt answering = attempt.answering(verb);
        if (!session.isLmtp()) {
            ServerReply reply = session.reply(verb, timeouts.dataDot());
            if (chunking && (reply.code() == 500 || reply.code() == 502)) {
                mayHaveArrived = false;
                Chunks.requireKnown(session, reply);
            }
            decideRest(Outcomes.afterContent(reply, answering));
        } else {
            for (int index : accepted) { // RFC 2033 section 4.2
                outcomes[index] = Outcomes.afterContent(session.reply(verb, timeouts.dataDot()), answering);
            }
        }
        session.endsTransaction();
    }

    private void decideRest(Outcome outcome) {
        undecided().forEach(index -> outcomes[index] = outcome);
    }

    private List<Integer> undecided() {
        return IntStream.range(0, outcomes.length)
                .filter(index -> outcomes[index] == null)
                .boxed()
                .toList();
    }
}
