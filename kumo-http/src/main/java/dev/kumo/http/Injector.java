package dev.kumo.http;

import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.QueueName;
import dev.kumo.core.mail.Reply;
import dev.kumo.http.answer.RefusedException;
import dev.kumo.http.template.TemplateEngine;
import java.time.Duration;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes messages of injections and hands each to the reception by itself, so that the fate of one recipient is not that
 * of another; or keeps the injection, to do so later.
 */
final class Injector {

    private static final Reply SHUTTING_DOWN = Reply.of(421, "4.3.2", "shutting down, try again later");

    private final Workshop workshop;
    private final Underway underway = new Underway();
    private final Generator generator;

    /** Made when they are first needed: their libraries are large. */
    private final Map<TemplateDialect, TemplateEngine> engines = new ConcurrentHashMap<>();

    /**
     * One of a listener.
     *
     * @param listener what it is called, also after a restart
     */
    Injector(Workshop workshop, String listener) {
        this.workshop = workshop;
        this.generator = new Generator(workshop, underway, listener, this::mail);
    }

    /** What is done later. */
    Generator generator() {
        return generator;
    }

    /**
     * Injects.
     *
     * @param json the request as it is to be kept, if it is
     * @throws RefusedException 422 if the request is wrong for all recipients, or 503 once this closes; nothing is
     *     received then
     * @throws UnknownOutcomeException if it fails after something may have been received
     */
    InjectResult inject(InjectRequest request, Caller caller, Supplier<byte[]> json) {
        HttpLimits limits = workshop.limits();
        if (request.recipients().size() > limits.maxRecipients()) {
            throw new RefusedException(
                    422,
                    "there are " + request.recipients().size() + " recipients, and one request may have "
                            + limits.maxRecipients() + "; send several");
        }
        underway.enter();
        try {
            EnvelopeAddress sender = sender(request.envelopeSender());
            Mail mail = mail(request);
            if (request.deferredGeneration() && workshop.reception().takesChores()) {
                return generator.keep(request, sender, caller, json.get());
            }
            Toll toll = new Toll(limits);
            return run(new Run(request, new Maker(workshop, request, caller, sender, mail, toll), toll));
        } finally {
            underway.leave();
        }
    }

    private static InjectResult run(Run run) {
        try {
            run.request.recipients().forEach(run::add);
            return run.end();
        } catch (RuntimeException | Error e) {
            if (run.onTheWay.any()) {
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
            case JINJA -> TemplateEngine.jinja(workshop.limits().maxMessageSize());
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

        private final InjectRequest request;
        private final Maker maker;
        private final Toll toll;
        private final OnTheWay onTheWay;
        private final SortedMap<Integer, String> failures = new TreeMap<>();
        private int count;

        /** Why nothing is made for the recipients that are left. */
        private @Nullable String over;

        Run(InjectRequest request, Maker maker, Toll toll) {
            this.request = request;
            this.maker = maker;
            this.toll = toll;
            this.onTheWay = new OnTheWay(workshop, maker, (reply, index) -> {
                if (!reply.isPositive()) {
                    failures.put(index, reply.toString());
                }
            });
        }

        void add(InjectRequest.Recipient recipient) {
            int index = count++;
            String reason = reasonToStop();
            if (reason != null) {
                failures.put(index, reason);
                return;
            }
            Made made = maker.make(recipient);
            if (made instanceof Made.Failed failed) {
                failures.put(index, failed.text());
            } else if (made instanceof Made.Ready ready
                    && !ready.message().queue().text().equals(QueueName.NULL)) { // that is taken, and forgotten
                onTheWay.hand(index, ready.message());
            }
        }

        private @Nullable String reasonToStop() {
            if (over == null && underway.isClosing()) {
                over = SHUTTING_DOWN.toString();
            } else if (over == null && toll.isTooLarge()) {
                over = toll.tooLarge();
            } else if (over == null && isTooLate()) {
                over = toll.tooSlow();
            }
            return over;
        }

        /** Of the time that the client has waited, whatever it went for. */
        private boolean isTooLate() {
            return Duration.between(maker.began(), workshop.time().instant())
                            .compareTo(workshop.limits().injectTimeout())
                    > 0;
        }

        InjectResult end() {
            onTheWay.await();
            return InjectResult.of(count - failures.size(), request.recipients(), failures);
        }
    }
}
