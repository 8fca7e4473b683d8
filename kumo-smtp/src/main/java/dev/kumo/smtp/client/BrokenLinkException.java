package dev.kumo.smtp.client;

import dev.kumo.core.mail.Reply;
import java.io.IOException;

/** A connection that can be used no more: why, as a reply, and what was being answered. */
class BrokenLinkException extends IOException {

    private static final long serialVersionUID = 1L;

    private final transient Reply reply;
    private final String command;

    /** What the far side said itself. */
    BrokenLinkException(Reply reply, String command) {
        super(reply.toString());
        this.reply = reply;
        this.command = command;
    }

    /** What happened to the connection. */
    BrokenLinkException(int code, String status, String text, Throwable cause) {
        super(text, cause);
        this.reply = Reply.of(code, status, ServerReply.fit(text));
        this.command = "";
    }

    Reply reply() {
        return reply;
    }

    /** The verb that the far side answered; empty if it said nothing. */
    String command() {
        return command;
    }

    /** TLS was begun and did not come about. */
    static final class Handshake extends BrokenLinkException {

        private static final long serialVersionUID = 1L;

        Handshake(BrokenLinkException cause) {
            super(451, "4.7.5", "TLS failed: " + cause.getMessage(), cause);
        }
    }

    /** CHUNKING was offered, and BDAT is not known. */
    static final class Chunking extends BrokenLinkException {

        private static final long serialVersionUID = 1L;

        Chunking(Reply reply) {
            super(reply, "BDAT");
        }
    }
}
