package dev.kumo.core.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.kumo.core.TestMail;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.Reply;
import java.net.InetSocketAddress;
import java.util.List;
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
                reply);
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
