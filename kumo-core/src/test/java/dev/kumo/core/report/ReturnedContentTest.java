package dev.kumo.core.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.TestMail;
import dev.kumo.core.mail.Content;
import dev.kumo.core.mail.Envelope;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.Meta;
import dev.kumo.core.report.DsnWriter.IncludeOriginal;
import dev.kumo.core.report.FailedDelivery.Return;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReturnedContentTest {

    @Test
    void headersPutOnTopAreReturnedToo() throws IOException {
        Message message = Dsn.mail(Dsn.MAIL);
        message.prependHeader("Received", "by us");

        assertThat(original(IncludeOriginal.FULL_CONTENT, message)).isEqualTo("Received: by us\r\n" + Dsn.MAIL);
    }

    @ParameterizedTest
    @CsvSource({
        "FULL_CONTENT, , message/rfc822",
        "FULL_CONTENT, FULL, message/rfc822",
        "FULL_CONTENT, HDRS, text/rfc822-headers",
        "HEADERS_ONLY, , text/rfc822-headers",
        "HEADERS_ONLY, FULL, text/rfc822-headers",
        "NO, FULL, ",
        "NO, , ",
    })
    void aSenderMayAskForLessAndNotForMore(IncludeOriginal include, Return returned, String type) throws IOException {
        FailedDelivery failure = new FailedDelivery(
                Dsn.mail(Dsn.MAIL),
                List.of(FailedDelivery.Recipient.failed(Dsn.USER, Dsn.NO_USER, Dsn.FAR, Dsn.NOW)),
                Optional.empty(),
                Optional.empty(),
                Optional.ofNullable(returned));

        Optional<Message> report = Dsn.writer(include).write(failure);

        assertThat(Dsn.text(report.orElseThrow()).contains("rfc822-headers"))
                .isEqualTo("text/rfc822-headers".equals(type));
        assertThat(Dsn.text(report.orElseThrow()).contains("message/rfc822")).isEqualTo("message/rfc822".equals(type));
        assertThat(Dsn.read(report).originalMessage().isPresent()).isEqualTo(type != null);
    }

    @Test
    void theHeaderAloneHasNoBody() throws IOException {
        assertThat(original(IncludeOriginal.HEADERS_ONLY, Dsn.mail(Dsn.MAIL)))
                .isEqualTo("Subject: hello\r\nFrom: <sender@example.com>\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Subject: x\r\n\r\ngr\u00fc\u00dfe\r\n",
                "Subject: x\r\n\r\nbare\nLF\r\n",
                "Subject: x\r\n\r\nbare\rCR\r\n",
                "Subject: x\r\n\r\n\u0000\r\n",
            })
    void aMessageThatIsNotSevenBitTextGoesBackWithoutItsBody(String mail) throws IOException {
        assertThat(original(IncludeOriginal.FULL_CONTENT, Dsn.mail(mail))).isEqualTo("Subject: x\r\n");
    }

    @Test
    void aMessageWithLinesTooLongGoesBackWithoutItsBody() throws IOException {
        String header = "Subject: x\r\n";

        assertThat(original(IncludeOriginal.FULL_CONTENT, Dsn.mail(header + "\r\n" + "x".repeat(998) + "\r\n")))
                .hasSizeGreaterThan(998);
        assertThat(original(IncludeOriginal.FULL_CONTENT, Dsn.mail(header + "\r\n" + "x".repeat(999) + "\r\n")))
                .isEqualTo(header);
    }

    @Test
    void aLargeMessageGoesBackWithoutItsBody() throws IOException {
        String mail = "Subject: x\r\n\r\n" + "0123456789abcdef\r\n".repeat(60_000);

        assertThat(original(IncludeOriginal.FULL_CONTENT, Dsn.mail(mail))).isEqualTo("Subject: x\r\n");
    }

    @Test
    void anEightBitHeaderIsEncoded() throws IOException {
        String header = "Subject: gr\u00fc\u00dfe = \r\nX-Long: " + "y".repeat(2000) + "\r\n";

        Message report = write(IncludeOriginal.HEADERS_ONLY, Dsn.mail(header + "\r\nbody\r\n"));

        assertThat(Dsn.text(report))
                .contains("Content-Transfer-Encoding: quoted-printable")
                .contains("gr=C3=BC=C3=9Fe =3D=20\r\n");
        Dsn.requireSound(report, false);
        assertThat(new String(
                        Dsn.read(Optional.of(report))
                                .originalMessage()
                                .orElseThrow()
                                .bytes(),
                        StandardCharsets.UTF_8))
                .isEqualTo(header);
    }

    @Test
    void ofInternationalMailTheHeaderAloneIsInternationalToo() throws IOException {
        Message message = new Message(
                TestMail.id(1),
                new Envelope(Dsn.SENDER, List.of(Dsn.USER), true),
                new Meta(),
                Content.of("Subject: привет\r\n\r\ntext\r\n".getBytes(StandardCharsets.UTF_8)));

        assertThat(Dsn.text(write(IncludeOriginal.HEADERS_ONLY, message)))
                .contains(
                        "Content-Type: message/global-headers\r\nContent-Transfer-Encoding: 8bit\r\n\r\nSubject: привет");
    }

    @Test
    void theBoundaryOccursInNoPart() throws IOException {
        long taken = 0x1234567890abcdefL;
        String boundary = "=_" + Long.toHexString(taken).repeat(2);
        long[] numbers = {0, taken, taken, 7, 8}; // the first is for the id
        RandomGenerator scripted = new RandomGenerator() {
            private int at;

            @Override
            public long nextLong() {
                return numbers[at++];
            }

            @Override
            public int nextInt(int bound) {
                return 0;
            }
        };
        DsnWriter writer = new DsnWriter(
                MtaName.dns("mx.example.com"), IncludeOriginal.FULL_CONTENT, InstantSource.fixed(Dsn.NOW), scripted);

        Optional<Message> report =
                writer.write(Dsn.failed(Dsn.mail("Subject: x\r\n\r\n--" + boundary + "--\r\nend\r\n")));

        assertThat(Dsn.text(report.orElseThrow())).contains("boundary=\"=_78\"");
        assertThat(new String(Dsn.read(report).originalMessage().orElseThrow().bytes(), StandardCharsets.UTF_8))
                .endsWith("end\r\n");
    }

    private static String original(IncludeOriginal include, Message message) throws IOException {
        Message report = write(include, message);
        Dsn.requireSound(report, false);
        return new String(
                Dsn.read(Optional.of(report)).originalMessage().orElseThrow().bytes(), StandardCharsets.UTF_8);
    }

    private static Message write(IncludeOriginal include, Message message) throws IOException {
        return Dsn.writer(include).write(Dsn.failed(message)).orElseThrow();
    }
}
