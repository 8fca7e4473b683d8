package dev.kumo.smtp.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** One session without a connection; every step is done when its answer is asked for. */
final class Talk {

    final Inbox inbox;
    final SessionContext context;
    final SmtpSession session;
    private Answer last;

    Talk(Inbox inbox, Consumer<EsmtpListener.Builder> options, Policy... policies) {
        this(inbox, Runnable::run, options, policies);
    }

    Talk(Inbox inbox, Executor executor, Consumer<EsmtpListener.Builder> options, Policy... policies) {
        this.inbox = inbox;
        this.context = new SessionContext(
                Wire.options(options),
                new Policies(List.of(policies)),
                inbox,
                executor,
                InstantSource.fixed(Wire.NOW),
                new Random(1),
                null);
        this.session = new SmtpSession(context, new Peer(Wire.STRANGER, Wire.STRANGER, "mx.example", new Random(2)));
        hear(session.greeting());
    }

    /** Says a command; the server's reply in one line. */
    String say(String command) {
        assertThat(last.next()).as("what the server waits for").isEqualTo(Answer.Next.COMMAND);
        return hear(session.command(command));
    }

    /** Answers a challenge. */
    String respond(String response) {
        assertThat(last.next()).as("what the server waits for").isEqualTo(Answer.Next.SASL);
        return hear(session.response(response));
    }

    /** Sends content, with its final dot. */
    String send(String content) {
        assertThat(last.next()).as("what the server waits for").isEqualTo(Answer.Next.CONTENT);
        assertThat(session.content(ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8))))
                .isTrue();
        return hear(session.endOfContent());
    }

    /** Everything up to DATA. */
    Talk begin(String... recipients) {
        say("EHLO client.example");
        say("MAIL FROM:<a@client.example>");
        for (String recipient : recipients) {
            assertThat(say("RCPT TO:<" + recipient + ">")).isEqualTo("250 2.1.5 OK");
        }
        say("DATA");
        return this;
    }

    String reply() {
        return last.reply().toString();
    }

    boolean isClosed() {
        return last.next() == Answer.Next.CLOSE;
    }

    private String hear(CompletionStage<Answer> step) {
        last = step.toCompletableFuture().join();
        return reply();
    }
}
