package dev.kumo.testkit;

import dev.kumo.core.Reception;
import dev.kumo.core.log.MtaObserver;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.Reply;
import dev.kumo.core.net.IpLiteral;
import dev.kumo.core.spool.Draft;
import dev.kumo.smtp.server.Answer;
import dev.kumo.smtp.server.EsmtpListener;
import dev.kumo.smtp.server.SmtpSession;
import dev.kumo.tls.TlsSession;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;

/**
 * A client's dialogue with a listener, without a socket and from any address: the rules of a real session, told in a
 * few lines.
 *
 * <pre>{@code
 * SmtpDialogue dialogue = SmtpDialogue.with(listener).from("192.0.2.7");
 * dialogue.run("""
 *         S: 220 mail.example.com *
 *         C: EHLO client.example
 *         S: 250-mail.example.com
 *         S: *
 *         C: MAIL FROM:<a@client.example>
 *         S: 250 2.1.0 OK
 *         C: RCPT TO:<b@elsewhere.example>
 *         S: 550 5.7.1 relaying denied
 *         """);
 * assertThat(dialogue.received()).isEmpty();
 * }</pre>
 *
 * <p>A script has a line for each line on the wire:
 *
 * <ul>
 *   <li>{@code C:} and a blank, then what the client says, in UTF-8 and up to the end of the line. {@code \r},
 *       {@code \n}, {@code \t}, {@code \0}, {@code \s} and {@code \\} stand for CR, LF, tab, NUL, blank and backslash;
 *       in a text block of Java each takes two backslashes. CRLF is added.
 *   <li>{@code S:} and the next line of the server's replies. A {@code *} at its end matches any rest, and {@code S: *}
 *       alone matches all further lines of a reply.
 *   <li>{@code S: (closed)}: the server closes the connection.
 *   <li>Empty lines, and those that begin with {@code #}, say nothing.
 * </ul>
 *
 * <p>The client may say several lines before the replies to them are named (RFC 2920). When a script ends, every reply
 * has to have been named.
 *
 * <p>What the connection itself refuses is not part of a dialogue: lines that are too long, control characters in
 * commands, bytes that are no UTF-8, time-outs. Try these over a socket, see {@link TestMta#address()}.
 *
 * <p>A dialogue is not safe for use by two threads at once. Policies and the reception run on the caller's thread.
 */
public final class SmtpDialogue {

    private static final String STRANGER = "192.0.2.1";
    private static final String CLOSED = "(closed)";
    private static final int LINES_SHOWN = 20;
    private static final TlsSession TLS =
            new TlsSession("TLSv1.3", "TLS_AES_256_GCM_SHA384", Optional.empty(), List.of());

    private final EsmtpListener listener;
    private final Reception reception;
    private final InetSocketAddress client;
    private final boolean underTls;
    private final List<Message> received = new ArrayList<>();
    private final Deque<String> heard = new ArrayDeque<>();
    private final List<String> said = new ArrayList<>();
    private @Nullable SmtpSession session;
    private Answer.Next next = Answer.Next.COMMAND;

    private SmtpDialogue(EsmtpListener listener, Reception reception, InetSocketAddress client, boolean underTls) {
        this.listener = listener;
        this.reception = reception;
        this.client = client;
        this.underTls = underTls;
    }

    private static InetSocketAddress client(String ip) {
        return new InetSocketAddress(IpLiteral.parse(ip), 25_000);
    }

    /**
     * A dialogue of a stranger, from {@code 192.0.2.1}, in which every message that the rules let pass is taken.
     *
     * @param listener whose rules are tried; it need not be open
     * @return the dialogue; nothing has been said
     */
    public static SmtpDialogue with(EsmtpListener listener) {
        return with(listener, messages -> CompletableFuture.completedFuture(Reply.OK));
    }

    /**
     * A dialogue of a stranger, from {@code 192.0.2.1}, which hands its messages over.
     *
     * @param listener whose rules are tried; it need not be open
     * @param reception who takes the messages, or refuses them
     * @return the dialogue; nothing has been said
     */
    public static SmtpDialogue with(EsmtpListener listener, Reception reception) {
        return new SmtpDialogue(listener, reception, client(STRANGER), false);
    }

    /**
     * A dialogue from another address with the same listener.
     *
     * @param ip an IP literal
     * @return a new dialogue; nothing has been said
     * @throws IllegalArgumentException if it is not an IP literal
     */
    public SmtpDialogue from(String ip) {
        return new SmtpDialogue(listener, reception, client(ip), underTls);
    }

    /**
     * A dialogue of the same client that begins under TLS, as behind {@code implicit_tls} or after STARTTLS: for what is
     * offered there alone, such as AUTH.
     *
     * @return a new dialogue; nothing has been said
     */
    public SmtpDialogue underTls() {
        return new SmtpDialogue(listener, reception, client, true);
    }

