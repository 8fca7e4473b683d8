package dev.kumo.smtp.server;

import static dev.kumo.smtp.server.Stage.CHUNKS;
import static dev.kumo.smtp.server.Stage.CONNECTED;
import static dev.kumo.smtp.server.Stage.MAIL;
import static dev.kumo.smtp.server.Stage.RCPT;
import static dev.kumo.smtp.server.Stage.READY;

import dev.kumo.core.mail.Content;
import dev.kumo.core.mail.Reply;
import dev.kumo.smtp.ChunkSize;
import dev.kumo.smtp.ClientName;
import dev.kumo.smtp.Command;
import dev.kumo.smtp.CommandParser;
import dev.kumo.smtp.EsmtpParameters;
import dev.kumo.smtp.MailFrom;
import dev.kumo.smtp.Recipient;
import dev.kumo.smtp.SyntaxException;
import dev.kumo.smtp.Verb;
import dev.kumo.smtp.server.Policies.Event;
import dev.kumo.tls.TlsSession;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One client's dialogue, RFC 5321: takes commands and content, gives answers, and touches no socket.
 *
 * <p>Whoever drives a session gives it one step at a time and waits for the answer before the next. A step that runs
 * user code runs on the listener's executor, any other on the caller's thread, its stage already complete.
 */
public final class SmtpSession {

    @FunctionalInterface
    private interface Step {
        Answer answer(SmtpSession session, Command command) throws SyntaxException;
    }

    /** When a verb may come, who answers it, and which events of the policy it asks. */
    private record Row(Set<Stage> when, Step step, Set<Event> asks) {}

    private static final Set<Stage> ANYTIME = EnumSet.allOf(Stage.class);

    /** The order of commands, RFC 5321 section 4.1.4. */
    private static final Map<Verb, Row> ORDER = new EnumMap<>(Map.ofEntries(
            row(Verb.EHLO, ANYTIME, SmtpSession::ehlo, Event.EHLO), // section 4.1.1.1
            row(Verb.HELO, ANYTIME, SmtpSession::helo, Event.EHLO), // section 4.1.1.1
            row(Verb.MAIL, Set.of(READY), SmtpSession::mail, Event.MAIL_FROM), // section 4.1.1.2
            row(Verb.RCPT, Set.of(MAIL, RCPT), SmtpSession::rcpt, Event.LISTENER_DOMAIN, Event.RCPT_TO), // 4.1.1.3
            row(Verb.DATA, Set.of(RCPT), SmtpSession::data), // section 4.1.1.4
            row(Verb.BDAT, ANYTIME, SmtpSession::bdat), // RFC 3030 section 2; out of order its octets come all the same
            row(Verb.RSET, ANYTIME, SmtpSession::rset), // section 4.1.1.5
            row(Verb.STARTTLS, Set.of(READY), SmtpSession::startTls), // RFC 3207 section 4
            row(Verb.AUTH, Set.of(READY), SmtpSession::auth, Event.AUTH_PLAIN), // RFC 4954 section 4
            row(Verb.VRFY, ANYTIME, (session, command) -> Answer.of(Replies.NOT_VERIFIED)), // section 4.1.1.6
            row(Verb.EXPN, ANYTIME, (session, command) -> Answer.of(Replies.NOT_IMPLEMENTED)), // section 4.1.1.7
            row(Verb.HELP, ANYTIME, (session, command) -> Answer.of(Replies.HELP)), // section 4.1.1.8
            row(Verb.NOOP, ANYTIME, (session, command) -> Answer.of(Replies.NO_OPERATION)), // section 4.1.1.9
            row(Verb.QUIT, ANYTIME, SmtpSession::quit))); // section 4.1.1.10

    private static final Set<String> MAIL_PARAMETERS = Set.of("SIZE", "BODY", "SMTPUTF8");
    private static final Set<String> MAIL_PARAMETERS_WITH_AUTH = Set.of("SIZE", "BODY", "SMTPUTF8", "AUTH");

