package dev.kumo.core.log;

import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.Meta;
import dev.kumo.core.mail.Reply;
import dev.kumo.core.report.BounceReport;
import dev.kumo.core.report.FeedbackReport;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * One thing that happened, named as KumoMTA names the types of its log records.
 *
 * <p>A record holds facts, never a message or its content. Texts in it may be a stranger's words: whoever writes them
 * down escapes them.
 */
public sealed interface LogRecord {

    /**
     * How much memory it takes while it waits to be told or written, in parts of about 4 KiB.
     *
     * @return at least 1; more for a report, which holds what it returns
     */
    default int weight() {
        return 1;
    }

    /**
     * When it happened.
     *
     * @return by the clock of whoever tells it
     */
    Instant at();

    /**
     * What kind of record it is.
     *
     * @return {@code Reception}, {@code Delivery}, {@code TransientFailure}, {@code Bounce}, {@code Expiration},
     *     {@code AdminBounce}, {@code AdminRebind}, {@code Delayed}, {@code Rejection}, {@code Feedback} or {@code OOB}
     */
    default String type() {
        return this instanceof Oob ? "OOB" : getClass().getSimpleName();
    }

    /**
     * Responsibility for a message has passed to this system: the client was, or is about to be, given a positive
     * reply. The front hall tells it; of a bounce that is logged and not relayed, which never comes there, the listener
     * tells it, and then {@link Oob}. Of a complaint that is logged {@link Feedback} is told in its place.
     *
     * @param at when the message came
     * @param message the message
     */
    record Reception(Instant at, MessageFacts message) implements LogRecord {}

    /**
     * A message was delivered. Without a {@link Reception} if the client was told to keep it all the same, because
     * another message of its transaction was not delivered.
     *
     * @param at when the attempt ended
     * @param message the message
     * @param reply what the other side said
     * @param attempt how it was tried
     */
    record Delivery(Instant at, MessageFacts message, Reply reply, Attempt attempt) implements LogRecord {}

    /**
     * An attempt to deliver failed; another may succeed.
     *
     * @param at when the attempt ended
     * @param message the message
     * @param reply a 4xx reply: what the other side said
     * @param attempt how it was tried
     */
    record TransientFailure(Instant at, MessageFacts message, Reply reply, Attempt attempt) implements LogRecord {}

    /**
     * A message cannot be delivered, and no further attempt will be made.
     *
     * @param at when the last attempt ended
     * @param message the message
     * @param reply a 5xx reply: what the other side said
     * @param attempt how it was tried
     */
    record Bounce(Instant at, MessageFacts message, Reply reply, Attempt attempt) implements LogRecord {}

    /**
     * A message has become too old for another attempt, or will be before the next one is due.
     *
     * @param at when that was seen
     * @param message the message
     * @param reply a 5xx reply of this system that says how old it may become
     */
    record Expiration(Instant at, MessageFacts message, Reply reply) implements LogRecord {}

    /**
     * An administrator had a message removed.
     *
     * @param at when
     * @param message the message
     * @param reply a 5xx reply of this system with the reason that was given
     */
    record AdminBounce(Instant at, MessageFacts message, Reply reply) implements LogRecord {}

    /**
     * An administrator moved a message to another queue.
     *
     * @param at when
     * @param message as it was before, in the queue that it left
     * @param reply a 2xx reply of this system with the reason that was given
     */
    record AdminRebind(Instant at, MessageFacts message, Reply reply) implements LogRecord {}

    /**
     * A message is due, but nothing may send it now; it was not tried.
     *
     * @param at when that was seen
     * @param message the message
     * @param reply a 4xx reply of this system with the reason
     */
    record Delayed(Instant at, MessageFacts message, Reply reply) implements LogRecord {}

    /**
     * A client was refused; told by its listener, also when the front hall refused. What the client sent is not part of
     * the record: a command line may hold credentials.
     *
     * @param at when
     * @param client where the client is
     * @param ehloName how it introduced itself; empty if it has not
     * @param sender the reverse-path of the transaction, unless there is none
     * @param recipient the forward-path that was refused, or the only one of the transaction, unless there is none
     * @param verb the name of the command, upper case; empty if there was none or it is not known
     * @param reply 400 to 599: what the client was told
     * @param session which connection; empty if it has no name
     * @param meta the meta data of the session as it was, sorted by name
     */
    record Rejection(
            Instant at,
            InetSocketAddress client,
            String ehloName,
            Optional<EnvelopeAddress> sender,
            Optional<EnvelopeAddress> recipient,
            String verb,
            Reply reply,
            String session,
            Map<String, Object> meta)
            implements LogRecord {

        private static final int LONGEST_VERB = 16;

        /**
         * Checks that the verb is one, and that the reply refuses; copies the meta data.
         *
         * @param at when
         * @param client where the client is
         * @param ehloName how it introduced itself; empty if it has not
         * @param sender the reverse-path of the transaction
         * @param recipient the forward-path
         * @param verb at most 16 letters A to Z; may be empty
         * @param reply 400 to 599
         * @param session which connection
         * @param meta the meta data of the session
         * @throws IllegalArgumentException if the verb is anything else, or the reply is no refusal; the message does
         *     not show the verb
         */
        public Rejection {
            if (verb.length() > LONGEST_VERB || !verb.chars().allMatch(c -> c >= 'A' && c <= 'Z')) {
                throw new IllegalArgumentException("a verb is at most " + LONGEST_VERB
                        + " letters A to Z; give the name of a known command, never the line of a client");
            }
            if (reply.code() < 400) {
                throw new IllegalArgumentException("a rejection has a reply of 400 to 599, not " + reply.code());
            }
            meta = Meta.copyOf(meta);
        }
    }

    /**
     * A complaint came in as mail (RFC 5965) for a domain whose {@code log_arf} says to log it. It stands for the
     * {@link Reception} of that mail.
     *
     * @param at when the report came
     * @param message the report as a message
     * @param report what it says
     */
    record Feedback(Instant at, MessageFacts message, FeedbackReport report) implements LogRecord {

        @Override
        public int weight() {
            return 17
                    + report.originalMessage()
                            .map(original -> original.bytes().length / 4096)
                            .orElse(0);
        }
    }

    /**
     * A bounce came in as mail (RFC 3464) for a domain whose {@code log_oob} says to log it: one record for each recipient
     * for whom it reports a failure, 1,000 at most.
     *
     * @param at when the report came
     * @param message the report as a message
     * @param report what it says
     * @param recipient one of the recipients of the report
     */
    record Oob(Instant at, MessageFacts message, BounceReport report, BounceReport.Recipient recipient)
            implements LogRecord {

        /** The recipients of a report share it. */
        @Override
        public int weight() {
            int original = report.originalMessage()
                    .map(kept -> kept.bytes().length / 4096)
                    .orElse(0);
            return 1 + original / report.recipients().size();
        }
    }
}
