package dev.kumo.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.kumo.core.delivery.Outcome;
import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.QueueName;
import dev.kumo.core.mail.Reply;
import dev.kumo.core.spool.SpoolFullException;
import dev.kumo.http.answer.Json;
import dev.kumo.http.answer.RefusedException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the messages of injections with {@code deferred_generation}, after the answer.
 *
 * <p>The request is kept once, and as many chores as {@link ChoreWriter} makes of its recipients, all of them before the answer
 * or none. A chore is done in one go, so that after a crash no more comes twice than the recipients of the chores that were being done.
 */
final class Generator {

    static final String QUEUE = "generator.kumomta.internal";

    private static final Logger LOG = LoggerFactory.getLogger(Inject.class);

    /** In bytes of JSON, which are several times as many once they are read. */
    private static final long MOST_REMEMBERED =
            Math.max(1 << 20, Runtime.getRuntime().maxMemory() / 64);

    private static final Outcome GENERATED = new Outcome.Delivered(Reply.of(250, "2.0.0", "generated"));
    static final Outcome CLOSING =
            new Outcome.Deferred(Reply.of(451, "4.3.2", "shutting down, generated after the next start"));
    private static final Outcome NONSENSE =
            new Outcome.Refused(Reply.of(554, "5.6.0", "the injection cannot be read any more"));
    private static final Outcome UNREAD = new Outcome.Deferred(Maker.LOCAL_ERROR);

    private final Workshop workshop;
    private final Underway underway;
    private final ChoreWriter writer;
    private final Function<InjectRequest, Mail> compiler;

    /** Requests of which chores have just been done, so that not each chore reads its request again. */
    private final Cache<String, Known> requests = Caffeine.newBuilder()
            .<String, Known>weigher((id, known) -> (int) Math.min(known.size, Integer.MAX_VALUE))
            .maximumWeight(MOST_REMEMBERED)
            .executor(Runnable::run)
            .build();

    private record Known(InjectRequest request, EnvelopeAddress sender, Mail mail, Toll toll, long size) {}

    Generator(Workshop workshop, Underway underway, String listener, Function<InjectRequest, Mail> compiler) {
        this.workshop = workshop;
        this.underway = underway;
        this.writer = new ChoreWriter(workshop, listener);
        this.compiler = compiler;
    }

    /**
     * Keeps an injection.
     *
     * @param sender of the messages
     * @param json the injection as it is read again
     * @return which recipients are none; the others are counted nowhere, as nothing has become of them yet
     * @throws RefusedException 503 if it cannot be kept now, 422 if it never can
     */
    InjectResult keep(InjectRequest request, EnvelopeAddress sender, Caller caller, byte[] json) {
        SortedMap<Integer, String> failures = new TreeMap<>();
        Reply reply = kept(request.recipients(), sender, caller, json, failures);
        if (!reply.isPositive()) {
            throw reply.isTransient()
                    ? new RefusedException(503, "the request cannot be kept now: " + reply)
                    : new RefusedException(422, "deferred_generation is not possible here: " + reply);
        }
        workshop.metrics().promised(request.recipients().size() - failures.size());
        return InjectResult.of(0, request.recipients(), failures);
    }

    private Reply kept(
            List<InjectRequest.Recipient> recipients,
            EnvelopeAddress sender,
            Caller caller,
            byte[] json,
            SortedMap<Integer, String> failures) {
        try {
            List<Message> chores = writer.write(recipients, sender, caller, json, failures);
            return chores.isEmpty()
                    ? Reply.OK
                    : workshop.reception().receive(chores).toCompletableFuture().join();
        } catch (SpoolFullException e) { // which strangers can bring about, so it is not for the log
            return Maker.SPOOL_FULL;
        } catch (IOException | CompletionException e) {
            LOG.error("An injection cannot be kept", e);
            return Maker.LOCAL_ERROR;
        }
    }

    /** Tries to make the messages of a chore. */
    Outcome attempt(Message chore) {
        if (!underway.tryEnter()) {
            return CLOSING;
        }
        try {
            return begin(chore).outcome();
        } catch (UnreadableException e) {
            return e.outcome;
        } finally {
            underway.leave();
        }
    }

