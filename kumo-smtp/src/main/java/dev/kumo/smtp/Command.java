package dev.kumo.smtp;

import dev.kumo.core.mail.EnvelopeAddress;

/** A command: a verb and an argument, which is read in the way of the verb when it is asked for. */
public final class Command {

    private static final int LONGEST_SHOWN = 200;

    private final Verb verb;
    private final String argument;

    Command(Verb verb, String argument) {
        this.verb = verb;
        this.argument = argument;
    }

    /**
     * The verb.
     *
     * @return {@link Verb#UNKNOWN} for a word that is none of ours
     */
    public Verb verb() {
        return verb;
    }

    /**
     * What follows the verb, as the client sent it; never to be logged or repeated unescaped.
     *
     * @return without surrounding white space; empty if there is nothing
     */
    public String argument() {
        return argument;
    }

    /**
     * Requires that there is no argument, as for DATA, RSET, QUIT and STARTTLS.
     *
     * @throws SyntaxException with 501 5.5.4 if there is one
     */
    public void noArgument() throws SyntaxException {
        if (!argument.isEmpty()) {
            throw new SyntaxException(SyntaxException.UNWANTED_ARGUMENT);
        }
    }

    /**
     * The argument of EHLO or HELO.
     *
     * @return the name of the client
     * @throws SyntaxException with 501 5.5.4 if the argument is not a domain name or an address literal
     * @throws IllegalStateException if this is another command
     */
    public ClientName clientName() throws SyntaxException {
        require(verb == Verb.EHLO || verb == Verb.HELO);
        return ClientName.parse(argument);
    }

    /**
     * The argument of MAIL: {@code FROM:<path> [parameters]}.
     *
     * <p>As KumoMTA does, and RFC 5321 does not, this takes white space before the path and a mailbox without brackets.
     * A source route is dropped (RFC 5321 section 3.6.1).
     *
     * @return the sender and the parameters, those that {@link MailFrom} knows checked
     * @throws SyntaxException with 501 5.1.7 if the path is wrong, with 501 5.5.4 if anything else is
     * @throws IllegalStateException if this is another command
     */
    public MailFrom mailFrom() throws SyntaxException {
        require(verb == Verb.MAIL);
        PathReader reader = new PathReader(argument, "FROM:", SyntaxException.BAD_SENDER);
        EnvelopeAddress sender = reader.path();
        if (sender.isPostmaster()) {
            throw new SyntaxException(SyntaxException.BAD_SENDER); // section 4.1.1.3 has it for RCPT only
        }
        return MailFrom.read(sender, reader.parameters());
    }

    /**
     * The argument of RCPT: {@code TO:<path> [parameters]}; the path is read as that of {@link #mailFrom()}.
     *
     * @return the recipient and the parameters
     * @throws SyntaxException with 501 5.1.3 if the path is wrong or {@code <>}, with 501 5.5.4 if anything else is
     *     wrong
     * @throws IllegalStateException if this is another command
     */
    public Recipient recipient() throws SyntaxException {
        require(verb == Verb.RCPT);
        PathReader reader = new PathReader(argument, "TO:", SyntaxException.BAD_RECIPIENT);
        EnvelopeAddress address = reader.path();
        if (address.isNullSender()) {
            throw new SyntaxException(SyntaxException.BAD_RECIPIENT);
        }
        return new Recipient(address, reader.parameters());
    }

    /**
     * The argument of BDAT: {@code size [LAST]}, RFC 3030 section 2.
     *
     * @return how much content follows the command
     * @throws SyntaxException with 501 5.5.4 if it is anything else
     * @throws IllegalStateException if this is another command
     */
    public ChunkSize chunkSize() throws SyntaxException {
        require(verb == Verb.BDAT);
        return ChunkSize.parse(argument);
    }

    private void require(boolean expected) {
        if (!expected) {
            throw new IllegalStateException(verb + " has no such argument");
        }
    }

    /**
     * The command in one line that is safe for a log: not printable characters are replaced, a long argument is cut,
     * and that of AUTH, or of a command that is not known, which may hold a password, is left out.
     */
    @Override
    public String toString() {
        if (argument.isEmpty() || verb == Verb.UNKNOWN || verb == Verb.AUTH) {
            return verb.name();
        }
        StringBuilder out = new StringBuilder(verb.name()).append(' ');
        for (int i = 0; i < argument.length() && i < LONGEST_SHOWN; i++) {
            char c = argument.charAt(i);
            out.append(c >= ' ' && c < 0x7f ? c : '?');
        }
        return argument.length() > LONGEST_SHOWN ? out.append("...").toString() : out.toString();
    }
}
