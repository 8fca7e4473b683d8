package dev.kumo.smtp.client;

import dev.kumo.core.delivery.Outcome;
import dev.kumo.core.log.Attempt;
import dev.kumo.core.mail.EnhancedStatus;
import dev.kumo.core.mail.Reply;
import java.util.List;

/** What replies come to. */
final class Outcomes {

    /** RFC 3463 section 3.6: too many recipients. Another transaction may have room for them. */
    private static final int PROTOCOL_SUBJECT = 5;

    private static final int TOO_MANY_RECIPIENTS = 3;

    private Outcomes() {}

    /** The last word on recipients: 2xx delivers. */
    static Outcome afterContent(ServerReply reply, Attempt attempt) {
        return reply.isPositive() ? new Outcome.Delivered(reply.reply(), attempt) : refusal(reply, attempt);
    }

    /** A reply to RCPT that is not positive. */
    static Outcome recipient(ServerReply reply, Attempt attempt) {
        boolean tooMany = reply.status()
                .map(status -> status.subject() == PROTOCOL_SUBJECT && status.detail() == TOO_MANY_RECIPIENTS)
                .orElse(reply.code() == 552); // what RFC 821 servers say, RFC 5321 section 4.5.3.1.10
        return tooMany ? deferral(reply, attempt) : refusal(reply, attempt);
    }

    /**
     * A reply that does not let the transaction go on. Out of place are 2xx and 3xx, and 503: then it is the dialogue that
     * failed, and not the message.
     */
    static Outcome refusal(ServerReply reply, Attempt attempt) {
        return reply.code() >= 500 && reply.code() != 503
                ? new Outcome.Refused(reply.reply(), attempt)
                : deferral(reply, attempt);
    }

    private static Outcome deferral(ServerReply reply, Attempt attempt) {
        Reply said = reply.reply();
        return new Outcome.Deferred(said.isTransient() ? said : reply.as(451), attempt);
    }

    /** What a connection that has broken comes to. */
    static Outcome broken(BrokenLinkException broken, Attempt attempt) {
        return new Outcome.Deferred(transientOf(broken.reply()), attempt.answering(broken.command()));
    }

    /** What a host said that does not let us in is no word on any message. */
    static Reply transientOf(Reply reply) {
        if (reply.isTransient()) {
            return reply;
        }
        String text = ServerReply.fit("the far side said " + reply);
        return reply.status()
                .map(status -> Reply.of(451, new EnhancedStatus(4, status.subject(), status.detail()), List.of(text)))
                .orElseGet(() -> Reply.plain(451, text));
    }

    /** One outcome if all recipients fared alike. */
    static Outcome together(List<Outcome> outcomes) {
        Outcome first = outcomes.get(0);
        return outcomes.stream().allMatch(first::equals) ? first : new Outcome.PerRecipient(outcomes);
    }
}
