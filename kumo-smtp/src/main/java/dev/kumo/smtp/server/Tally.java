package dev.kumo.smtp.server;

import dev.kumo.core.mail.Reply;
import dev.kumo.smtp.Verb;
import java.util.EnumSet;
import java.util.Set;

/** Counts what a client costs a session, against its {@link SessionLimits}. */
final class Tally {

    /** Verbs that bring a message nearer; the others only cost. */
    private static final Set<Verb> MOVING = EnumSet.of(Verb.MAIL, Verb.RCPT, Verb.DATA, Verb.BDAT, Verb.QUIT);

    private final SessionLimits limits;
    private final int spareExcess;
    private int excess;
    private int refused;
    private int unknown;
    private int idle;

    Tally(EsmtpListenerOptions options) {
        this.limits = options.limits();
        this.spareExcess = options.maxRecipientsPerMessage();
    }

    /** Whether one refusal more is too many. */
    boolean refused(Reply reply, Verb verb) {
        // Not at first: a client that sends all it has would else be cut off, with the recipients that were taken, each
        // time it tries (RFC 5321 section 4.5.3.1.10).
        if (reply.equals(Replies.TOO_MANY_RECIPIENTS) && ++excess <= spareExcess) {
            return false;
        }
        if (isShortage(reply)) {
            return ++idle > limits.maxIdleCommands();
        }
        if (verb == Verb.UNKNOWN) {
            unknown++;
        }
        return ++refused > limits.maxRefusedCommands() || unknown > limits.maxUnknownCommands();
    }

    /** Whether a refusal is of our making, so that the client has done no wrong: no memory, no disk. */
    private static boolean isShortage(Reply reply) {
        return reply.isTransient()
                && reply.status()
                        .filter(status -> status.subject() == 3 && status.detail() < 2) // RFC 3463 section 3.4
                        .isPresent();
    }

    /** Whether one taken command more is too many, as none of them brings a message nearer. */
    boolean taken(Verb verb) {
        return !MOVING.contains(verb) && ++idle > limits.maxIdleCommands();
    }

    /** Whether one small chunk more is too many: a message in chunks of an octet is work for nothing. */
    boolean smallChunk() {
        return ++idle > limits.maxIdleCommands();
    }

    void messageReceived() {
        idle = 0;
        excess = 0;
    }
}
