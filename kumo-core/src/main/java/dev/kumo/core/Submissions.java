package dev.kumo.core;

import dev.kumo.core.mail.Reply;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** The answers to what was submitted of late under a key, so that who asks twice is not served twice. */
final class Submissions {

    static final int MOST = 10_000;
    static final Duration REMEMBERED = Duration.ofHours(24);

    private final InstantSource time;
    private final Object lock = new Object();
    /** In the order in which they came. */
    private final Map<String, Submission> answers = new LinkedHashMap<>();

    private record Submission(Instant at, CompletableFuture<Reply> answer) {}

    Submissions(InstantSource time) {
        this.time = time;
    }

    /** Submits if nothing was submitted under that key, or if it was refused; else gives the answer to that. */
    CompletionStage<Reply> once(String key, Supplier<CompletionStage<Reply>> submit) {
        Submission mine;
        synchronized (lock) {
            forgetOld();
            Submission earlier = answers.get(key);
            if (earlier != null) {
                return earlier.answer().copy();
            }
            mine = new Submission(time.instant(), new CompletableFuture<>());
            answers.put(key, mine);
        }
        CompletionStage<Reply> answer;
        try {
            answer = submit.get();
        } catch (RuntimeException | Error e) {
            answer = CompletableFuture.failedFuture(e);
        }
        answer.whenComplete((reply, cause) -> {
            if (cause != null || !reply.isPositive()) {
                synchronized (lock) {
                    answers.remove(key, mine); // nothing was taken, so the next may try again
                }
            }
            if (cause != null) {
                mine.answer().completeExceptionally(cause);
            } else {
                mine.answer().complete(reply);
            }
        });
        return mine.answer().copy();
    }

    private void forgetOld() {
        Instant limit = time.instant().minus(REMEMBERED);
        Iterator<Submission> oldest = answers.values().iterator();
        while (oldest.hasNext()) {
            Submission each = oldest.next();
            if (answers.size() < MOST && each.at().isAfter(limit)) {
                return;
            }
            oldest.remove();
        }
    }
}
