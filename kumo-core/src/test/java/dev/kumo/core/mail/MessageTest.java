package dev.kumo.core.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageTest {

    private static final EnvelopeAddress A = EnvelopeAddress.parse("a@example.com");
    private static final EnvelopeAddress B = EnvelopeAddress.parse("b@example.com");

    private static Message message(Content content) {
        return new Message(new MessageId("0123456789abcdef0123456789abcdef"), Envelope.of(A, B), new Meta(), content);
    }

    private static Message message(String content) {
        return message(Content.of(content.getBytes(StandardCharsets.UTF_8)));
    }

    private static String written(Message message) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        message.writeTo(out);
        return out.toString(StandardCharsets.UTF_8);
    }

    private static String read(Message message) throws IOException {
        try (InputStream in = message.open()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void isItsContentAtFirst() throws Exception {
        Message message = message("A: 1\r\n\r\nbody\r\n");

        assertThat(written(message)).isEqualTo("A: 1\r\n\r\nbody\r\n").isEqualTo(read(message));
        assertThat(message.size()).isEqualTo(14);
    }

    @Test
    void theLastFieldPrependedStandsOnTop() throws Exception {
        Message message = message("A: 1\r\n\r\nbody\r\n");

        message.prependHeader("B", "2");
        message.prependHeader("C", "drüben");

        assertThat(written(message))
                .isEqualTo("C: drüben\r\nB: 2\r\nA: 1\r\n\r\nbody\r\n")
                .isEqualTo(read(message));
        assertThat(message.size()).isEqualTo(written(message).getBytes(StandardCharsets.UTF_8).length);
        assertThat(message.headers().fields()).extracting(Headers.Field::name).containsExactly("C", "B", "A");
        assertThat(message.content().size()).isEqualTo(14);
    }

    @Test
    void newContentKeepsFieldsOnTop() throws Exception {
        Message message = message("A: 1\r\n\r\n");

        message.prependHeader("B", "2");
        message.setContent(Content.of("C: 3\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));

        assertThat(written(message)).isEqualTo("B: 2\r\nC: 3\r\n\r\n");
    }

    @Test
    void takesAFoldedValue() throws Exception {
        Message message = message("\r\n");

        message.prependHeader("A", "1\r\n 2\r\n\t3");

        assertThat(message.headers().first("A")).contains("1 2\t3");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\r\nBcc: b",
                "a\nb",
                "a\rb",
                "a\r\n",
                "a\r\n\r\n b",
                "a\r\n ",
                "a\r\n \t\r\n b",
                "\r\n",
                "a\n b",
                "a\r b",
                "\u0000",
                "\u007f",
                "a\u001b"
            })
    void noValueBreaksOutOfItsField(String value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> message("\r\n").prependHeader("X", value))
                .withMessageContaining("X");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a:", "a\r\n", "ü", "a\u007f", "\t"})
    void refusesANameThatIsNone(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> message("\r\n").prependHeader(name, "1"));
    }

    @Test
    void aLineHas998Octets() {
        Message message = message("\r\n");
        message.prependHeader("A", "b".repeat(995));
        message.prependHeader("A", "b".repeat(995) + "\r\n " + "c".repeat(997));
        message.prependHeader("A", "ü".repeat(497));

        for (String value : List.of(
                "b".repeat(996), "\r\n " + "c".repeat(998), "ü".repeat(498), "用".repeat(332), "😀".repeat(249))) {
            assertThatIllegalArgumentException()
                    .as(value)
                    .isThrownBy(() -> message.prependHeader("A", value))
                    .withMessageContaining("fold");
        }
    }

    @Test
    void changesItsEnvelope() {
        Message message = message("\r\n");

        message.setSender(B);
        message.setRecipients(List.of(A, B));

        assertThat(message.sender()).isEqualTo(B);
        assertThat(message.recipients()).containsExactly(A, B);
        assertThat(message.envelope()).isEqualTo(Envelope.of(B, A, B));
        assertThatIllegalArgumentException().isThrownBy(() -> message.setRecipients(List.of()));
    }

    @Test
    void showsNoContent() {
        assertThat(message("Subject: secret\r\n\r\n"))
                .hasToString("Message 0123456789abcdef0123456789abcdef from <a@example.com> to [b@example.com]");
    }

    @Test
    void contentIsItsOwn() throws Exception {
        byte[] bytes = {'a', 'b'};
        Content content = Content.of(bytes);

        bytes[0] = 'x';

        assertThat(content.size()).isEqualTo(2);
        assertThat(content.open().readAllBytes()).containsExactly('a', 'b');
        assertThat(content.open().readAllBytes()).as("a second time").containsExactly('a', 'b');
    }

    @Test
    void aStoreThatFailsIsNoBadHeader() {
        Content broken = new Content() {
            @Override
            public long size() {
                return 1;
            }

            @Override
            public InputStream open() throws IOException {
                throw new IOException("disk");
            }
        };

        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(message(broken)::headers)
                .withMessageContaining("disk");
    }
}
