package dev.kumo.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.kumo.core.mail.Reply;
import dev.kumo.core.policy.Verdict;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one injection may cost, and what it answers when it has to stop half way. */
@Timeout(60)
class InjectCostTest {

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-22T03:04:05Z"));

    private static RawClient send(Served served, int recipients, String text, String... fields) throws IOException {
        String list = IntStream.rangeClosed(1, recipients)
                .mapToObj(i -> "{\"email\":\"u" + i + "@c.example\"}")
                .collect(Collectors.joining(","));
        byte[] body = ("{\"envelope_sender\":\"s@b.example\",\"recipients\":[" + list
                        + "],\"content\":{\"text_body\":\"" + text + "\",\"from\":{\"email\":\"a@b.example\"}}}")
                .getBytes(StandardCharsets.UTF_8);
        return served.client()
                .send("POST /api/inject/v1 HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + String.join("", fields) + "Content-Length: " + body.length + "\r\n\r\n")
                .send(body);
    }

    private static RawClient.Reply inject(Served served, int recipients, String text, String... fields)
            throws IOException {
        try (RawClient client = send(served, recipients, text, fields)) {
            return client.reply();
        }
    }

    private static HttpPolicy at(String localPart, Runnable deed) {
        return HttpPolicy.onMessageGenerated((caller, message) -> {
            if (message.recipients().get(0).localPart().equals(localPart)) {
                deed.run();
            }
            return Verdict.proceed();
        });
    }

    private static Error error(String kind) {
        return switch (kind) {
            case "stack" -> new StackOverflowError();
            case "memory" -> new OutOfMemoryError();
            case "link" -> new NoClassDefFoundError();
            default -> new AssertionError();
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"stack", "memory", "link", "assertion"})
    void anErrorIsTheFailureOfOneRecipientAndMakesNoMailTwice(String kind) throws IOException {
        try (Served served = new Served(builder -> builder.policy(at("u2", () -> {
            throw error(kind);
        })))) {
            RawClient.Reply first = inject(served, 3, "Hello", "Idempotency-Key: k\r\n");
            assertThat(first.status()).isEqualTo(200);
            assertThat(first.body())
                    .contains("\"success_count\":2,\"fail_count\":1")
                    .contains("\"u2@c.example: 451 4.3.0");

            assertThat(inject(served, 3, "Hello", "Idempotency-Key: k\r\n").body())
                    .isEqualTo(first.body());
            assertThat(served.inbox.messages).hasSize(2);
        }
    }

    @Test
    void whatFailsHalfWayKeepsItsKey() throws IOException {
        try (Served served = new Served(unchanged -> {})) {
            served.inbox.answer = messages -> new CompletableFuture<>() {
                @Override
                public CompletableFuture<Reply> exceptionally(Function<Throwable, ? extends Reply> handler) {
                    throw new AssertionError();
                }
            };
            for (int i = 0; i < 2; i++) {
                RawClient.Reply reply = inject(served, 1, "Hello", "Idempotency-Key: k\r\n");
                assertThat(reply.status()).isEqualTo(500);
                assertThat(reply.body()).contains("may have been received");
            }
            assertThat(served.inbox.messages).hasSize(1);
        }
    }

    @Test
    void whatIsLeftAtTheEndOfTheTimeFails() throws IOException {
        try (Served served = new Served(builder -> builder.time(now::get)
                .limits(limits -> limits.injectTimeout(Duration.ofSeconds(3)))
                .policy(at("u2", () -> now.updateAndGet(then -> then.plusSeconds(4)))))) {
            assertThat(inject(served, 4, "Hello").body())
                    .contains("\"success_count\":2,\"fail_count\":2")
                    .contains("\"u3@c.example: the request took longer than inject_timeout, which is 3000 ms");
            assertThat(served.inbox.messages).hasSize(2);
        }
    }

    @Test
    void messagesAreBoundedTogether() throws IOException {
        try (Served served = new Served(builder -> builder.limits(limits -> limits.maxInjectSize(25_000)))) {
            assertThat(inject(served, 5, "x ".repeat(5_000)).body())
                    .contains("\"success_count\":2,\"fail_count\":3")
                    .contains("\"u3@c.example: the messages of the request become larger together than max_inject_size")
                    .contains("\"u5@c.example: the messages of the request");
            assertThat(served.inbox.messages).hasSize(2);
        }
    }

    @Test
    void aListenerThatClosesTellsWhatItHasReceived() throws Exception {
        CountDownLatch here = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try (Served served = new Served(builder -> builder.policy(at("u2", () -> {
            here.countDown();
            awaitQuietly(go);
        })))) {
            try (RawClient client = send(served, 1000, "Hello")) {
                here.await();
                beginClosing(served);
                go.countDown();
                RawClient.Reply reply = client.reply();
                assertThat(reply.status()).isEqualTo(200);
                assertThat(reply.body())
                        .contains("\"success_count\":2,\"fail_count\":998")
                        .contains("\"u3@c.example: 421 4.3.2 shutting down");
            }
            assertThat(served.inbox.messages).hasSize(2);
        }
    }

    @Test
    void aListenerThatClosesWaitsForAHandlerWhoseClientHasGone() throws Exception {
        CountDownLatch here = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try (Served served = new Served(builder -> builder.policy(at("u2", () -> {
            here.countDown();
            awaitQuietly(go);
        })))) {
            RawClient client = send(served, 1000, "Hello");
            here.await();
            client.close();
            FutureTask<Boolean> closing = beginClosing(served);
            assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> closing.get(300, TimeUnit.MILLISECONDS));
            go.countDown();
            closing.get();
            assertThat(served.inbox.messages).hasSize(2);
        }
    }

    @Test
    void whileThereIsTroubleNothingIsInjected() throws IOException {
        AtomicReference<Optional<String>> trouble = new AtomicReference<>(Optional.of("storage is too full"));
        try (Served served = new Served(builder -> builder.liveness(trouble::get))) {
            RawClient.Reply reply = inject(served, 1, "Hello", "Idempotency-Key: k\r\n");
            assertThat(reply.status()).isEqualTo(503);
            assertThat(reply.body()).contains("storage is too full");
            assertThat(served.inbox.messages).isEmpty();

            trouble.set(Optional.empty());
            assertThat(inject(served, 1, "Hello", "Idempotency-Key: k\r\n").status())
                    .isEqualTo(200);
        }
    }

    @Test
    void aDoorWithoutAPortIsClosedToThePolicyThatClosesIt() throws Exception {
        AtomicReference<Inject> door = new AtomicReference<>();
        Inject inject = Inject.builder()
                .hostname("mail.example.com")
                .limits(limits -> limits.closeGracePeriod(Duration.ZERO))
                .policy(at("u1", () -> door.get().close()))
                .build();
        door.set(inject);
        inject.open(new Inbox());
        InjectRequest request = InjectRequest.builder(
                        "s@b.example", InjectContent.builder().textBody("Hello").build())
                .recipient("u1@c.example")
                .recipient("u2@c.example")
                .build();

        assertThat(inject.v1(request).errors())
                .containsExactly("u2@c.example: 421 4.3.2 shutting down, try again later");
        assertThatIllegalStateException().isThrownBy(() -> inject.v1(request));
    }

    /** The port refuses new clients only after what runs has been told. */
    private static FutureTask<Boolean> beginClosing(Served served) {
        InetSocketAddress address = served.listener.address();
        FutureTask<Boolean> closing = new FutureTask<>(served.listener::close, true);
        new Thread(closing).start();
        while (true) {
            try {
                new RawClient(address).close();
            } catch (IOException refused) {
                return closing;
            }
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
