package dev.kumo.lua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumo.core.Mta;
import dev.kumo.core.delivery.Delivery;
import dev.kumo.core.delivery.Outcome;
import dev.kumo.core.log.Attempt;
import dev.kumo.core.log.LogRecord;
import dev.kumo.core.mail.Content;
import dev.kumo.core.mail.Envelope;
import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.MessageId;
import dev.kumo.core.mail.Meta;
import dev.kumo.core.mail.Reply;
import dev.kumo.core.mail.Schedule;
import dev.kumo.core.policy.Verdict;
import dev.kumo.core.queue.QueueMatch;
import dev.kumo.core.queue.RebindOption;
import dev.kumo.core.spool.Spool;
import dev.kumo.testkit.HeardRecords;
import dev.kumo.testkit.SmtpDialogue;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What scripts make of messages that are in the queues. */
@Timeout(60)
class MessageEventsTest {

    private static final Outcome.Deferred BUSY = new Outcome.Deferred(Reply.of(450, "4.2.1", "mailbox busy"));

    @TempDir
    Path folder;

    /** What a client of the house sends, as the script's listener takes it. */
    private static Message received(LuaPolicyFile policy) {
        SmtpDialogue dialogue = SmtpDialogue.with(policy.listeners().get(0)).from("10.1.2.3");
        dialogue.run("""
                S: 220 *
                C: EHLO client.example
                S: *
                C: MAIL FROM:<a@news.example.com>
                S: 250 *
                C: RCPT TO:<b@example.org>
                S: 250 *
                C: DATA
                S: 354 *
                C: Subject: hi
                C:
                C: hello
                C: .
                S: 250 *
                """);
        return dialogue.received().get(0);
    }

    private static Message message() {
        return message("X-Spam: no\r\n");
    }

    private static Message message(String header) {
        return new Message(
                MessageId.next(Instant.now(), new Random(1)),
                Envelope.of(EnvelopeAddress.parse("a@client.example"), EnvelopeAddress.parse("b@example.org")),
                new Meta(),
                Content.of((header + "\r\nhello\r\n").getBytes(StandardCharsets.US_ASCII)));
    }

    private static Message tried(Message message, int attempts) {
        message.setSchedule(new Schedule(Instant.EPOCH, attempts));
        return message;
    }

    @Test
    void mailGoesToASmartHostAfterThreeAttempts() {
        try (LuaPolicyFile policy = LuaPolicyFile.load(Policies.resource("tiers.lua"))) {
            Message message = received(policy);
            assertThat(message.queue()).hasToString("news@example.org");

            for (int attempts = 0; attempts < 2; attempts++) {
                assertThat(policy.queuePolicy().requeueMessage(tried(message, attempts), BUSY))
                        .isEqualTo(Verdict.proceed());
                assertThat(message.queue()).hasToString("news@example.org");
            }
            policy.queuePolicy().requeueMessage(tried(message, 2), BUSY);
            assertThat(message.queue()).hasToString("news@example.org!smarthost.example.net");
            assertThat(message.meta().get("x_reason")).contains(2L);
        }
    }

    @Test
    void aRefusalIsTheScripts() {
        try (LuaPolicyFile policy = LuaPolicyFile.load(Policies.resource("tiers.lua"))) {
            Reply unknown = Reply.of(450, "4.1.1", "no such account yet");

            assertThat(policy.queuePolicy().requeueMessage(received(policy), new Outcome.Deferred(unknown)))
                    .isEqualTo(Verdict.reject(550, "5.1.1", "no such account yet"));
        }
    }

    @Test
    void aRebindLeadsWhereTheScriptSays() {
        try (LuaPolicyFile policy = LuaPolicyFile.load(Policies.resource("tiers.lua"))) {
            Message message = received(policy);

            policy.queuePolicy().rebindMessage(message, Map.of("tenant", "shop", "to", "elsewhere.example"));
            assertThat(message.queue()).hasToString("news@example.org");
            policy.queuePolicy().rebindMessage(message, Map.of("tenant", "news", "to", "elsewhere.example"));
            assertThat(message.queue()).hasToString("news@example.org!elsewhere.example");
        }
    }

