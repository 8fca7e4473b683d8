package dev.kumo.http;

import dev.kumo.core.Reception;
import dev.kumo.core.mail.Content;
import dev.kumo.core.mail.Envelope;
import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.MessageId;
import dev.kumo.core.mail.Meta;
import dev.kumo.core.mail.QueueName;
import dev.kumo.core.mail.Reply;
import dev.kumo.core.net.IpLiteral;
import dev.kumo.core.policy.Verdict;
import dev.kumo.core.spool.Draft;
import dev.kumo.core.spool.SpoolFullException;
import dev.kumo.core.trace.SupplementalHeader;
import dev.kumo.core.trace.TraceHeaders;
import dev.kumo.http.answer.RefusedException;
import dev.kumo.http.metric.Metrics;
import dev.kumo.http.mime.AddressText;
import dev.kumo.http.mime.MailDate;
import dev.kumo.http.mime.ReceivedOverHttp;
import dev.kumo.http.template.RenderBudget;
import dev.kumo.http.template.TemplateEngine;
import dev.kumo.http.template.TemplateException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes messages of injections and hands each to the reception by itself, so that the fate of one recipient is not that
 * of another. Only so many are on their way at once that memory does not grow with the number of recipients.
 */
final class Injector {

    private static final Logger LOG = LoggerFactory.getLogger(Inject.class);

    private static final int MOST_ON_THE_WAY = 64;
    private static final long MOST_BYTES_ON_THE_WAY = 4L * 1024 * 1024;

    private static final Reply LOCAL_ERROR = Reply.of(451, "4.3.0", "local error, try again later");

    private static final Reply SHUTTING_DOWN = Reply.of(421, "4.3.2", "shutting down, try again later");

    private static final Reply SPOOL_FULL = Reply.of(452, "4.3.1", "insufficient storage, try again later");

    private final Reception reception;
    private final Policies policies;
    private final Metrics metrics;
    private final String hostname;
    private final HttpLimits limits;
    private final InstantSource time;
    private final RandomGenerator random;
    private final Underway underway = new Underway();

    /** Made when they are first needed: their libraries are large. */
    private final Map<TemplateDialect, TemplateEngine> engines = new ConcurrentHashMap<>();

    Injector(
            Reception reception,
            Policies policies,
            Metrics metrics,
            String hostname,
            HttpLimits limits,
            InstantSource time,
            RandomGenerator random) {
        this.reception = reception;
        this.policies = policies;
        this.metrics = metrics;
        this.hostname = hostname;
        this.limits = limits;
        this.time = time;
        this.random = random;
    }

    /**
     * Injects.
     *
     * @throws RefusedException 422 if the request is wrong for all recipients, or 503 once this closes; nothing is
     *     received then
     * @throws UnknownOutcomeException if it fails after something may have been received
     */
    InjectResult inject(InjectRequest request, Caller caller) {
        if (request.recipients().size() > limits.maxRecipients()) {
            throw new RefusedException(
                    422,
                    "there are " + request.recipients().size() + " recipients, and one request may have "
                            + limits.maxRecipients() + "; send several");
        }
        underway.enter();
        try {
            return run(new Run(request, caller, sender(request.envelopeSender()), mail(request)));
        } finally {
            underway.leave();
        }
    }

    private static InjectResult run(Run run) {
        try {
            run.request.recipients().forEach(run::add);
            return run.end();
        } catch (RuntimeException | Error e) {
            if (run.hasHanded) {
                throw new UnknownOutcomeException(e);
            }
            throw e;
        }
    }

    /** Begins no injection any more; those that run fail their further recipients, and so come to their answer. */
    void beginClosing() {
        underway.beginClosing();
    }

    /**
     * Waits for those that run.
     *
     * @return whether all have ended
     */
    boolean awaitEnd(Duration longest) {
        return underway.awaitEnd(longest);
    }

    private static EnvelopeAddress sender(String text) {
        if (text.isEmpty() || text.equals("<>")) {
            return EnvelopeAddress.NULL_SENDER;
        }
        try {
            return EnvelopeAddress.parse(text);
        } catch (IllegalArgumentException e) {
            throw new RefusedException(422, "envelope_sender: " + e.getMessage());
        }
    }