    /** A chore whose injection cannot be had. */
    private static final class UnreadableException extends Exception {

        private static final long serialVersionUID = 1L;

        private final transient Outcome outcome;

        UnreadableException(Outcome outcome) {
            this.outcome = outcome;
        }
    }

    private Attempt begin(Message chore) throws UnreadableException {
        try {
            Promise promise = Promise.of(chore);
            return new Attempt(chore, promise, requests.get(promise.request(), unread -> read(chore)));
        } catch (IllegalArgumentException | IndexOutOfBoundsException | RefusedException e) {
            LOG.error("Injection {} cannot be made sense of; its recipients get nothing", chore.id(), e);
            workshop.metrics().notGenerated(chore.recipients().size());
            throw new UnreadableException(NONSENSE);
        } catch (UncheckedIOException e) {
            LOG.error("Injection {} cannot be read; it is tried again", chore.id(), e);
            throw new UnreadableException(UNREAD);
        }
    }

    private Known read(Message chore) {
        try (InputStream in = chore.content().open()) {
            InjectRequest request = InjectJson.read(Json.read(in.readAllBytes()));
            return new Known(
                    request,
                    chore.sender(),
                    compiler.apply(request),
                    new Toll(workshop.limits()),
                    chore.content().size());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One attempt at one chore. */
    private final class Attempt {

        private final List<EnvelopeAddress> to;
        private final Map<EnvelopeAddress, InjectRequest.Recipient> recipients = new HashMap<>();
        private final Toll toll;
        private final Maker maker;
        private final Outcome[] outcomes;
        private final int[] written;
        private final OnTheWay onTheWay;

        Attempt(Message chore, Promise promise, Known known) {
            to = chore.recipients();
            toll = known.toll;
            toll.enterPeriod(workshop.time().instant());
            maker = new Maker(workshop, known.request, promise.caller(), known.sender, known.mail, toll);
            outcomes = new Outcome[to.size()];
            Arrays.fill(outcomes, CLOSING);
            written = new int[to.size()];
            onTheWay = new OnTheWay(workshop, maker, (reply, index) -> settle(index, reply));
            for (int place : promise.places()) {
                InjectRequest.Recipient recipient = known.request.recipients().get(place);
                recipients.put(EnvelopeAddress.parse(recipient.email()), recipient);
            }
        }

        Outcome outcome() {
            for (int i = 0; i < outcomes.length && !underway.isClosing(); i++) {
                make(i);
            }
            onTheWay.await();
            return new Outcome.PerRecipient(List.of(outcomes));
        }

        private void make(int index) {
            InjectRequest.Recipient recipient = recipients.get(to.get(index));
            Made made = recipient == null
                    ? Made.Failed.forGood("5.6.0", "the injection names no such recipient")
                    : make(index, recipient);
            if (made instanceof Made.Failed failed) {
                settle(index, failed.reply());
            } else if (made instanceof Made.Ready ready) {
                if (ready.message().queue().text().equals(QueueName.NULL)) {
                    settle(index, Reply.OK);
                } else {
                    onTheWay.hand(index, ready.message());
                }
            }
        }

        private Made make(int index, InjectRequest.Recipient recipient) {
            if (toll.isTooLarge()) {
                return Made.Failed.forGood("5.3.4", toll.tooLarge());
            }
            if (toll.isTooSlow()) {
                return Made.Failed.late(toll.tooSlow());
            }
            Made made = maker.make(recipient);
            written[index] = maker.written();
            return made;
        }

        private void settle(int index, Reply reply) {
            if (reply.isPositive()) {
                outcomes[index] = GENERATED;
                workshop.metrics().generated();
            } else if (reply.isTransient()) {
                outcomes[index] = new Outcome.Deferred(reply);
                // Or the attempts that fail would leave no room for the one that does not.
                toll.takeBackBytes(written[index]);
            } else {
                outcomes[index] = new Outcome.Refused(reply);
                workshop.metrics().notGenerated(1);
            }
        }
    }
}
