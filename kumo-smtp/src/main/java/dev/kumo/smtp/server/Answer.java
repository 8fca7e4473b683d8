package dev.kumo.smtp.server;

import dev.kumo.core.mail.Reply;
import dev.kumo.core.policy.Verdict;
import java.util.function.Supplier;

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
        /** A response to a challenge, or {@code *} (RFC 4954 section 4). */
        SASL,
        /** The content of a message, up to CRLF.CRLF. */
        CONTENT,
        /**
         * A chunk of content, perhaps of no octets (RFC 3030). The reply is not to be said: this has none before the
         * chunk has come.
         */
        CHUNK,
        /** A TLS handshake, once the reply is sent (RFC 3207 section 4). */
        TLS,
        /** Nothing: the connection is to be closed once the reply is sent. */
        CLOSE
    }

    static Answer of(Reply reply) {
        return new Answer(reply, reply.code() == 421 ? Next.CLOSE : Next.COMMAND); // RFC 5321 section 3.8
    }

    /** What a policy has decided, or else what there is to say. */
    static Answer of(Verdict verdict, Supplier<Answer> proceed) {
        if (verdict instanceof Verdict.Reject reject) {
            return of(reject.reply());
        }
        if (verdict instanceof Verdict.Disconnect disconnect) {
            return close(disconnect.reply());
        }
        return proceed.get();
    }

    static Answer close(Reply reply) {
        return new Answer(reply, Next.CLOSE);
    }
}
