package dev.kumo.http;

import dev.kumo.core.Reception;
import dev.kumo.core.log.MtaObserver;
import dev.kumo.core.log.SessionTrace;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.Reply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A reception that keeps what it takes. */
final class Inbox implements Reception {

    final List<Message> messages = new CopyOnWriteArrayList<>();

    /** Answers for what is received; may throw, fail or wait. */
    Function<List<Message>, CompletionStage<Reply>> answer = received -> CompletableFuture.completedFuture(Reply.OK);

    /** Why nothing would be taken. */
    volatile Optional<String> trouble = Optional.empty();

    boolean takesChores;
    MtaObserver observer = MtaObserver.NONE;
    final SessionTrace trace = new SessionTrace();

    @Override
    public CompletionStage<Reply> receive(List<Message> received) {
        messages.addAll(received);
        return answer.apply(received);
    }

    @Override
    public MtaObserver observer() {
        return observer;
    }

    @Override
    public Optional<String> trouble() {
        return trouble;
    }

    @Override
    public boolean takesChores() {
        return takesChores;
    }

    @Override
    public SessionTrace trace() {
        return trace;
    }

    /** The message with its added header fields. */
    String text(int index) {
        return new String(bytes(index), StandardCharsets.UTF_8);
    }

    byte[] bytes(int index) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            messages.get(index).writeTo(out);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toByteArray();
    }
}
