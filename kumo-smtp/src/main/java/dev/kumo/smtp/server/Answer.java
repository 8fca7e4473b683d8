package dev.kumo.smtp.server;

import dev.kumo.core.mail.Reply;

/**
 * What a session says to one step of the client, and what it expects next.
 *
 * @param reply what to say
 * @param next what to read next
 */
public record Answer(Reply reply, Next next) {

    /** What a session expects to read. */
    public enum Next {
        /** A command line. */
        COMMAND,
        /** The content of a message, up to CRLF.CRLF. */
        CONTENT,
        /** A TLS handshake, once the reply is sent (RFC 3207 section 4). */
        TLS,
        /** Nothing: the connection is to be closed once the reply is sent. */
        CLOSE
    }

    static Answer of(Reply reply) {
        return new Answer(reply, reply.code() == 421 ? Next.CLOSE : Next.COMMAND); // RFC 5321 section 3.8
    }

    static Answer close(Reply reply) {
        return new Answer(reply, Next.CLOSE);
    }
}