    @Test
    void theResponseIsALineAndItsParts() {
        try (LuaPolicyFile policy = Policies.load(folder, Policies.listening("""
                kumo.on('requeue_message', function(msg, response, context, increment, delay, reply)
                  msg:set_meta('x_line', response)
                  msg:set_meta('x_reply', reply)
                end)
                """))) {
            Message message = message();
            Attempt attempt = new Attempt(
                    "ESMTP", "", "", "", Optional.empty(), "", Optional.empty(), "RCPT", "", Optional.empty());
            policy.queuePolicy()
                    .requeueMessage(message, new Outcome.Deferred(Reply.of(451, "4.7.1", "come back"), attempt));

            assertThat(message.meta().get("x_line")).contains("451 4.7.1 come back");
            assertThat(message.meta().get("x_reply"))
                    .contains(Map.of(
                            "code",
                            451L,
                            "enhanced_code",
                            Map.of("class", 4L, "subject", 7L, "detail", 1L),
                            "content",
                            "come back",
                            "command",
                            "RCPT"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "msg:set_data('X-New: 1\\r\\n\\r\\nother\\r\\n')",
                "msg:append_header('X-New', '1')",
                "msg:remove_all_named_headers('X-Spam')",
                "msg:remove_x_headers()",
                "msg:import_headers { { name = 'X-Spam', remove = true } }"
            })
    void theContentOfAMessageInAQueueStays(String call) {
        try (LuaPolicyFile policy = Policies.load(
                folder, Policies.listening("kumo.on('requeue_message', function(msg)\n" + call + "\nend)"))) {
            assertThatThrownBy(() -> policy.queuePolicy().requeueMessage(message(), BUSY))
                    .hasMessageStartingWith("policy.lua:9: the content of a message that is in a queue stays as it is");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "msg:get_first_named_header_value('Subject')",
                "msg:get_all_headers()",
                "msg:from_header()",
                "msg:import_headers { { name = 'X-Spam' } }"
            })
    void aHeaderThatIsNotReadToItsEndBouncesNoMessageInAQueue(String call) {
        Message message = message("X-Spam: no\r\n".repeat(10_001));
        try (LuaPolicyFile policy = Policies.load(folder, Policies.listening("""
                kumo.on('requeue_message', function(msg) %s end)
                kumo.on('rebind_message', function(msg) %s end)
                """.formatted(call, call)))) {
            assertThatThrownBy(() -> policy.queuePolicy().requeueMessage(message, BUSY))
                    .hasMessage("policy.lua:8: the header has more than 10000 fields, or more than 1 MiB, and is not"
                            + " read to its end");
            assertThatThrownBy(() -> policy.queuePolicy().rebindMessage(message, Map.of()))
                    .hasMessageStartingWith("policy.lua:9: the header has more than 10000 fields");
        }
    }

    @Test
    void aHeaderFieldCanBePutOnTop() {
        try (LuaPolicyFile policy = Policies.load(folder, Policies.listening("""
                kumo.on('requeue_message', function(msg) msg:prepend_header('X-Tried', msg:num_attempts() + 1) end)
                """))) {
            Message message = message();
            policy.queuePolicy().requeueMessage(message, BUSY);

            assertThat(message.headers().first("X-Tried")).contains("1");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            msg:set_due('2031-01-01T00:00:00Z')                                 | 2031-01-01T00:00:00Z
            msg:set_due(kumo.time.from_unix_timestamp(1900000000))              | 2030-03-17T17:46:40Z
            msg:set_scheduling { first_attempt = '2031-01-01T00:00:00.5+01:00' } | 2030-12-31T23:00:00.5Z
            msg:set_due('2031-01-01T00:00:00Z') msg:set_due(nil)                | 1970-01-01T00:00:00Z
            msg:set_due('2031-01-01T00:00:00Z') msg:set_scheduling(nil)         | 1970-01-01T00:00:00Z
            """)
    void aScriptSaysWhenAMessageThatComesIsFirstTried(String call, Instant due) {
        try (LuaPolicyFile policy = Policies.load(folder, """
                kumo.on('init', function()
                  kumo.start_esmtp_listener { listen = '127.0.0.1:0', relay_hosts = { '10.0.0.0/8' } }
                end)
                kumo.on('smtp_server_message_received', function(msg) %s end)
                """.formatted(call))) {
            assertThat(received(policy).schedule()).isEqualTo(new Schedule(due, 0));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            msg:set_due('tomorrow') | 'tomorrow' is no time; write it as 2026-03-08T17:51:42Z (RFC 3339)
            msg:set_scheduling { expires = '2031-01-01T00:00:00Z' } | set_scheduling: unknown key 'expires'
            msg:set_scheduling { first_attempt = 'x' } | set_scheduling.first_attempt: 'x' is no time
            msg:set_due(nil) | when a message that is in a queue is due is said by the queue
            """)
    void saysWhatIsWrongWithATime(String call, String message) {
        try (LuaPolicyFile policy = Policies.load(
                folder, Policies.listening("kumo.on('requeue_message', function(msg) " + call + " end)"))) {
            assertThatThrownBy(() -> policy.queuePolicy().requeueMessage(message(), BUSY))
                    .hasMessageContaining(message);
        }
    }

    @Test
    void aMessageInAQueueHasNoConstraintsToBeCleared() {
        try (LuaPolicyFile policy = Policies.load(
                folder, Policies.listening("kumo.on('requeue_message', function(msg) msg:set_scheduling(nil) end)"))) {
            Message message = tried(message(), 1);
            policy.queuePolicy().requeueMessage(message, BUSY);

            assertThat(message.schedule()).isEqualTo(new Schedule(Instant.EPOCH, 1));
        }
    }

    @Test
    void aRebindCannotBeRefused() {
        try (LuaPolicyFile policy = Policies.load(
                folder, Policies.listening("kumo.on('rebind_message', function() kumo.reject(550, 'no') end)"))) {
            assertThatThrownBy(() -> policy.queuePolicy().rebindMessage(message(), Map.of()))
                    .hasMessageContaining("kumo.reject has no effect in rebind_message");
        }
    }

    /** A far side that takes only what comes by the smart host. */
    private static Delivery delivery() {
        return messages -> messages.stream()
                .<Outcome>map(message -> message.queue().target().equals("smarthost.example.net")
                        ? new Outcome.Delivered(Reply.OK)
                        : BUSY)
                .toList();
    }

    private void run(String script, HeardRecords heard, Trial trial) throws Exception {
        try (LuaPolicyFile policy = LuaPolicyFile.builder(Policies.write(folder, Policies.listening(script)))
                        .delivery(delivery())
                        .load();
                Mta mta = policy.mta(builder -> builder.spool(Spool.inMemory()).observer(heard))) {
            mta.start();
            mta.submit(message()).toCompletableFuture().get(10, TimeUnit.SECONDS);
            trial.with(mta);
        }
    }

    /** What is tried with an MTA that has taken a message. */
    private interface Trial {
        void with(Mta mta);
    }

    @Test
    void queuesAskTheScriptAboutWhatTheyRequeue() throws Exception {
        HeardRecords heard = new HeardRecords();
        run("""
                kumo.on('requeue_message', function(msg) msg:set_meta('routing_domain', 'smarthost.example.net') end)
                """, heard, mta -> heard.await(3));

        assertThat(heard.records())
                .extracting(LogRecord::type)
                .containsExactly("Reception", "TransientFailure", "Delivery");
    }

    @Test
    void whatTheScriptRefusesBounces() throws Exception {
        HeardRecords heard = new HeardRecords();
        run("kumo.on('requeue_message', function() kumo.reject(451, 'tired') end)", heard, mta -> heard.await(3));

        assertThat(heard.records(LogRecord.Bounce.class))
                .extracting(bounce -> bounce.reply().toString())
                .containsExactly("451 4.7.1 tired");
    }

    @Test
    void aRebindAsksTheScript() throws Exception {
        HeardRecords heard = new HeardRecords();
        run("kumo.on('rebind_message', function(msg, data) msg:set_meta('queue', data.to) end)", heard, mta -> {
            heard.await(2);
            while (mta.queues()
                            .rebind(
                                    QueueMatch.all().domain("example.org"),
                                    Map.of("to", "smarthost.example.net"),
                                    "detour",
                                    RebindOption.ASK_POLICY)
                    == 0) {
                Thread.onSpinWait(); // the record comes before the message is back in its queue
            }
            heard.await(4);
        });

        assertThat(heard.records())
                .extracting(LogRecord::type)
                .containsExactly("Reception", "TransientFailure", "AdminRebind", "Delivery");
    }

    @Test
    void aScriptThatHandlesNoRebindIsNotAsked() throws Exception {
        HeardRecords heard = new HeardRecords();
        run(
                "",
                heard,
                mta -> assertThatThrownBy(() ->
                                mta.queues().rebind(QueueMatch.all(), Map.of("a", "b"), "r", RebindOption.ASK_POLICY))
                        .isInstanceOf(IllegalArgumentException.class));
    }
}
