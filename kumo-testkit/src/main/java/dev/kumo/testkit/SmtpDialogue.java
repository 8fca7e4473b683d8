package dev.kumo.testkit;

import dev.kumo.core.Reception;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.Reply;
import dev.kumo.core.net.IpLiteral;
import dev.kumo.smtp.server.Answer;
import dev.kumo.smtp.server.EsmtpListener;
import dev.kumo.smtp.server.SmtpSession;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.assertj.core.api.Assertions;

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
 * <p>A script has a line for each line on the wire. {@code C:} is said by the client, where {@code \r},
 * {@code \n}, {@code \0} and {@code \\} stand for what a line of text cannot hold. {@code S:} has to be the next line
 * of the server's replies; a {@code *} at its end matches any rest, and {@code S: *} alone all further lines of the
 * reply. {@code S: (closed)} means that the server closes the connection. Empty lines and those that begin with
 * {@code #} say nothing. When a script ends, every reply has to have been named.
 */
public final class SmtpDialogue {

    private static final String CLOSED = "(closed)";

    private final EsmtpListener listener;
    private final List<Message> received = new ArrayList<>();
    private final Deque<String> heard = new ArrayDeque<>();
    private final SmtpSession session;
    private Answer.Next next = Answer.Next.COMMAND;

    private SmtpDialogue(EsmtpListener listener, InetSocketAddress client) {
        this.listener = listener;
        Reception inbox = Reception.of(message -> {
            received.add(message);
            return Reply.OK;
        });
        this.session = listener.session(client, inbox, Runnable::run);
        hear(session.greeting());
    }

    /**
     * Begins a dialogue of a stranger, from {@code 192.0.2.1}.
     *
     * @param listener whose rules are tried; it need not be open
     * @return the dialogue; the greeting has been said
     */
    public static SmtpDialogue with(EsmtpListener listener) {
        return new SmtpDialogue(listener, address("192.0.2.1"));
    }

    /**
     * Begins a new dialogue from another address.
     *
     * @param ip an IP literal
     * @return the new dialogue
     * @throws IllegalArgumentException if it is not an IP literal
     */
    public SmtpDialogue from(String ip) {
        return new SmtpDialogue(listener, address(ip));
    }

    /**
     * Plays a script.
     *
     * @param script lines as told above
     * @return this
     * @throws AssertionError if the server says anything else
     */
    public SmtpDialogue run(String script) {
        int number = 0;
        for (String line : script.lines().toList()) {
            number++;
            String text = line.strip();
            if (text.startsWith("C:")) {
                say(unescaped(text.length() > 2 ? text.substring(text.charAt(2) == ' ' ? 3 : 2) : ""));
            } else if (text.startsWith("S:")) {
                expect(text.substring(2).strip(), number);
            } else if (!text.isEmpty() && !text.startsWith("#")) {
                throw new IllegalArgumentException(
                        "line " + number + " begins with neither C: nor S: nor #: '" + text + "'");
            }
        }
        Assertions.assertThat(heard).as("replies that the script does not name").isEmpty();
        return this;
    }

    /**
     * Says one line, a command or a line of content.
     *
     * @param line without CRLF
     * @return what the server answers; nothing while it takes content
     * @throws IllegalStateException if the server has closed the connection
     */
    public List<String> send(String line) {
        heard.clear();
        say(line);
        return List.copyOf(heard);
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

    private void say(String line) {
        switch (next) {
            case COMMAND -> hear(session.command(line));
            case CONTENT -> {
                if (session.content(ByteBuffer.wrap((line + "\r\n").getBytes(StandardCharsets.UTF_8)))) {
                    hear(session.endOfContent());
                }
            }
            case CLOSE -> throw new IllegalStateException("the server has closed the connection");
        }
    }

    private void hear(CompletionStage<Answer> step) {
        Answer answer = step.toCompletableFuture().join();
        answer.reply().wire().lines().forEach(heard::add);
        next = answer.next();
    }

    private void expect(String expected, int number) {
        if (expected.equals(CLOSED)) {
            Assertions.assertThat(heard)
                    .as("replies before the end, line %d", number)
                    .isEmpty();
            Assertions.assertThat(isClosed())
                    .as("the server closes the connection, line %d", number)
                    .isTrue();
            return;
        }
        String said = heard.poll();
        Assertions.assertThat(said).as("the server's reply, line %d", number).isNotNull();
        if (expected.equals("*")) {
            while (said != null && said.charAt(3) == '-') {
                said = heard.poll();
            }
        } else if (expected.endsWith("*")) {
            Assertions.assertThat(said)
                    .as("the server's reply, line %d", number)
                    .startsWith(expected.substring(0, expected.length() - 1));
        } else {
            Assertions.assertThat(said)
                    .as("the server's reply, line %d", number)
                    .isEqualTo(expected);
        }
    }

    private static String unescaped(String text) {
        if (text.indexOf('\\') < 0) {
            return text;
        }
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\\') {
                out.append(c);
                continue;
            }
            char escape = ++i < text.length() ? text.charAt(i) : ' ';
            switch (escape) {
                case 'r' -> out.append('\r');
                case 'n' -> out.append('\n');
                case '0' -> out.append('\0');
                case '\\' -> out.append('\\');
                default -> throw new IllegalArgumentException("an escape is \\r, \\n, \\0 or \\\\, in '" + text + "'");
            }
        }
        return out.toString();
    }

    private static InetSocketAddress address(String ip) {
        return new InetSocketAddress(IpLiteral.parse(ip), 25_000);
    }
}
