package dev.kumo.smtp;

import dev.kumo.core.mail.Reply;

/**
 * A command that does not follow the grammar, with the reply that says so.
 *
 * <p>Any stranger can cause one, so it is cheap: it has no stack trace, and its reply is a constant that repeats nothing
 * of what the client sent.
 */
public final class SyntaxException extends Exception {

    private static final long serialVersionUID = 1L;

    static final Reply NOT_A_COMMAND = Reply.of(500, "5.5.2", "Not a command");
    static final Reply BAD_ARGUMENT = Reply.of(501, "5.5.4", "Syntax error in the argument of the command");
    static final Reply UNWANTED_ARGUMENT = Reply.of(501, "5.5.4", "The command takes no argument");
    static final Reply BAD_CLIENT_NAME =
            Reply.of(501, "5.5.4", "The argument must be a domain name or an address literal");
    static final Reply BAD_PARAMETER = Reply.of(501, "5.5.4", "Syntax error in a parameter");
    static final Reply BAD_CHUNK_SIZE = Reply.of(501, "5.5.4", "BDAT takes a number of octets, and LAST or nothing");
    static final Reply BAD_SENDER = Reply.of(501, "5.1.7", "Bad sender address syntax");
    static final Reply BAD_RECIPIENT = Reply.of(501, "5.1.3", "Bad recipient address syntax");

    private final transient Reply reply;

    SyntaxException(Reply reply) {
        super(reply.toString(), null, false, false);
        this.reply = reply;
    }

    /**
     * What to say to the client.
     *
     * @return 500 or 501, with an enhanced status
     */
    public Reply reply() {
        return reply;
    }
}
