package dev.kumo.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class Http2Test {

    @Test
    void priorKnowledgeIsAnsweredInKind() throws IOException {
        try (Served served = new Served(unchanged -> {});
                RawHttp2 client = new RawHttp2(served.listener.address())) {
            client.get(1, "/hello");
            assertThat(client.await(RawHttp2.HEADERS).status()).isEqualTo(200);
            assertThat(new String(client.await(RawHttp2.DATA).payload(), StandardCharsets.UTF_8))
                    .isEqualTo("hello");
            client.get(3, "/nothing");
            assertThat(client.await(RawHttp2.HEADERS).status()).isEqualTo(404);
        }
    }

    @Test
    void aBodyThatIsTooLargeIsRefusedAndTheRestNotWanted() throws IOException {
        try (Served served = new Served(builder -> builder.requestBodyLimit(1000));
                RawHttp2 client = new RawHttp2(served.listener.address())) {
            client.post(1, "/echo");
            client.send(RawHttp2.DATA, 0, 1, new byte[1001]);
            assertThat(client.await(RawHttp2.HEADERS).stream()).isEqualTo(1);
            assertThat(client.await(RawHttp2.DATA).payload())
                    .asString(StandardCharsets.UTF_8)
                    .contains("\"status\":413");
            assertThat(client.await(RawHttp2.RST_STREAM).code()).isZero();

            client.get(3, "/hello"); // the connection goes on
            assertThat(client.await(frame -> frame.type() == RawHttp2.HEADERS && frame.stream() == 3)
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void aSlowRequestDelaysNoOther() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (Served served = new Served(builder -> builder.route(Method.GET, "/slow", Access.OPEN, request -> {
                    go.await();
                    return Response.of(200);
                }));
                RawHttp2 client = new RawHttp2(served.listener.address())) {
            client.get(1, "/slow");
            client.get(3, "/hello");
            assertThat(client.await(RawHttp2.HEADERS).stream()).isEqualTo(3);
            go.countDown();
            assertThat(client.await(RawHttp2.HEADERS).stream()).isEqualTo(1);
        }
    }

    @Test
    void closingLetsAStreamEndAndSaysGoaway() throws Exception {
        CountDownLatch here = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        Served served = new Served(builder -> builder.route(Method.GET, "/slow", Access.OPEN, request -> {
            here.countDown();
            go.await();
            return Response.of(200);
        }));
        try (RawHttp2 client = new RawHttp2(served.listener.address())) {
            client.get(1, "/slow");
            here.await();
            Thread closer = new Thread(served::close);
            closer.start();
            assertThat(client.await(RawHttp2.GOAWAY).code()).isZero();
            go.countDown();
            assertThat(client.await(RawHttp2.HEADERS).status()).isEqualTo(200);
            assertThat(client.isEnded()).isTrue();
            closer.join();
        }
    }

    @Test
    void aClientThatLeavesIsLetGo() throws IOException {
        try (Served served = new Served(unchanged -> {});
                RawHttp2 client = new RawHttp2(served.listener.address())) {
            client.get(1, "/hello");
            client.endOutput();
            assertThat(client.await(RawHttp2.HEADERS).status()).isEqualTo(200);
            assertThat(client.isEnded()).isTrue();
        }
    }

    @Test
    void anIdleConnectionIsClosedWithGoaway() throws IOException {
        try (Served served =
                        new Served(builder -> builder.limits(limits -> limits.idleTimeout(Duration.ofMillis(100))));
                RawHttp2 client = new RawHttp2(served.listener.address())) {
            assertThat(client.await(RawHttp2.GOAWAY).code()).isZero();
            assertThat(client.isEnded()).isTrue();
        }
    }

    @Test
    void aBodyThatNeverEndsIsWaitedForAWhile() throws IOException {
        try (Served served =
                        new Served(builder -> builder.limits(limits -> limits.bodyTimeout(Duration.ofMillis(50))));
                RawHttp2 client = new RawHttp2(served.listener.address())) {
            client.post(1, "/echo");
            assertThat(client.await(RawHttp2.DATA).payload())
                    .asString(StandardCharsets.UTF_8)
                    .contains("\"status\":408");
        }
    }

    @Test
    void javasClientSpeaksBothVersionsOverTls() throws Exception {
        try (Served served = new Served(builder -> builder.useTls(true).hostname("localhost"))) {
            for (HttpClient.Version version : HttpClient.Version.values()) {
                HttpClient client = client(version);
                HttpResponse<String> hello =
                        client.send(request(served, "/hello").build(), BodyHandlers.ofString());
                assertThat(hello.version()).isEqualTo(version);
                assertThat(hello.body()).isEqualTo("hello");

                String body = "x".repeat(300_000);
                HttpResponse<String> echo = client.send(
                        request(served, "/echo")
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        BodyHandlers.ofString());
                assertThat(echo.body()).isEqualTo(body);

                HttpResponse<String> tooLarge = client.send(
                        request(served, "/echo")
                                .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[2 * 1024 * 1024 + 1]))
                                .build(),
                        BodyHandlers.ofString());
                assertThat(tooLarge.statusCode()).isEqualTo(413);
                assertThat(client.send(request(served, "/hello").build(), BodyHandlers.ofString())
                                .statusCode())
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void manyRequestsAtOnceAreEachAnswered() throws Exception {
        try (Served served = new Served(builder -> builder.useTls(true).hostname("localhost"))) {
            HttpClient client = client(HttpClient.Version.HTTP_2);
            client.send(request(served, "/hello").build(), BodyHandlers.ofString());
            List<CompletableFuture<String>> answers = IntStream.range(0, 90)
                    .mapToObj(i -> client.sendAsync(
                                    request(served, "/echo")
                                            .POST(HttpRequest.BodyPublishers.ofString(i + "x".repeat(20_000)))
                                            .build(),
                                    BodyHandlers.ofString())
                            .thenApply(HttpResponse::body))
                    .toList();
            for (int i = 0; i < answers.size(); i++) {
                assertThat(answers.get(i).get()).isEqualTo(i + "x".repeat(20_000));
            }
        }
    }

    private static HttpClient client(HttpClient.Version version) {
        return HttpClient.newBuilder()
                .version(version)
                .sslContext(Trusting.anyone())
                .connectTimeout(Duration.ofSeconds(20))
                .build();
    }

    private static HttpRequest.Builder request(Served served, String path) {
        return HttpRequest.newBuilder(URI.create(served.url(path))).timeout(Duration.ofSeconds(30));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatIsNotBegunWhenItsClientGoesIsNotDone(boolean goes) throws Exception {
        BlockingQueue<Runnable> work = new LinkedBlockingQueue<>();
        AtomicInteger done = new AtomicInteger();
        try (Served served = new Served(
                        builder -> builder.executor(work::add).route(Method.POST, "/do", Access.OPEN, request -> {
                            done.incrementAndGet();
                            return Response.of(200);
                        }));
                RawHttp2 client = new RawHttp2(served.listener.address())) {
            client.post(1, "/do");
            client.send(RawHttp2.DATA, RawHttp2.END_STREAM, 1);
            Runnable begun = work.take();
            if (goes) {
                client.send(RawHttp2.RST_STREAM, 0, 1, new byte[] {0, 0, 0, 8});
            }
            client.send(RawHttp2.PING, 0, 0, new byte[8]);
            client.await(frame -> frame.type() == RawHttp2.PING && frame.flags() == RawHttp2.ACK);
            begun.run();
            assertThat(done).hasValue(goes ? 0 : 1);
        }
    }
}
