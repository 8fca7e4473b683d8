package dev.kumo.http;

import dev.kumo.core.mail.Content;
import dev.kumo.core.mail.Envelope;
import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.MessageId;
import dev.kumo.core.mail.Meta;
import dev.kumo.core.mail.Reply;
import dev.kumo.core.net.IpLiteral;
import dev.kumo.core.policy.Verdict;
import dev.kumo.core.spool.Draft;
import dev.kumo.core.spool.SpoolFullException;
import dev.kumo.core.trace.SupplementalHeader;
import dev.kumo.core.trace.TraceHeaders;
import dev.kumo.http.mime.AddressText;
import dev.kumo.http.mime.MailDate;
import dev.kumo.http.mime.ReceivedOverHttp;
import dev.kumo.http.template.RenderBudget;
import dev.kumo.http.template.TemplateException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the messages of one injection, one after another, and has policies look at each. */
final class Maker {

    static final Reply LOCAL_ERROR = Reply.of(451, "4.3.0", "local error, try again later");

    private static final Logger LOG = LoggerFactory.getLogger(Inject.class);

    static final Reply SPOOL_FULL = Reply.of(452, "4.3.1", "insufficient storage, try again later");

    private final Workshop workshop;
    private final InjectRequest request;
    private final Caller caller;
    private final EnvelopeAddress sender;
    private final Mail mail;
    private final Toll toll;
    private final Instant now;
    private final String date;
    private int written;
    private boolean hasLogged;

    Maker(Workshop workshop, InjectRequest request, Caller caller, EnvelopeAddress sender, Mail mail, Toll toll) {
        this.workshop = workshop;
        this.request = request;
        this.caller = caller;
        this.sender = sender;
        this.mail = mail;
        this.toll = toll;
        this.now = workshop.time().instant();
        this.date = MailDate.of(now);
    }

    /** When it began. */
    Instant began() {
        return now;
    }

    /**
     * What is to be handed on. Errors are caught too, as a template can bring them about (of the stack, of memory), and the
     * others' answer is owed all the same.
     */
    Made make(InjectRequest.Recipient recipient) {
        written = 0;
        try {
            Message message = message(recipient);
            Verdict verdict = verdict(message);
            if (verdict instanceof Verdict.Reject reject) {
                return Made.Failed.of(reject.reply());
            }
            if (verdict instanceof Verdict.Disconnect disconnect) {
                return Made.Failed.of(disconnect.reply());
            }
            addSupplemental(message);
            return new Made.Ready(message);
        } catch (TemplateException e) {
            String text = String.valueOf(e.getMessage());
            return e.isLate() ? Made.Failed.late(text) : Made.Failed.forGood("5.6.0", text);
        } catch (IllegalArgumentException e) {
            return Made.Failed.forGood("5.6.0", String.valueOf(e.getMessage()));
        } catch (SpoolFullException full) { // which strangers can bring about, so it is not for the log
            return Made.Failed.of(SPOOL_FULL);
        } catch (StackOverflowError e) {
            log("A message of an injection could not be made", e);
            return new Made.Failed(Reply.of(554, "5.6.0", "cannot be made"), LOCAL_ERROR.toString());
        } catch (IOException | RuntimeException | Error e) {
            log("A message of an injection could not be made", e);
            return Made.Failed.of(LOCAL_ERROR);
        }
    }

    /** Bytes of what was written for the last recipient, whatever became of it. */
    int written() {
        return written;
    }

    /** Asked by itself: what a policy throws is no fault of the injection, and not for its client. */
    private Verdict verdict(Message message) {
        try {
            return workshop.policies().messageGenerated(caller, message);
        } catch (RuntimeException | Error e) {
            log("A policy failed at a message of an injection", e);
            return Verdict.reject(LOCAL_ERROR);
        }
    }

    /** Once for each injection, which may have thousands of recipients. */
    void log(String what, Throwable cause) {
        if (!hasLogged) {
            hasLogged = true;
            LOG.error("{}; what else fails of this injection is not logged", what, cause);
        }
    }

    private Message message(InjectRequest.Recipient recipient) throws TemplateException, IOException {
        EnvelopeAddress to = EnvelopeAddress.parse(recipient.email());
        MessageId id = MessageId.next(now, workshop.random());
        Mail.Written text = text(recipient, to, id);
        boolean utf8 = text.utf8 || !sender.isAscii() || !to.isAscii();
        Message message =
                new Message(id, new Envelope(sender, List.of(to), utf8), meta(recipient), content(text.bytes));
        message.setDeferredSpool(request.deferredSpool());
        if (request.traceHeaders().receivedHeader()) {
            message.prependHeader(
                    ReceivedOverHttp.NAME,
                    ReceivedOverHttp.value(caller.client().getAddress(), workshop.hostname(), id, to, utf8, now));
        }
        return message;
    }

    private Mail.Written text(InjectRequest.Recipient recipient, EnvelopeAddress to, MessageId id)
            throws TemplateException {
        String mailbox = AddressText.mailbox(to.toString(), recipient.name().orElse(""));
        RandomGenerator random = workshop.random();
        HttpLimits limits = workshop.limits();
        long began = System.nanoTime();
        Mail.Written text;
        try {
            text = mail.write(new Mail.Occasion(
                    mailbox,
                    sender.toString(),
                    variables(recipient, mailbox),
                    id,
                    workshop.hostname(),
                    date,
                    "=_" + Long.toHexString(random.nextLong()) + Long.toHexString(random.nextLong()),
                    new RenderBudget(limits.maxMessageSize(), limits.renderTimeout(), System::nanoTime)));
        } finally {
            toll.addTime(System.nanoTime() - began);
        }
        written = text.bytes.length;
        toll.addBytes(written);
        if (toll.isTooLarge()) {
            throw new IllegalArgumentException(toll.tooLarge());
        }
        return text;
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
        Meta meta = meta(caller, workshop.hostname());
        if (!recipient.metadata().isEmpty()) {
            meta.put("extra", recipient.metadata());
        }
        return meta;
    }

    /** What is known of all that a caller injects. */
    static Meta meta(Caller caller, String hostname) {
        return new Meta()
                .put("http_auth", caller.name())
                .put("reception_protocol", "HTTP")
                .put("received_from", caller.address())
                .put("received_via", IpLiteral.format(caller.server().getAddress()))
                .put("hostname", hostname);
    }

    private Content content(byte[] bytes) throws IOException {
        return content(workshop, bytes);
    }

    static Content content(Workshop workshop, byte[] bytes) throws IOException {
        Draft draft = workshop.reception().draft();
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
}
