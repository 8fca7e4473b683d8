package dev.kumo.core.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.kumo.core.TestMail;
import dev.kumo.core.mail.Content;
import dev.kumo.core.mail.Headers;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogRecordTest {

    private static LogRecord.Rejection rejection(String verb, Reply reply) {
        return new LogRecord.Rejection(
                TestMail.NOW,
                InetSocketAddress.createUnresolved("192.0.2.1", 4025),
                "",
                Optional.empty(),
                Optional.empty(),
                verb,
                reply,
                "",
                Map.of());
    }

    @ParameterizedTest
    @ValueSource(strings = {"AUTH PLAIN AGZvbwBiYXI=", "AGZvbwBiYXI=", "MAIL FROM:<a@b>", "ABCDEFGHIJKLMNOPQ"})
    void aRejectionTakesNoCommandLineAndDoesNotShowIt(String line) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> rejection(line, Reply.of(535, "5.7.8", "no")))
                .withMessageNotContaining(line);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "AUTH", "STARTTLS"})
    void aRejectionTakesAVerb(String verb) {
        assertThat(rejection(verb, Reply.of(535, "5.7.8", "no")).verb()).isEqualTo(verb);
    }

    @Test
    void aRejectionRefuses() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> rejection("MAIL", Reply.OK))
                .withMessageContaining("not 250");
    }

    @Test
    void everyRecordSaysItsTypeAsKumoDoes() {
        MessageFacts facts = MessageFacts.of(TestMail.message(1));

        assertThat(SampleReports.oob(TestMail.NOW, facts, "x", Optional.empty()).type())
                .isEqualTo("OOB");
        assertThat(new LogRecord.Feedback(TestMail.NOW, facts, SampleReports.complaint("abuse", Map.of())).type())
                .isEqualTo("Feedback");
        assertThat(new LogRecord.TransientFailure(TestMail.NOW, facts, Reply.of(450, "4.2.0", "later"), Attempt.NONE)
                        .type())
                .isEqualTo("TransientFailure");
    }

    @Test
    void factsHaveTheHeaderFieldsThatAreWanted() {
        Message message = TestMail.message(
                1,
                Content.of("SUBJECT: hello\r\nX-One: 1\r\nTo: b\r\nx-two: 2\r\n\r\nX-Three: 3\r\n"
                        .getBytes(StandardCharsets.US_ASCII)));

        assertThat(MessageFacts.of(message, Selection.ofHeaders(List.of("Subject", "X-*")))
                        .headers())
                .containsExactly(
                        new Headers.Field("SUBJECT", "hello"),
                        new Headers.Field("X-One", "1"),
                        new Headers.Field("x-two", "2"));
    }

    @Test
    void aStrangersHeaderDoesNotMakeARecordLarge() {
        Message message = TestMail.message(
                1,
                Content.of(("X-A: " + "a".repeat(10_000) + "\r\nX-B: " + "b".repeat(10_000) + "\r\nX-C: c\r\n"
                                + "Y: y\r\n".repeat(200) + "\r\n")
                        .getBytes(StandardCharsets.US_ASCII)));

        List<Headers.Field> large =
                MessageFacts.of(message, Selection.ofHeaders(List.of("X-*"))).headers();
        assertThat(large).extracting(Headers.Field::name).containsExactly("X-A", "X-B");
        assertThat(large.get(1).value()).hasSize(16_384 - 10_003);
        assertThat(MessageFacts.of(message, Selection.ofHeaders(List.of("Y"))).headers())
                .hasSize(100);
    }

    @Test
    void aHeaderThatCannotBeReadIsLeftOut() {
        Content broken = new Content() {
            @Override
            public long size() {
                return 1;
            }

            @Override
            public InputStream open() throws IOException {
                throw new IOException("no disk");
            }
        };
        try (TestMail.Log log = new TestMail.Log(MessageFacts.class)) {
            assertThat(MessageFacts.of(TestMail.message(1, broken), Selection.ofHeaders(List.of("Subject")))
                            .headers())
                    .isEmpty();
            assertThat(log.causes()).hasSize(1);
        }
    }

    @Test
    void factsStayWhenTheMessageChanges() {
        Message message = TestMail.message(1);
        message.meta().put("tenant", "a");
        MessageFacts facts = MessageFacts.of(message);
        message.meta().put("tenant", "b");
        message.prependHeader("X", "y");

        assertThat(facts.meta()).containsOnlyKeys("tenant").containsEntry("tenant", "a");
        assertThat(facts.size()).isEqualTo(TestMail.TEXT.length());
    }

    @Test
    void factsKeepMetaDataInOrder() {
        Message message = TestMail.message(1);
        for (String name : List.of("e", "b", "d", "a", "c")) {
            message.meta().put(name, 1);
        }

        assertThat(MessageFacts.of(message).meta().keySet()).containsExactly("a", "b", "c", "d", "e");
    }
}