    private TemplateEngine engine(TemplateDialect dialect) {
        return switch (dialect) {
            case JINJA -> TemplateEngine.jinja(limits.maxMessageSize());
            case STATIC -> TemplateEngine.none();
            case HANDLEBARS -> TemplateEngine.handlebars();
        };
    }

    private Mail mail(InjectRequest request) {
        TemplateEngine engine = engines.computeIfAbsent(request.templateDialect(), this::engine);
        return request.content() instanceof InjectContent.Built built
                ? new BuiltMail(built, engine)
                : new WholeMail((InjectContent.Whole) request.content(), engine);
    }

    /** One injection on its way. */
    private final class Run {

        private record Handed(int index, long size, CompletionStage<Reply> reply) {}

        private final InjectRequest request;
        private final Caller caller;
        private final EnvelopeAddress sender;
        private final Mail mail;
        private final Instant now = time.instant();
        private final String date = MailDate.of(now);
        private final Deque<Handed> onTheWay = new ArrayDeque<>();
        private final Map<Integer, String> failures = new TreeMap<>();
        private long bytesOnTheWay;
        private long bytesMade;
        private int count;
        private boolean hasHanded;
        private boolean hasLogged;

        /** Why nothing is made for the recipients that are left. */
        private @Nullable String over;

        Run(InjectRequest request, Caller caller, EnvelopeAddress sender, Mail mail) {
            this.request = request;
            this.caller = caller;
            this.sender = sender;
            this.mail = mail;
        }

        void add(InjectRequest.Recipient recipient) {
            int index = count++;
            String reason = reasonToStop();
            if (reason != null) {
                failures.put(index, reason);
                return;
            }
            Message message = made(index, recipient);
            if (message != null) {
                hand(index, message);
            }
        }

        private @Nullable String reasonToStop() {
            if (over == null && underway.isClosing()) {
                over = SHUTTING_DOWN.toString();
            } else if (over == null && Duration.between(now, time.instant()).compareTo(limits.injectTimeout()) > 0) {
                over = "the request took longer than inject_timeout, which is "
                        + limits.injectTimeout().toMillis() + " ms; name fewer recipients at once";
            }
            return over;
        }

        /**
         * What is to be handed on; null if it failed. Errors are caught too, as a template can bring them about (of the
         * stack, of memory), and the others' answer is owed all the same.
         */
        private @Nullable Message made(int index, InjectRequest.Recipient recipient) {
            try {
                Message message = message(recipient);
                Verdict verdict = policies.messageGenerated(caller, message);
                if (verdict instanceof Verdict.Reject reject) {
                    failures.put(index, reject.reply().toString());
                } else if (verdict instanceof Verdict.Disconnect disconnect) {
                    failures.put(index, disconnect.reply().toString());
                } else {
                    addSupplemental(message);
                    return message;
                }
            } catch (TemplateException | IllegalArgumentException e) {
                failures.put(index, String.valueOf(e.getMessage()));
            } catch (SpoolFullException full) { // which strangers can bring about, so it is not for the log
                failures.put(index, SPOOL_FULL.toString());
            } catch (IOException | RuntimeException | Error e) {
                log("A message of an injection could not be made", e);
                failures.put(index, LOCAL_ERROR.toString());
            }
            return null;
        }

        /** Once for each injection, which may have thousands of recipients. */
        private void log(String what, Throwable cause) {
            if (!hasLogged) {
                hasLogged = true;
                LOG.error("{}; what else fails of this injection is not logged", what, cause);
            }
        }