    private final SessionContext context;
    private final Peer peer;
    private final Tracer tracer;
    private final Tally tally;
    private final Authentication authentication;
    private final Incoming incoming;
    private @Nullable Transaction transaction;
    private @Nullable Recipient named;
    private int messages;

    SmtpSession(SessionContext context, Peer peer) {
        this.context = context;
        this.peer = peer;
        this.tracer = context.tracer(peer);
        peer.tracedBy(tracer);
        this.tally = new Tally(context.options());
        this.incoming = new Incoming(context, tally);
        this.authentication = new Authentication(context.policies(), peer);
    }

    private static Map.Entry<Verb, Row> row(Verb verb, Set<Stage> when, Step step, Event... asks) {
        return Map.entry(verb, new Row(when, step, Set.of(asks)));
    }

    /**
     * Who the client is, as far as is known by now.
     *
     * @return the peer
     */
    public Peer peer() {
        return peer;
    }

    /**
     * Whether a transaction is under way: from MAIL until its content has come.
     *
     * @return false if the session could be closed without interrupting anything
     */
    public boolean inTransaction() {
        return transaction != null;
    }

    /**
     * Whether the client has ever begun a transaction.
     *
     * @return true once a MAIL was taken
     */
    public boolean hasMailed() {
        return messages > 0;
    }

    private Stage stage() {
        if (incoming.hasBegun()) {
            return CHUNKS;
        }
        if (transaction != null) {
            return transaction.recipients().isEmpty() ? MAIL : RCPT;
        }
        return peer.name().isPresent() ? READY : CONNECTED;
    }

    /**
     * Opens the dialogue.
     *
     * @return the greeting, or a refusal after which the connection is to be closed (RFC 5321 section 3.1)
     */
    public CompletionStage<Answer> greeting() {
        tracer.connected();
        return context.step(Set.of(Event.CONNECTION_ACCEPTED), this::greet);
    }

    /**
     * Takes one command.
     *
     * @param line without its CRLF
     * @return the answer
     */
    public CompletionStage<Answer> command(String line) {
        tracer.line(line);
        Command command;
        try {
            command = CommandParser.parse(line);
        } catch (SyntaxException e) {
            return CompletableFuture.completedFuture(refused(Answer.of(e.reply()), transaction, Verb.UNKNOWN));
        }
        Row row = ORDER.get(command.verb());
        if (row == null) {
            Reply reply = command.verb() == Verb.UNKNOWN ? Replies.UNKNOWN_COMMAND : Replies.NOT_IMPLEMENTED;
            return CompletableFuture.completedFuture(refused(Answer.of(reply), transaction, command.verb()));
        }
        return context.step(row.asks(), () -> answer(command, row));
    }

    /**
     * Takes the response to a challenge, after an answer that expects it ({@link Answer.Next#SASL}).
     *
     * @param line without its CRLF
     * @return the answer
     */
    public CompletionStage<Answer> response(String line) {
        tracer.response();
        return context.step(
                Authentication.ASKS, () -> counted(orTrouble(() -> authentication.respond(line)), Verb.AUTH));
    }

    /**
     * Takes content, after an answer that expects it ({@link Answer.Next#CONTENT}, {@link Answer.Next#CHUNK}).
     *
     * @param bytes read up to the end of the content or chunk, or all; what is left behind the end is the next command
     * @return true once the content or chunk has ended, so that {@link #endOfContent()} gives the answer
     * @throws IllegalStateException if no content is expected
     */
    public boolean content(ByteBuffer bytes) {
        int from = bytes.position();
        boolean ended = incoming.accept(bytes);
        tracer.content(bytes, from);
        return ended;
    }

