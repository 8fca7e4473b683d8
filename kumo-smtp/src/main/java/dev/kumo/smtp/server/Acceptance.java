package dev.kumo.smtp.server;

import dev.kumo.core.Reception;
import dev.kumo.core.log.LogRecord;
import dev.kumo.core.log.MessageFacts;
import dev.kumo.core.log.MtaObserver;
import dev.kumo.core.mail.Content;
import dev.kumo.core.mail.Envelope;
import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.MessageId;
import dev.kumo.core.mail.Reply;
import dev.kumo.core.policy.RelayDecision;
import dev.kumo.core.policy.ReportDisposition;
import dev.kumo.core.policy.Verdict;
import dev.kumo.core.report.ReportKind;
import dev.kumo.core.trace.ReceivedHeader;
import dev.kumo.core.trace.SupplementalHeader;
import dev.kumo.core.trace.TraceHeaders;
import dev.kumo.core.trace.TransmissionType;
import dev.kumo.smtp.ClientName;
import dev.kumo.smtp.Recipient;
import dev.kumo.smtp.server.Policies.Event;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes messages of a transaction whose content has come, and hands them to the reception: all of them, or none. */
final class Acceptance {

    private static final Set<Event> ASKS = EnumSet.of(Event.DATA, Event.MESSAGE_RECEIVED, Event.LISTENER_DOMAIN);
    private static final Logger LOG = LoggerFactory.getLogger(Acceptance.class);

    private final EsmtpListenerOptions options;
    private final Policies policies;
    private final Relaying relaying;
    private final Reception reception;
    private final MtaObserver observer;
    private final InstantSource time;
    private final RandomGenerator random;
    private final TraceHeaders trace;
    private final ReceivedHeader received = new ReceivedHeader();
    private final boolean mayBlock;

    Acceptance(
            EsmtpListenerOptions options,
            Policies policies,
            Relaying relaying,
            Reception reception,
            MtaObserver observer,
            InstantSource time,
            RandomGenerator random) {
        this.options = options;
        this.policies = policies;
        this.relaying = relaying;
        this.reception = reception;
        this.observer = observer;
        this.time = time;
        this.random = random;
        this.trace = options.traceHeaders();
        this.mayBlock = reception.mayBlock() || policies.handleAny(ASKS) || readsReports(options);
    }

    /** To read a large report takes longer than other sessions of an event loop should wait. */
    private static boolean readsReports(EsmtpListenerOptions options) {
        return options.domains().entries().values().stream()
                .anyMatch(entry ->
                        entry.logOob() != ReportDisposition.IGNORE || entry.logArf() != ReportDisposition.IGNORE);
    }

    /** Whether code that may block runs on the way. */
    boolean mayBlock() {
        return mayBlock;
    }

    /** What a policy refused with. It ends the transaction from wherever it was said. */
    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient Answer answer;