        private Message message(InjectRequest.Recipient recipient) throws TemplateException, IOException {
            EnvelopeAddress to = EnvelopeAddress.parse(recipient.email());
            MessageId id = MessageId.next(now, random);
            String mailbox = AddressText.mailbox(to.toString(), recipient.name().orElse(""));
            Mail.Written written = mail.write(new Mail.Occasion(
                    mailbox,
                    sender.toString(),
                    variables(recipient, mailbox),
                    id,
                    hostname,
                    date,
                    "=_" + Long.toHexString(random.nextLong()) + Long.toHexString(random.nextLong()),
                    new RenderBudget(limits.maxMessageSize(), limits.renderTimeout(), System::nanoTime)));
            bytesMade += written.bytes.length;
            if (bytesMade > limits.maxInjectSize()) {
                over = "the messages of the request become larger together than max_inject_size, which is "
                        + limits.maxInjectSize() + " bytes; name fewer recipients at once";
                throw new IllegalArgumentException(over);
            }
            boolean utf8 = written.utf8 || !sender.isAscii() || !to.isAscii();
            Message message =
                    new Message(id, new Envelope(sender, List.of(to), utf8), meta(recipient), content(written.bytes));
            message.setDeferredSpool(request.deferredSpool());
            if (request.traceHeaders().receivedHeader()) {
                message.prependHeader(
                        ReceivedOverHttp.NAME,
                        ReceivedOverHttp.value(caller.client().getAddress(), hostname, id, to, utf8, now));
            }
            return message;
        }

        /** Later ones go before earlier ones. */
        private Map<String, @Nullable Object> variables(InjectRequest.Recipient recipient, String mailbox) {
            Map<String, @Nullable Object> variables = new LinkedHashMap<>(request.substitutions());
            variables.put("email", recipient.email());
            recipient.name().ifPresent(name -> variables.put("name", name));
            variables.put("to_header", mailbox);
            variables.putAll(recipient.substitutions());
            return variables;
        }

        private Meta meta(InjectRequest.Recipient recipient) {
            Meta meta = new Meta()
                    .put("http_auth", caller.name())
                    .put("reception_protocol", "HTTP")
                    .put("received_from", caller.address())
                    .put("received_via", IpLiteral.format(caller.server().getAddress()))
                    .put("hostname", hostname);
            if (!recipient.metadata().isEmpty()) {
                meta.put("extra", recipient.metadata());
            }
            return meta;
        }

        private Content content(byte[] bytes) throws IOException {
            Draft draft = reception.draft();
            try {
                draft.append(ByteBuffer.wrap(bytes));
                return draft.finish();
            } catch (IOException | RuntimeException | Error e) {
                draft.discard();
                throw e;
            }
        }

        private void addSupplemental(Message message) {
            TraceHeaders trace = request.traceHeaders();
            if (trace.supplementalHeader()) {
                message.prependHeader(
                        trace.headerName(), SupplementalHeader.encode(trace, message.recipients(), message.meta()));
            }
        }

        private void hand(int index, Message message) {
            if (message.queue().text().equals(QueueName.NULL)) {
                return; // taken, and forgotten
            }
            metrics.received();
            hasHanded = true;
            CompletionStage<Reply> reply;
            try {
                reply = reception.receive(List.of(message));
            } catch (RuntimeException | Error e) {
                reply = CompletableFuture.failedFuture(e);
            }
            onTheWay.add(new Handed(index, message.size(), reply));
            bytesOnTheWay += message.size();
            while (onTheWay.size() > MOST_ON_THE_WAY || bytesOnTheWay > MOST_BYTES_ON_THE_WAY) {
                await(onTheWay.remove());
            }
        }

        private void await(Handed handed) {
            bytesOnTheWay -= handed.size;
            Reply reply = handed.reply
                    .exceptionally(cause -> {
                        log("The reception failed; a message was not received", cause);
                        return LOCAL_ERROR;
                    })
                    .toCompletableFuture()
                    .join();
            if (!reply.isPositive()) {
                failures.put(handed.index, reply.toString());
            }
        }

        InjectResult end() {
            onTheWay.forEach(this::await);
            List<InjectRequest.Recipient> recipients = request.recipients();
            return new InjectResult(
                    count - failures.size(),
                    failures.size(),
                    failures.keySet().stream()
                            .map(index -> recipients.get(index).email())
                            .toList(),
                    failures.entrySet().stream()
                            .map(failure -> recipients.get(failure.getKey()).email() + ": " + failure.getValue())
                            .toList());
        }
    }
}
