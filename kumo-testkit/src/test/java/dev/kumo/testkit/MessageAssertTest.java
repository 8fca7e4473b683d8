package dev.kumo.testkit;

import static dev.kumo.testkit.MailAssertions.MESSAGE;
import static dev.kumo.testkit.MailAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumo.core.mail.Content;
import dev.kumo.core.mail.Envelope;
import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.MessageId;
import dev.kumo.core.mail.Meta;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class MessageAssertTest {

    private final Message message = message("Subject: Hi\r\nX-A: 1\r\nX-A: two\r\n words\r\n\r\nGrüße\r\n\r\nend\r\n");

    private static Message message(String content) {
        Envelope envelope = Envelope.of(
                EnvelopeAddress.parse("a@client.example"),
                EnvelopeAddress.parse("b@example.com"),
                EnvelopeAddress.parse("c@example.com"));
        return new Message(
                MessageId.next(TestClock.START, new Random(1)),
                envelope,
                new Meta(),
                Content.of(content.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void acceptsWhatIsTrue() {
        assertThat(message)
                .hasSender("a@client.example")
                .hasRecipients("b@example.com", "c@example.com")
                .hasSubject("Hi")
                .hasHeader("x-a", "1")
                .hasHeader("X-A", "two words")
                .hasBody("Grüße\n\nend\n")
                .bodyContains("üß");
        assertThat(List.of(message)).singleElement(MESSAGE).hasSubject("Hi");
    }

    @Test
    void refusesAnotherSender() {
        assertFails(() -> assertThat(message).hasSender(""), "the sender of", "a@client.example");
    }

    @Test
    void refusesOtherRecipients() {
        assertFails(() -> assertThat(message).hasRecipients("b@example.com"), "the recipients of", "c@example.com");
        assertFails(() -> assertThat(message).hasRecipients("c@example.com", "b@example.com"), "the recipients of");
    }

    @Test
    void refusesAnotherHeader() {
        assertFails(() -> assertThat(message).hasHeader("X-A", "two"), "the header fields X-A of", "two words");
        assertFails(() -> assertThat(message).hasSubject("hi"), "the header fields Subject of", "Hi");
        assertFails(() -> assertThat(message).hasHeader("X-B", ""), "the header fields X-B of");
    }

    @Test
    void refusesAnotherBody() {
        assertFails(() -> assertThat(message).hasBody("Grüße"), "the body of", "end");
        assertFails(() -> assertThat(message).bodyContains("Subject"), "the body of", "Subject");
    }

    @Test
    void refusesNoMessage() {
        assertFails(() -> assertThat((Message) null).hasSubject("Hi"), "not to be null");
    }

    @Test
    void countsHeaderFieldsPutOnTop() {
        message.prependHeader("X-Top", "yes");

        assertThat(message).hasHeader("X-Top", "yes").hasBody("Grüße\n\nend\n");
    }

    @Test
    void findsTheBodyBehindTheFirstEmptyLine() {
        assertThat(message("\r\nbody\r\n\r\n")).hasBody("body\n\n");
        assertThat(message("Subject: no body\r\n")).hasBody("");
        assertThat(message("Subject: empty body\r\n\r\n")).hasBody("");
    }

    private static void assertFails(ThrowingCallable assertion, String... says) {
        assertThatThrownBy(assertion).isInstanceOf(AssertionError.class).hasMessageContainingAll(says);
    }
}
