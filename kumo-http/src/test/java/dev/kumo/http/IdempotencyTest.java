package dev.kumo.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.kumo.http.answer.RefusedException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class IdempotencyTest {

    private Instant now = Instant.EPOCH;
    private final AtomicInteger done = new AtomicInteger();
    private final Idempotency idempotency = new Idempotency(3, Duration.ofHours(1), () -> now);
    private final Handler handler = idempotency.around(
            request -> Response.text(request.text().equals("bad") ? 422 : 200, "answer " + done.incrementAndGet()),
            response -> response.status() == 200);

    private static Request request(String user, String key, String body) {
        InetSocketAddress nowhere = new InetSocketAddress(0);
        return new Request(
                Method.POST,
                "/p",
                Map.of(),
                key == null ? Map.of() : Map.of("idempotency-key", List.of(key)),
                body.getBytes(StandardCharsets.UTF_8),
                new Caller(nowhere, nowhere, false, Optional.of(user)));
    }

    private String answer(String user, String key, String body) throws Exception {
        return new String(handler.handle(request(user, key, body)).body(), StandardCharsets.UTF_8);
    }

    private int refusal(String key, String body) {
        return catchThrowableOfType(RefusedException.class, () -> answer("u", key, body))
                .answer()
                .status();
    }

    @Test
    void aRepeatIsAnsweredAsBeforeAndDoesNothing() throws Exception {
        assertThat(answer("u", "\"k\"", "body")).isEqualTo("answer 1");
        assertThat(answer("u", "\"k\"", "body")).isEqualTo("answer 1");
        assertThat(answer("u", "k", "body")).isEqualTo("answer 1");
        assertThat(done).hasValue(1);
    }

    @Test
    void withoutAKeyEachRequestIsNew() throws Exception {
        answer("u", null, "body");
        answer("u", null, "body");
        assertThat(done).hasValue(2);
    }

    @Test
    void aKeyIsTheCallersOwn() throws Exception {
        assertThat(answer("u", "k", "body")).isEqualTo("answer 1");
        assertThat(answer("v", "k", "body")).isEqualTo("answer 2");
    }

    @Test
    void aKeyWithAnotherBodyIsRefused() throws Exception {
        answer("u", "k", "body");
        assertThat(refusal("k", "other")).isEqualTo(422);
    }

    @Test
    void aMalformedKeyIsRefused() {
        for (String key : new String[] {"", "\"\"", "a\"b", "a,b", "\u00e9", "x".repeat(256), "\"a\\b\""}) {
            assertThat(refusal(key, "body")).as(key).isEqualTo(400);
        }
    }

    @Test
    void anAnswerThatDidNothingIsNotKept() throws Exception {
        assertThat(answer("u", "k", "bad")).isEqualTo("answer 1");
        assertThat(answer("u", "k", "bad")).isEqualTo("answer 2");
        assertThat(answer("u", "k", "good")).isEqualTo("answer 3");
    }

    @Test
    void aKeyIsForgottenInTime() throws Exception {
        answer("u", "k", "body");
        now = now.plus(Duration.ofMinutes(61));
        assertThat(answer("u", "k", "body")).isEqualTo("answer 2");
        assertThat(idempotency.size()).isEqualTo(1);
    }

    @Test
    void theOldestIsForgottenFirst() throws Exception {
        for (int i = 0; i < 10; i++) {
            answer("u", "k" + i, "body");
        }
        assertThat(idempotency.size()).isLessThanOrEqualTo(3);
        assertThat(answer("u", "k9", "body")).isEqualTo("answer 10");
        assertThat(answer("u", "k0", "body")).isEqualTo("answer 11");
    }

    @Test
    void whileARequestIsWorkedOnItsRepeatIsToldToWait() throws Exception {
        CountDownLatch here = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        Handler slow = idempotency.around(
                request -> {
                    here.countDown();
                    go.await();
                    return Response.text(200, "done");
                },
                response -> true);
        FutureTask<Response> first = new FutureTask<>(() -> slow.handle(request("u", "k", "body")));
        new Thread(first).start();
        here.await();
        assertThat(catchThrowableOfType(RefusedException.class, () -> slow.handle(request("u", "k", "body")))
                        .answer()
                        .status())
                .isEqualTo(409);
        go.countDown();
        assertThat(slow.handle(awaited(first)).body()).isEqualTo(first.get().body());
    }

    private static Request awaited(FutureTask<Response> first) throws Exception {
        first.get();
        return request("u", "k", "body");
    }

    @Test
    void aHandlerThatFailsLeavesNothing() throws Exception {
        Handler failing = idempotency.around(
                request -> {
                    throw new IllegalStateException();
                },
                response -> true);
        assertThatIllegalStateException().isThrownBy(() -> failing.handle(request("u", "k", "body")));
        assertThat(idempotency.size()).isZero();
    }
}
