package dev.kumo.core.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.TestMail;
import dev.kumo.core.mail.Content;
import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.Reply;
import dev.kumo.core.report.DsnWriter.IncludeOriginal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.SplittableRandom;

/** What the tests of the writer write, and look at. */
final class Dsn {

    static final Instant NOW = Instant.parse("2026-07-02T18:55:38Z");
    static final EnvelopeAddress SENDER = EnvelopeAddress.parse("sender@example.com");
    static final EnvelopeAddress USER = EnvelopeAddress.parse("user@example.org");
    static final Reply NO_USER = Reply.of(550, "5.1.1", "no such user");
    static final MtaName FAR = MtaName.dns("mx.example.org");
    static final String MAIL = "Subject: hello\r\nFrom: <sender@example.com>\r\n\r\nbody\r\n";

    private Dsn() {}

    /** Lines of at most 998 octets that end with CRLF and nothing else; 7-bit unless international. */
    static void requireSound(Message report, boolean utf8) {
        byte[] bytes = bytes(report);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        assertThat(text.split("\r\n"))
                .allSatisfy(
                        line -> assertThat(line).hasSizeLessThanOrEqualTo(998).doesNotContain("\r", "\n", "\0"));
        assertThat(text).endsWith("--\r\n");
        if (!utf8) {
            assertThat(text.chars()).allMatch(c -> c < 0x80);
        }
    }

    static FailedDelivery failed(Message message) {
        return FailedDelivery.of(message, FailedDelivery.Recipient.failed(USER, NO_USER, FAR, NOW));
    }

    static DsnWriter writer(IncludeOriginal include) {
        return new DsnWriter(MtaName.dns("MX.example.com"), include, InstantSource.fixed(NOW), new SplittableRandom(1));
    }

    static Message mail(String text) {
        return TestMail.message(1, SENDER, content(text));
    }

    static Content content(String text) {
        return Content.of(text.getBytes(StandardCharsets.UTF_8));
    }

    static BounceReport read(Optional<Message> report) {
        return ReportMail.bounce(bytes(report.orElseThrow())).orElseThrow();
    }

    static String text(Message report) {
        return new String(bytes(report), StandardCharsets.UTF_8);
    }

    static byte[] bytes(Message report) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            report.writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