    /**
     * Answers for content or a chunk that has ended. Once the content has, or a chunk has failed, the transaction is
     * over, whatever the answer (RFC 5321 section 4.1.1.4).
     *
     * @return positive only once the reception has taken responsibility
     * @throws IllegalStateException if no content is expected
     */
    public CompletionStage<Answer> endOfContent() {
        Optional<Answer> ofChunk = incoming.endOfChunk();
        if (ofChunk.isPresent()) {
            Answer answer = ofChunk.get();
            return CompletableFuture.completedFuture(
                    answer.reply().isPositive() ? answer : refused(answer, transaction, Verb.BDAT));
        }
        Verb verb = incoming.verb();
        Arrival arrived = incoming.taken();
        Transaction ended = transaction();
        transaction = null;
        Optional<Content> content = arrived.content();
        if (content.isEmpty()) {
            arrived.discard();
            ended.end();
            Reply failure = arrived.failure();
            Answer answer = arrived.isEndless() ? Answer.close(failure) : Answer.of(failure);
            return CompletableFuture.completedFuture(refused(answer, ended, verb));
        }
        return context.accept(() -> context.acceptance().accept(peer, ended, content.get()))
                .thenApply(answer -> {
                    arrived.release();
                    ended.end();
                    if (!answer.reply().isPositive()) {
                        return refused(answer, ended, verb);
                    }
                    tally.messageReceived();
                    return answer;
                });
    }

    /**
     * Goes on under TLS, as if the connection had just begun (RFC 3207 section 4.2).
     *
     * @param agreed what the handshake has agreed on
     */
    public void secured(TlsSession agreed) {
        endTransaction();
        peer.secured(agreed);
        tracer.secured(agreed.protocol(), agreed.cipher());
    }

    /** Forgets everything, as the connection is gone. Whatever was received stays received. */
    public void abort() {
        endTransaction();
    }

    /** Refuses what is no command, such as a line that is too long. */
    Answer refuse(Reply reply) {
        tracer.refusedUnread(reply);
        return refused(Answer.of(reply), transaction, Verb.UNKNOWN);
    }

    /** Tells what the session says and hears. */
    Tracer tracer() {
        return tracer;
    }

    private Answer greet() {
        Answer answer = orTrouble(() ->
                Answer.of(context.policies().connectionAccepted(peer), () -> Answer.of(context.replies().greeting)));
        peer.greeted();
        return answer.reply().isPositive() ? answer : refused(Answer.close(answer.reply()), transaction, Verb.UNKNOWN);
    }

    private Answer answer(Command command, Row row) {
        named = null;
        Answer answer = orTrouble(() -> row.when().contains(stage())
                ? row.step().answer(this, command)
                : Answer.of(stage().refusal(command.verb())));
        return counted(answer, command.verb());
    }

    private Answer orTrouble(Callable<Answer> step) {
        try {
            return step.call();
        } catch (SyntaxException e) {
            return Answer.of(e.reply());
        } catch (Throwable e) { // policies in other languages throw checked exceptions too
            return context.trouble(e);
        }
    }

    private Answer counted(Answer answer, Verb verb) {
        if (answer.reply().code() >= 400) {
            return refused(answer, transaction, verb);
        }
        return tally.taken(verb) ? Answer.close(context.replies().tooManyCommands) : answer;
    }

    // ---- the steps, in the order of the RFC ----

    private Answer ehlo(Command command) throws SyntaxException {
        return introduce(command.clientName(), true);
    }

    private Answer helo(Command command) throws SyntaxException {
        return introduce(command.clientName(), false);
    }

    private Answer introduce(ClientName name, boolean extended) {
        return Answer.of(context.policies().ehlo(peer, name), () -> {
            endTransaction();
            peer.introduced(name, extended);
            if (!extended) {
                return Answer.of(context.replies().helo);
            }
            if (authentication.isOffered()) {
                return Answer.of(context.replies().ehloOfferingAuth);
            }
            boolean offered = context.offersTls() && peer.tls().isEmpty();
            return Answer.of(offered ? context.replies().ehloOfferingTls : context.replies().ehlo);
        });
    }

    private Answer mail(Command command) throws SyntaxException {
        MailFrom from = command.mailFrom();
        Reply refusal =
                refusal(from.parameters(), authentication.isKnown() ? MAIL_PARAMETERS_WITH_AUTH : MAIL_PARAMETERS);
        if (refusal != null) {
            return Answer.of(refusal);
        }
        if (!from.sender().isAscii() && !from.smtpUtf8()) {
            return Answer.of(Replies.SMTPUTF8_NEEDED);
        }
        if (from.size().orElse(0) > context.options().maxMessageSize()) {
            return Answer.of(Replies.MESSAGE_TOO_BIG); // RFC 1870 section 6.1
        }
        if (messages == context.options().maxMessagesPerConnection()) {
            return Answer.of(Replies.TOO_MANY_MESSAGES);
        }
        messages++;
        return Answer.of(context.policies().mailFrom(peer, from), () -> {
            transaction = new Transaction(from, context.budget());
            return Answer.of(Replies.SENDER_OK);
        });
    }