    /**
     * Plays a script. The first script of a dialogue begins with the greeting, a further one where the last one ended.
     *
     * @param script lines as told above
     * @return this
     * @throws AssertionError if the server says anything else; the text has the line and the dialogue up to it
     * @throws IllegalArgumentException if a line is none of a script
     */
    public SmtpDialogue run(String script) {
        session();
        int number = 0;
        for (String line : script.lines().toList()) {
            number++;
            String text = line.stripLeading();
            if (text.startsWith("C:")) {
                String place = "line " + number + " of the script, " + text;
                if (isClosed()) {
                    throw new AssertionError(place + ": the server has closed the connection\n" + this);
                }
                say(Escapes.undo(text.substring(text.startsWith("C: ") ? 3 : 2)));
            } else if (text.startsWith("S:")) {
                expect(
                        text.substring(2).strip(),
                        "line " + number + " of the script, " + text.stripTrailing() + "\n" + this);
            } else if (!text.isEmpty() && !text.startsWith("#")) {
                throw new IllegalArgumentException(
                        "line " + number + " of the script begins with none of C: S: and #: '" + text + "'");
            }
        }
        if (!heard.isEmpty()) {
            throw new AssertionError("the script ends without a line for each of " + heard + "\n" + this);
        }
        return this;
    }

    /**
     * Says one line, a command or a line of content.
     *
     * @param line without CRLF; nothing in it is an escape
     * @return the lines that the server answers; none while it takes content
     * @throws IllegalStateException if the server has closed the connection
     * @throws IllegalArgumentException if it is a command that the connection would refuse
     */
    public List<String> send(String line) {
        session();
        if (isClosed()) {
            throw new IllegalStateException("the server has closed the connection\n" + this);
        }
        heard.clear();
        say(line);
        List<String> answer = List.copyOf(heard);
        heard.clear();
        return answer;
    }

    /**
     * What was received, in the order in which it came.
     *
     * @return one message per recipient
     */
    public List<Message> received() {
        return List.copyOf(received);
    }

    /**
     * Whether the server has closed the connection.
     *
     * @return true after its last reply
     */
    public boolean isClosed() {
        return next == Answer.Next.CLOSE;
    }

    private SmtpSession session() {
        SmtpSession open = session;
        if (open == null) {
            open = listener.session(client, new Recording(), Runnable::run);
            session = open;
            hear(open.greeting());
            if (underTls && !isClosed()) {
                open.secured(TLS);
            }
        }
        return open;
    }

    private void say(String line) {
        said.add("C: " + Escapes.show(line));
        ByteBuffer bytes = ByteBuffer.wrap((line + "\r\n").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining() && !isClosed()) {
            if (next == Answer.Next.COMMAND) {
                hear(session().command(nextCommand(bytes)));
            } else if (next == Answer.Next.SASL) {
                hear(session().response(nextCommand(bytes)));
            } else if (session().content(bytes)) {
                hear(session().endOfContent());
            }
        }
    }

    private String nextCommand(ByteBuffer bytes) {
        String rest = StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
        String command = rest.substring(0, rest.indexOf("\r\n"));
        int octets = command.getBytes(StandardCharsets.UTF_8).length;
        int limit = listener.options().lineLengthHardLimit();
        if (octets > limit || command.chars().anyMatch(c -> c < ' ' && c != '\t' || c == 0x7f)) {
            throw new IllegalArgumentException("a command of more than " + limit
                    + " octets, or with control characters,"
                    + " is refused by the connection, before the session sees it; try it over a socket\n" + this);
        }
        bytes.position(bytes.position() + octets + 2);
        return command;
    }

    private void hear(CompletionStage<Answer> step) {
        Answer answer = step.toCompletableFuture().join();
        next = answer.next();
        if (next == Answer.Next.CHUNK) { // RFC 3030 has no reply before the chunk
            if (session().content(ByteBuffer.allocate(0))) {
                hear(session().endOfContent());
            }
            return;
        }
        answer.reply().wire().lines().forEach(line -> {
            heard.add(line);
            said.add("S: " + line);
        });
        if (isClosed()) {
            said.add("S: " + CLOSED);
        }
    }

    private void expect(String expected, String place) {
        if (expected.equals(CLOSED)) {
            if (!heard.isEmpty() || !isClosed()) {
                throw new AssertionError(
                        place + "\nthe server " + (heard.isEmpty() ? "waits" : "says " + heard.element()));
            }
            return;
        }
        String line = heard.poll();
        if (line == null) {
            throw new AssertionError(place + "\nthe server says nothing more");
        }
        if (expected.equals("*")) {
            while (line != null && line.charAt(3) == '-') {
                line = heard.poll();
            }
        } else if (expected.endsWith("*")) {
            Assertions.assertThat(line).as(place).startsWith(expected.substring(0, expected.length() - 1));
        } else {
            Assertions.assertThat(line).as(place).isEqualTo(expected);
        }
    }

    /** The end of what has been said, as a script would have it. */
    @Override
    public String toString() {
        int hidden = Math.max(0, said.size() - LINES_SHOWN);
        return (hidden == 0 ? "" : "  ... " + hidden + " lines\n  ")
                + String.join("\n  ", said.subList(hidden, said.size()));
    }

    /** All that has been said. */
    List<String> said() {
        return List.copyOf(said);
    }

    /** Keeps what is received, for the test to look at. */
    private final class Recording implements Reception {

        @Override
        public CompletionStage<Reply> receive(List<Message> messages) {
            return reception.receive(messages).thenApply(reply -> {
                if (reply.isPositive()) {
                    received.addAll(messages);
                }
                return reply;
            });
        }

        @Override
        public Draft draft() {
            return reception.draft();
        }

        @Override
        public MtaObserver observer() {
            return reception.observer();
        }
    }
}
