package dev.kumo.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.kumo.http.answer.RefusedException;
import java.net.InetAddress;
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
    private final Handler handler = idempotency.around(request -> new Idempotency.Outcome(
            Response.text(200, "answer " + done.incrementAndGet()),
            !request.text().equals("bad")));

    private static Request request(String user, String key, String body) {
        return request(Optional.of(user), key, body);
    }

    private static Request request(Optional<String> user, String key, String body) {
        InetSocketAddress nowhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        return new Request(
                Method.POST,
                "/p",
                Map.of(),
                key == null ? Map.of() : Map.of("idempotency-key", List.of(key)),
                body.getBytes(StandardCharsets.UTF_8),
                new Caller(nowhere, nowhere, false, user));
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
    void noKeyIsForgottenBeforeItsTime() throws Exception {
        answer("u", "k1", "body");
        answer("u", "k2", "body");
        assertThat(refusal("k3", "body")).isEqualTo(503);
        assertThat(answer("u", "k1", "body")).isEqualTo("answer 1");
        now = now.plus(Duration.ofMinutes(61));
        assertThat(answer("u", "k3", "body")).isEqualTo("answer 3");
    }

    @Test
    void oneCallerLeavesRoomForOthers() throws Exception {
        answer("u", "k1", "body");
        answer("u", "k2", "body");
        assertThat(refusal("k3", "body")).isEqualTo(503);
        assertThat(answer("v", "k3", "body")).isEqualTo("answer 3");
    }

    @Test
    void largeAnswersFillAShareToo() throws Exception {
        Handler large = idempotency.around(request ->
                new Idempotency.Outcome(Response.text(200, "x".repeat(10 << 20)), done.incrementAndGet() > 0));
        large.handle(request("u", "k1", "body"));
        assertThat(refusal("k2", "body")).isEqualTo(503);
        assertThat(large.handle(request("v", "k1", "body")).status()).isEqualTo(200);
        assertThat(large.handle(request("v", "k1", "body")).status()).isEqualTo(409);
        assertThat(done).hasValue(2);
    }

    @Test
    void aUserCalledLikeAnAddressIsNotThatHost() throws Exception {
        assertThat(handler.handle(request(Optional.empty(), "k", "body")).body())
                .asString()
                .isEqualTo("answer 1");
        assertThat(answer("127.0.0.1", "k", "body")).isEqualTo("answer 2");
    }

    @Test
    void whileARequestIsWorkedOnItsRepeatIsToldToWait() throws Exception {
        CountDownLatch here = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        Handler slow = idempotency.around(request -> {
            here.countDown();
            go.await();
            return new Idempotency.Outcome(Response.text(200, "done"), true);
        });
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
    void workThatFailsBeforeAnythingIsDoneLeavesNothing() throws Exception {
        Handler failing = idempotency.around(request -> {
            throw new IllegalStateException();
        });
        assertThatIllegalStateException().isThrownBy(() -> failing.handle(request("u", "k", "body")));
        assertThat(idempotency.size()).isZero();
    }
}
