package dev.kumo.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.Mta;
import dev.kumo.core.delivery.Outcome;
import dev.kumo.core.log.LogRecord;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.Reply;
import dev.kumo.core.policy.Verdict;
import dev.kumo.core.queue.AdminOrder;
import dev.kumo.core.queue.QueueMatch;
import dev.kumo.core.spool.Spool;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code deferred_generation}, over HTTP and with queues that are there. */
@Timeout(60)
class DeferredGenerationTest extends LaterMail {

    @Test
    void theAnswerDoesNotWaitForTheMessages() throws IOException {
        Mta mta = start();
        AdminOrder later = suspend(mta);
        RawClient.Reply reply = post(request("one@c.example", "no address", "two@c.example"));
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body())
                .startsWith("{\"success_count\":0,\"fail_count\":1,\"failed_recipients\":[\"no address\"],")
                .contains("\"no address: not a mail address");
        awaitChore(mta);
        assertThat(delivered).isEmpty();
        assertThat(records).isEmpty();

        mta.queues().revoke(later.id());
        awaitDelivered(2);
        awaitEmpty(mta);
        assertThat(delivered)
                .containsExactlyInAnyOrder(
                        Map.entry("one@c.example", "0 for one@c.example"),
                        Map.entry("two@c.example", "2 for two@c.example"));
        assertThat(meta.get("one@c.example"))
                .isEqualTo(Map.of(
                        "hostname", "mail.example.com",
                        "http_auth", "127.0.0.1",
                        "received_from", "127.0.0.1",
                        "received_via", "127.0.0.1",
                        "reception_protocol", "HTTP"));
        mta.close();
        assertThat(records)
                .extracting(LogRecord::type)
                .containsExactlyInAnyOrder("Reception", "Delivery", "Reception", "Delivery");
    }

    @Test
    void aThousandRecipientsHaveAMessageEach() throws IOException {
        Mta mta = start();
        assertThat(post(request(users(1000))).body()).isEqualTo(NOTHING);
        awaitDelivered(1000);
        awaitEmpty(mta);
        assertThat(delivered)
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 1000)
                        .mapToObj(i -> Map.entry("u" + i + "@c.example", i + " for u" + i + "@c.example"))
                        .toList());
        assertThat(metrics())
                .contains("http_deferred_generation_total{outcome=\"promised\"} 1000\n")
                .contains("http_deferred_generation_total{outcome=\"generated\"} 1000\n")
                .contains("total_messages_received{service=\"http_listener\"} 1000\n");
    }

    private String metrics() throws IOException {
        try (RawClient client = new RawClient(listener.address())) {
            return client.send("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    .reply()
                    .body();
        }
    }

    /** Observers hear of it later. */
    private void awaitMetric(String line) throws IOException {
        while (!metrics().contains(line)) {
            Thread.onSpinWait();
        }
    }

    @Test
    void whoGetsNothingIsCountedAndIsNoMessageThatFailed(@TempDir Path folder) throws IOException {
        Mta first = start(Spool.onDisk(folder), InstantSource.system());
        policy = (caller, message) -> Verdict.reject(Reply.of(550, "5.7.1", "not you"));
        post(request("refused@c.example"));
        awaitMetric("http_deferred_generation_total{outcome=\"failed\"} 1\n");
        awaitEmpty(first);
        suspend(first);
        post(request("a@c.example", "b@c.example"));
        awaitChore(first);
        AdminOrder bounce = first.queues().bounce(GENERATOR, "not wanted", Duration.ofHours(1));
        awaitMetric("http_deferred_generation_total{outcome=\"failed\"} 3\n");
        assertThat(metrics()).contains("http_deferred_generation_total{outcome=\"promised\"} 3\n");
        assertThat(failedMessages()).isZero();
        first.queues().revoke(bounce.id());
        post(request("late@c.example"));
        awaitChore(first);
        first.close();

        policy = (caller, message) -> Verdict.reject(Reply.of(451, "4.7.1", "not now"));
        start(Spool.onDisk(folder), InstantSource.offset(InstantSource.system(), Duration.ofDays(8)));
        awaitMetric("http_deferred_generation_total{outcome=\"failed\"} 1\n");
        assertThat(failedMessages()).isZero();
    }

    private double failedMessages() throws IOException {
        return metrics()
                .lines()
                .filter(line -> line.startsWith("total_messages_fail"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    @Test
    void anAddressThatIsNamedTwiceHasTwoMessages() throws IOException {
        start();
        post(request("a@c.example", "b@c.example", "a@c.example", "a@C.example"));
        awaitDelivered(4);
        assertThat(delivered)
                .extracting(Map.Entry::getValue)
                .containsExactlyInAnyOrder(
                        "0 for a@c.example", "1 for b@c.example", "2 for a@c.example", "3 for a@C.example");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"envelope_sender\":\"no address\",\"deferred_generation\":true,\"recipients\":[{\"email\":\"a@c.example\"}],\"content\":\"x\"}",
                "{\"envelope_sender\":\"\",\"deferred_generation\":true,\"recipients\":[{\"email\":\"a@c.example\"}],\"content\":\"{% if %}\"}",
                "{\"envelope_sender\":\"\",\"deferred_generation\":true,\"recipients\":[{\"email\":\"a@c.example\"}],\"content\":{\"text_body\":\"\",\"headers\":{\"X\":\"a\\nb\"}}}",
                "{\"envelope_sender\":\"\",\"deferred_generation\":true,\"recipients\":[{\"email\":\"a@c.example\",\"nonsense\":1}],\"content\":\"x\"}"
            })
    void whatIsWrongIsRefusedBeforeItIsKept(String json) throws IOException {
        Mta mta = start();
        assertThat(post(json).status()).isEqualTo(422);
        assertThat(mta.queues().scheduled(QueueMatch.all())).isEmpty();
    }

    @Test
    void aRequestWithoutAnybodyToWriteToKeepsNothing() throws IOException {
        Mta mta = start();
        assertThat(post(request()).body()).isEqualTo(NOTHING);
        assertThat(post(request("nobody")).body()).contains("\"fail_count\":1");
        assertThat(mta.queues().scheduled(QueueMatch.all())).isEmpty();
    }

    @Test
    void whatAPolicyRefusesIsABounceAndWhatItPutsOffIsTriedAgain() throws IOException {
        Mta mta = start();
        policy = (caller, message) -> switch (message.recipients().get(0).localPart()) {
            case "never" -> Verdict.reject(Reply.of(550, "5.7.1", "not you"));
            case "later" -> Verdict.reject(Reply.of(451, "4.7.1", "not now"));
            case "broken" -> throw new IllegalStateException("a defect of the policy");
            default -> Verdict.proceed();
        };
        post(request("now@c.example", "never@c.example", "later@c.example", "broken@c.example"));
        Message left = awaitChore(mta);
        assertThat(left.recipients())
                .extracting(Object::toString)
                .containsExactly("later@c.example", "broken@c.example");
        awaitDelivered(1);
        mta.close();
        assertThat(delivered).extracting(Map.Entry::getKey).containsExactly("now@c.example");
        assertThat(records).hasSize(3);
        assertThat(records)
                .filteredOn(LogRecord.Bounce.class::isInstance)
                .singleElement()
                .isInstanceOfSatisfying(LogRecord.Bounce.class, bounce -> {
                    assertThat(bounce.reply().toString()).isEqualTo("550 5.7.1 not you");
                    assertThat(bounce.message().recipients())
                            .extracting(Object::toString)
                            .containsExactly("never@c.example");
                    assertThat(bounce.message().sender().toString()).isEqualTo("s@b.example");
                });
    }

    @Test
    void aTemplateThatCannotBeFilledIsABounce() throws IOException {
        Mta mta = start();
        post(request("a@c.example")
                .replace("\"n\":0", "\"n\":\"a\\nb\"")
                .replace("\"text_body\"", "\"subject\":\"{{ n }}\",\"text_body\""));
        awaitEmpty(mta);
        mta.close();
        assertThat(records)
                .singleElement()
                .isInstanceOfSatisfying(
                        LogRecord.Bounce.class,
                        bounce -> assertThat(bounce.reply().toString()).startsWith("554 5.6.0 cannot be made: "));
    }

    @Test
    void whatBecomesTooLargeTogetherIsABounce() throws IOException {
        mostBytes = 3000;
        Mta mta = start();
        post(request(users(20)));
        awaitEmpty(mta);
        mta.close();
        assertThat(delivered).hasSizeBetween(1, 19);
        List<String> lost = records.stream()
                .filter(LogRecord.Bounce.class::isInstance)
                .map(LogRecord.Bounce.class::cast)
                .peek(bounce -> assertThat(bounce.reply().toString()).contains("max_inject_size"))
                .flatMap(bounce -> bounce.message().recipients().stream())
                .map(Object::toString)
                .toList();
        assertThat(Stream.concat(lost.stream(), delivered.stream().map(Map.Entry::getKey)))
                .containsExactlyInAnyOrder(users(20));
    }

    @Test
    void nothingThatIsKeptTellsHowTheCallerProvedWhoItIs() throws IOException {
        Mta mta = start();
        suspend(mta);
        String credentials = "c2hvcDpzM2NyZXQ="; // shop:s3cret
        post(request("a@c.example"), "Authorization: Basic " + credentials + "\r\n");
        Message chore = awaitChore(mta);
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        chore.writeTo(content);
        assertThat(content.toString(StandardCharsets.UTF_8) + chore.meta())
                .contains("http_auth=shop")
                .doesNotContain(credentials)
                .doesNotContain("s3cret");
    }

    @Test
    void aRepeatWithItsKeyMakesNoSecondMessage() throws IOException {
        Mta mta = start();
        String first =
                post(request("a@c.example", "nobody"), "Idempotency-Key: k\r\n").body();
        assertThat(post(request("a@c.example", "nobody"), "Idempotency-Key: k\r\n")
                        .body())
                .isEqualTo(first);
        awaitDelivered(1);
        awaitEmpty(mta);
        assertThat(delivered).hasSize(1);
    }

    @Test
    void aFullSpoolIs503AndNothingIsKept() throws IOException {
        Mta mta = start(Spool.inMemory(3000), InstantSource.system());
        RawClient.Reply reply = post(request(users(200)), "Idempotency-Key: k\r\n");
        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.body()).contains("452 4.3.1 insufficient storage");
        assertThat(mta.queues().scheduled(QueueMatch.all())).isEmpty();
        assertThat(post(request("a@c.example"), "Idempotency-Key: k2\r\n").body())
                .isEqualTo(NOTHING);
    }

    @Test
    void withoutQueuesTheMessagesAreMadeAtOnceAndCounted() throws IOException {
        try (Served served = new Served(unchanged -> {});
                RawClient client = served.client()) {
            byte[] body = request("a@c.example", "nobody").getBytes(StandardCharsets.UTF_8);
            RawClient.Reply reply = client.send(
                            "POST /api/inject/v1 HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                                    + "Content-Length: " + body.length + "\r\n\r\n")
                    .send(body)
                    .reply();
            assertThat(reply.body()).contains("\"success_count\":1,\"fail_count\":1");
            assertThat(served.inbox.messages).hasSize(1);
        }
    }

    @Test
    void whatIsInjectedFromWithinIsMadeLaterToo() throws IOException {
        Inject inject = Inject.builder().hostname("mail.example.com").build();
        try (Mta mta = Mta.builder()
                .listener(inject)
                .spool(Spool.inMemory())
                .delivery(batch -> {
                    batch.forEach(message ->
                            delivered.add(Map.entry(message.recipients().get(0).toString(), text(message))));
                    return Collections.nCopies(batch.size(), new Outcome.Delivered(Reply.OK));
                })
                .build()) {
            mta.start();
            InjectContent content = InjectContent.builder()
                    .subject("{{ day }}")
                    .textBody("{{ day }} {{ list[1].x }} {{ none }}.")
                    .attachment(InjectContent.Attachment.of("text/plain", new byte[] {1, 2})
                            .named("a.txt"))
                    .build();
            InjectResult result = inject.v1(InjectRequest.builder("s@b.example", content)
                    .recipient(
                            InjectRequest.Recipient.of("a@c.example", "Ann", Map.of("day", LocalDate.of(2026, 11, 22))))
                    .substitution("list", List.of(1, Map.of("x", 2.5)))
                    .substitution("none", null)
                    .traceHeaders(headers -> headers.receivedHeader(true))
                    .deferredGeneration(true)
                    .build());
            assertThat(result).isEqualTo(new InjectResult(0, 0, List.of(), List.of()));
            awaitDelivered(1);
        }
        assertThat(delivered).singleElement().satisfies(message -> {
            assertThat(message.getKey()).isEqualTo("a@c.example");
            assertThat(message.getValue()).contains("2026-11-22 2.5 .").contains("a.txt");
        });
    }
}
