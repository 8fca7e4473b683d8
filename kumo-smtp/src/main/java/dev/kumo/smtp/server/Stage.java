package dev.kumo.smtp.server;

import dev.kumo.core.mail.Reply;
import dev.kumo.smtp.Verb;

/** How far the client of a session has come. Who it is stands in {@link Peer}. */
enum Stage {
    CONNECTED,
    READY,
    MAIL,
    RCPT,
    /** Between the chunks of a message. */
    CHUNKS;

    /** What is said to a command that may not come now, RFC 5321 section 4.1.4. */
    Reply refusal(Verb verb) {
        return switch (this) {
            case CONNECTED -> Replies.EHLO_FIRST;
            case READY -> Replies.MAIL_FIRST;
            case MAIL, RCPT -> verb == Verb.DATA || verb == Verb.BDAT ? Replies.RCPT_FIRST : Replies.OPEN_TRANSACTION;
            case CHUNKS -> Replies.MORE_CHUNKS;
        };
    }
}
