package dev.kumo.core.log.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.TestMail;
import dev.kumo.core.log.LogRecord;
import dev.kumo.core.log.MessageFacts;
import dev.kumo.core.log.sink.Losses;
import dev.kumo.core.mail.Reply;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(60)
class WebhookTest {

    private static final JsonMapper JSON = JsonMapper.shared();

    private final AtomicReference<Instant> now = new AtomicReference<>(TestMail.NOW);
    private final TestMail.Log log = new TestMail.Log(Losses.class);
    private HookServer server;

    @BeforeEach
    void startServer() throws IOException {
        server = new HookServer();
    }

    @AfterEach
    void stopServer() throws IOException {
        server.close();
        log.close();
    }

    private Webhook webhook(Consumer<WebhookOptions.Builder> changes) {
        return webhook(changes, now::get);
    }

    private Webhook webhook(Consumer<WebhookOptions.Builder> changes, InstantSource time) {
        WebhookOptions.Builder options = WebhookOptions.builder()
                .url("http://127.0.0.1:" + server.port() + "/hook?key=hunter2")
                .maxBatchLatency(Duration.ZERO)
                .retryInterval(Duration.ofMillis(1));
        changes.accept(options);
        return Webhook.open(options.build(), time);
    }

    private static LogRecord record(int number) {
        return new LogRecord.Reception(TestMail.NOW, MessageFacts.of(TestMail.message(number)));
    }

    private static String id(JsonNode record) {
        return record.get("id").asString();
    }

    @Test
    void sendsARecordAsItIsLogged() throws Exception {
        try (Webhook webhook = webhook(options -> options.authorization("Bearer hunter2"))) {
            webhook.record(record(1));
            HookServer.Request request = server.next();

            assertThat(request.line()).isEqualTo("POST /hook?key=hunter2 HTTP/1.1");
            assertThat(request.header())
                    .containsEntry("content-type", "application/json")
                    .containsEntry("authorization", "Bearer hunter2");
            assertThat(id(JSON.readTree(request.body())))
                    .isEqualTo(TestMail.id(1).text());
            assertThat(webhook).hasToString("webhook to http://127.0.0.1:" + server.port());
        }
    }

    @Test
    void sendsBatchesAsLists() throws Exception {
        try (Webhook webhook = webhook(options -> options.batchSize(2).maxBatchLatency(Duration.ofSeconds(30)))) {
            IntStream.range(0, 4).mapToObj(WebhookTest::record).forEach(webhook::record);
            for (int i = 0; i < 4; i += 2) {
                JsonNode batch = JSON.readTree(server.next().body());
                assertThat(batch.size()).isEqualTo(2);
                assertThat(id(batch.get(0))).isEqualTo(TestMail.id(i).text());
                assertThat(id(batch.get(1))).isEqualTo(TestMail.id(i + 1).text());
            }
        }
    }

    @Test
    void closingSendsWhatWaits() throws Exception {
        Webhook webhook = webhook(options -> options.batchSize(100).maxBatchLatency(Duration.ofHours(1)));
        webhook.record(record(1));
        webhook.record(record(2));
        webhook.close();
        webhook.record(record(3));
        webhook.close();

        assertThat(JSON.readTree(server.next().body()).size()).isEqualTo(2);
        assertThat(server.hasHeardMore()).isFalse();
        assertThat(webhook.lost()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 503, 408, 425, 429})
    void triesAgainWhatMayPass(int code) throws Exception {
        server.answers(code, code);
        try (Webhook webhook = webhook(options -> {})) {
            webhook.record(record(1));
            HookServer.Request first = server.next();

            assertThat(server.next().body()).isEqualTo(first.body());
            assertThat(server.next().body()).isEqualTo(first.body());
            webhook.record(record(2));
            assertThat(id(JSON.readTree(server.next().body())))
                    .isEqualTo(TestMail.id(2).text());
            assertThat(webhook.lost()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 404, 302})
    void losesWhatTheServerRefuses(int code) throws Exception {
        server.answers(code);
        try (Webhook webhook = webhook(options -> options.authorization("Bearer hunter2"))) {
            webhook.record(record(1));
            webhook.record(record(2));
            server.next();
            assertThat(id(JSON.readTree(server.next().body())))
                    .isEqualTo(TestMail.id(2).text());

            assertThat(webhook.lost()).isEqualTo(1);
            assertThat(log.lines())
                    .containsExactly("webhook to http://127.0.0.1:"
                            + server.port()
                            + ": 1 records lost since the start; now because the server refuses them: status " + code);
        }
    }

    @Test
    void givesUpAfterAWhile() throws Exception {
        server.answers(500, 500, 500);
        // Each look at the clock is 25 seconds later: one before the first try, and one after each.
        InstantSource ticking = () -> now.updateAndGet(instant -> instant.plusSeconds(25));
        try (Webhook webhook = webhook(options -> options.maxRetryTime(Duration.ofMinutes(1)), ticking)) {
            webhook.record(record(1));
            webhook.record(record(2));
            String first = server.next().body();
            assertThat(server.next().body()).isEqualTo(first);
            assertThat(server.next().body()).isEqualTo(first);

            assertThat(id(JSON.readTree(server.next().body())))
                    .isEqualTo(TestMail.id(2).text());
            assertThat(webhook.lost()).isEqualTo(1);
        }
    }

    @Test
    void aServerThatIsNotThereLosesNothingButTime() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Webhook webhook = Webhook.open(
                WebhookOptions.builder()
                        .url("http://127.0.0.1:" + port)
                        .backPressure(2)
                        .build(),
                now::get);
        IntStream.range(0, 5).mapToObj(WebhookTest::record).forEach(webhook::record);
        assertThat(webhook.lost()).isEqualTo(3);

        webhook.close();
        assertThat(webhook.lost()).isEqualTo(5);
    }

    @Test
    void aServerThatDoesNotAnswerIsLeft() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
                Webhook webhook = Webhook.open(
                        WebhookOptions.builder()
                                .url("http://127.0.0.1:" + silent.getLocalPort())
                                .timeout(Duration.ofMillis(50))
                                .maxRetryTime(Duration.ZERO)
                                .build(),
                        now::get)) {
            webhook.record(record(1));
            while (log.lines().isEmpty()) { // it is told after it is counted
                Thread.onSpinWait();
            }

            assertThat(webhook.lost()).isEqualTo(1);
            assertThat(log.lines()).singleElement().asString().endsWith("takes more than PT0.05S to answer");
        }
    }

    @Test
    void sendsOnlyTheKindsThatAreWanted() throws Exception {
        try (Webhook webhook =
                webhook(options -> options.records(List.of("Expiration")).headers(List.of("Subject")))) {
            webhook.record(record(1));
            webhook.record(new LogRecord.Expiration(
                    TestMail.NOW, MessageFacts.of(TestMail.message(2)), Reply.of(554, "5.4.7", "too old")));

            assertThat(id(JSON.readTree(server.next().body())))
                    .isEqualTo(TestMail.id(2).text());
            assertThat(webhook.wantedHeaders()).hasToString("[Subject]");
        }
    }
}
