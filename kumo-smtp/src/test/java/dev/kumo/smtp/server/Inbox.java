package dev.kumo.smtp.server;

import dev.kumo.core.Reception;
import dev.kumo.core.log.LogRecord;
import dev.kumo.core.log.MtaObserver;
import dev.kumo.core.log.SessionTrace;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.Reply;
import dev.kumo.core.spool.Draft;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Supplier;

/** A reception that keeps what it takes, and whatever it is told. */
final class Inbox implements Reception {

    final List<Message> messages = new CopyOnWriteArrayList<>();
    final List<LogRecord> records = new CopyOnWriteArrayList<>();

    /** Answers for what is received; may throw, fail or wait. */
    Function<List<Message>, CompletionStage<Reply>> answer = received -> CompletableFuture.completedFuture(Reply.OK);

    Supplier<Draft> drafts = Draft::inMemory;
    MtaObserver observer = MtaObserver.of(records::add);
    final SessionTrace trace = new SessionTrace();

    @Override
    public CompletionStage<Reply> receive(List<Message> received) {
        messages.addAll(received);
        return answer.apply(received);
    }

    @Override
    public boolean mayBlock() {
        return false;
    }

    @Override
    public Draft draft() {
        return drafts.get();
    }

    @Override
    public MtaObserver observer() {
        return observer;
    }

    @Override
    public SessionTrace trace() {
        return trace;
    }

    /** The message with its added header fields. */
    String text(int index) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            messages.get(index).writeTo(out);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    /** The recipients of each message. */
    List<String> recipients() {
        return messages.stream().map(message -> message.recipients().toString()).toList();
    }
}