    private Answer rcpt(Command command) throws SyntaxException {
        Recipient to = command.recipient();
        named = to;
        Transaction open = transaction();
        Reply refusal = refusal(to.parameters(), Set.of());
        if (refusal != null) {
            return Answer.of(refusal);
        }
        if (!to.address().isAscii() && !open.from().smtpUtf8()) {
            return Answer.of(Replies.SMTPUTF8_NEEDED);
        }
        if (!context.relaying().decide(peer, open.from().sender(), to.address()).accepted()) {
            return Answer.of(Replies.RELAYING_DENIED);
        }
        if (open.recipients().size() >= context.options().maxRecipientsPerMessage()) {
            return Answer.of(Replies.TOO_MANY_RECIPIENTS);
        }
        return Answer.of(
                context.policies().rcptTo(peer, to),
                () -> Answer.of(open.add(to) ? Replies.RECIPIENT_OK : ContentReader.STORAGE_FAILED));
    }

    private Answer data(Command command) throws SyntaxException {
        command.noArgument();
        return incoming.afterData();
    }

    private Answer bdat(Command command) {
        ChunkSize size;
        try {
            size = command.chunkSize();
        } catch (SyntaxException e) {
            return Answer.close(e.reply()); // nobody can tell what follows from commands
        }
        Stage stage = stage();
        return stage == RCPT || stage == CHUNKS
                ? incoming.chunk(size)
                : incoming.refusedChunk(size, stage.refusal(Verb.BDAT));
    }

    private Answer rset(Command command) throws SyntaxException {
        command.noArgument();
        endTransaction();
        return Answer.of(Replies.RESET);
    }

    private Answer startTls(Command command) throws SyntaxException {
        command.noArgument();
        if (peer.tls().isPresent()) {
            return Answer.of(Replies.TLS_ACTIVE);
        }
        return context.offersTls()
                ? new Answer(Replies.START_TLS, Answer.Next.TLS)
                : Answer.of(Replies.TLS_UNAVAILABLE);
    }

    private Answer auth(Command command) {
        return peer.extended() ? authentication.begin(command.argument()) : Answer.of(Replies.EHLO_ALONE);
    }

    private Answer quit(Command command) throws SyntaxException {
        command.noArgument();
        endTransaction();
        return Answer.close(context.replies().bye);
    }

    // ---- what the steps share ----

    private @Nullable Reply refusal(EsmtpParameters parameters, Set<String> known) {
        if (parameters.names().isEmpty()) {
            return null;
        }
        if (!peer.extended()) {
            return Replies.PARAMETER_WITHOUT_EHLO;
        }
        return known.containsAll(parameters.names()) ? null : Replies.UNKNOWN_PARAMETER; // RFC 5321 section 4.1.1.11
    }

    /** Every refusal passes here once: it is told and counted. */
    private Answer refused(Answer answer, @Nullable Transaction open, Verb verb) {
        Optional<MailFrom> from = Optional.ofNullable(open).map(Transaction::from);
        Optional<Recipient> to = Optional.ofNullable(verb == Verb.RCPT ? named : null);
        context.tell(peer, verb, from, to, answer.reply());
        boolean tooMany = tally.refused(answer.reply(), verb);
        return tooMany && answer.next() != Answer.Next.CLOSE ? Answer.close(context.replies().tooManyErrors) : answer;
    }

    private void endTransaction() {
        incoming.drop();
        if (transaction != null) {
            transaction.end();
            transaction = null;
        }
    }

    private Transaction transaction() {
        if (transaction == null) {
            throw new IllegalStateException("no transaction is open");
        }
        return transaction;
    }
}