        Refused(Answer answer) {
            super(null, null, false, false);
            this.answer = answer;
        }
    }

    /** Goes the way of a message as the specification tells it: policy, trace headers, the domain once more. */
    CompletionStage<Answer> accept(Peer peer, Transaction transaction, Content content) {
        Instant now = time.instant();
        List<Message> relayed = new ArrayList<>(transaction.recipients().size());
        List<LogRecord> reports = new ArrayList<>(0);
        ReceivedReport report = new ReceivedReport(content);
        try {
            for (Message message : messages(peer, transaction, content, now)) {
                addReceived(peer, message, now);
                ask(policies.messageReceived(peer, message));
                addSupplemental(message);
                report = report.isOf(message.content()) ? report : new ReceivedReport(message.content());
                sort(peer, message, now, report, relayed, reports);
            }
        } catch (Refused refused) {
            return CompletableFuture.completedFuture(refused.answer);
        }
        if (relayed.isEmpty()) {
            tell(reports);
            return CompletableFuture.completedFuture(Answer.of(Replies.REPORT_TAKEN));
        }
        return hand(relayed).thenApply(reply -> {
            if (reply.isPositive()) {
                tell(reports);
            }
            return Answer.of(reply);
        });
    }

    private List<Message> messages(Peer peer, Transaction transaction, Content content, Instant now) throws Refused {
        List<EnvelopeAddress> recipients =
                transaction.recipients().stream().map(Recipient::address).toList();
        Envelope envelope = new Envelope(
                transaction.from().sender(), recipients, transaction.from().smtpUtf8());
        Message whole = new Message(nextId(now), envelope, peer.meta().copy(), content);
        whole.setDeferredSpool(options.deferredSpool());
        ask(policies.data(peer, whole));
        if (whole.recipients().size() == 1) {
            return List.of(whole);
        }
        return whole.recipients().stream()
                .map(recipient -> whole.copyFor(nextId(now), List.of(recipient)))
                .toList();
    }

    private void addReceived(Peer peer, Message message, Instant now) {
        if (trace.receivedHeader()) {
            String value = received.value(new ReceivedHeader.Hop(
                    peer.name().map(ClientName::text).orElse(null),
                    peer.client().getAddress(),
                    peer.tls().map(tls -> tls.protocol() + " " + tls.cipher()).orElse(null),
                    options.hostname(),
                    TransmissionType.of(
                            peer.extended(),
                            peer.tls().isPresent(),
                            peer.identity().isPresent(),
                            message.envelope().smtpUtf8()),
                    message.id(),
                    message.recipients(),
                    now));
            message.prependHeader(ReceivedHeader.NAME, value);
        }
    }

    private void addSupplemental(Message message) {
        if (trace.supplementalHeader()) {
            message.prependHeader(
                    trace.headerName(), SupplementalHeader.encode(trace, message.recipients(), message.meta()));
        }
    }

    /** Resolves the domain of each recipient again, as the policy may have changed the envelope. */
    private void sort(
            Peer peer,
            Message message,
            Instant now,
            ReceivedReport report,
            List<Message> relayed,
            List<LogRecord> reports)
            throws Refused {
        List<EnvelopeAddress> onward = new ArrayList<>(message.recipients().size());
        Set<ReportKind> logged = EnumSet.noneOf(ReportKind.class);
        for (EnvelopeAddress recipient : message.recipients()) {
            RelayDecision decision = relaying.decide(peer, message.sender(), recipient);
            ReportKind kind = report.kind(decision);
            Tracer tracer = peer.tracer();
            if (tracer != null) {
                tracer.disposed(message, recipient, decision, kind);
            }
            switch (decision.fate(kind)) {
                case REFUSE -> throw new Refused(Answer.of(Replies.RELAYING_DENIED));
                case SPOOL -> onward.add(recipient);
                case LOG_AND_SPOOL -> {
                    onward.add(recipient);
                    logged.add(kind);
                }
                case LOG_ONLY -> logged.add(kind);
            }
        }
        if (!logged.isEmpty()) {
            MessageFacts facts = MessageFacts.of(message, observer.wantedHeaders());
            if (logged.contains(ReportKind.ARF)) {
                report.complaint(now, facts).forEach(reports::add);
                message.setReceptionLogged(true);
            } else if (onward.isEmpty()) {
                reports.add(new LogRecord.Reception(now, facts)); // of all others the reception tells it
            }
            if (logged.contains(ReportKind.OOB)) {
                report.bounces(now, facts).forEach(reports::add);
            }
        }
        if (!onward.isEmpty()) {
            message.setRecipients(onward);
            relayed.add(message);
        }
    }

    private void tell(List<LogRecord> reports) {
        reports.forEach(observer::record);
    }

    private CompletionStage<Reply> hand(List<Message> messages) {
        CompletionStage<Reply> handed;
        try {
            handed = reception.receive(messages).thenApply(Acceptance::decided);
        } catch (RuntimeException | Error e) {
            handed = CompletableFuture.failedFuture(e);
        }
        return handed.exceptionally(cause -> {
            LOG.error("The reception failed; the client keeps its mail", cause);
            return Replies.NOT_STORED;
        });
    }

    private static Reply decided(Reply reply) {
        if (reply.code() >= 300 && reply.code() < 400) {
            throw new IllegalStateException("a reception answers 2xx, 4xx or 5xx, not " + reply);
        }
        return reply;
    }

    private static void ask(Verdict verdict) throws Refused {
        if (verdict instanceof Verdict.Reject reject) {
            throw new Refused(Answer.of(reject.reply()));
        }
        if (verdict instanceof Verdict.Disconnect disconnect) {
            throw new Refused(Answer.close(disconnect.reply()));
        }
    }

    private MessageId nextId(Instant now) {
        return MessageId.next(now, random);
    }
}
