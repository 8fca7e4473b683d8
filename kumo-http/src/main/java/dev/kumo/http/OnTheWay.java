package dev.kumo.http;

import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.Reply;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.ObjIntConsumer;

/**
 * Messages of one injection that the reception has been given and has not answered for yet. Only so many are at once that memory does not
 * grow with the number of recipients.
 */
final class OnTheWay {

    static final int MOST = 64;
    private static final long MOST_BYTES = 4L * 1024 * 1024;

    private record Handed(int index, long size, CompletionStage<Reply> reply) {}

    private final Workshop workshop;
    private final Maker maker;
    private final ObjIntConsumer<Reply> answers;
    private final Deque<Handed> handed = new ArrayDeque<>();
    private long bytes;
    private boolean any;

    /**
     * None yet.
     *
     * @param answers told what the reception said, and of which message
     */
    OnTheWay(Workshop workshop, Maker maker, ObjIntConsumer<Reply> answers) {
        this.workshop = workshop;
        this.maker = maker;
        this.answers = answers;
    }

    /** Whether any was handed on, so that it may have been received. */
    boolean any() {
        return any;
    }

    void hand(int index, Message message) {
        workshop.metrics().received();
        any = true;
        CompletionStage<Reply> reply;
        try {
            reply = workshop.reception().receive(List.of(message));
        } catch (RuntimeException | Error e) {
            reply = CompletableFuture.failedFuture(e);
        }
        handed.add(new Handed(index, message.size(), reply));
        bytes += message.size();
        while (handed.size() > MOST || bytes > MOST_BYTES) {
            await(handed.remove());
        }
    }

    /** Waits until all are answered for. */
    void await() {
        while (!handed.isEmpty()) {
            await(handed.remove());
        }
    }

    private void await(Handed message) {
        bytes -= message.size;
        Reply reply = message.reply
                .exceptionally(cause -> {
                    maker.log("The reception failed; a message was not received", cause);
                    return Maker.LOCAL_ERROR;
                })
                .toCompletableFuture()
                .join();
        answers.accept(reply, message.index);
    }
}
