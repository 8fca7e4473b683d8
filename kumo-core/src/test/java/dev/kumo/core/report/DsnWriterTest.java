package dev.kumo.core.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import dev.kumo.core.TestMail;
import dev.kumo.core.mail.Content;
import dev.kumo.core.mail.EnhancedStatus;
import dev.kumo.core.mail.Envelope;
import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.Meta;
import dev.kumo.core.mail.Reply;
import dev.kumo.core.report.DsnWriter.IncludeOriginal;
import dev.kumo.core.report.FailedDelivery.Notify;
import dev.kumo.core.report.FailedDelivery.Return;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DsnWriterTest {

    @Test
    void isAsPeopleAndProgramsReadIt() throws IOException {
        FailedDelivery failure = new FailedDelivery(
                Dsn.mail(Dsn.MAIL),
                List.of(new FailedDelivery.Recipient(
                        Dsn.USER,
                        BounceReport.Action.FAILED,
                        new EnhancedStatus(5, 1, 1),
                        Optional.of(Reply.of(550, "5.1.1", "no such user\nsee https://example.org/help")),
                        Optional.of(Dsn.FAR),
                        Optional.of(Dsn.NOW.minusSeconds(5)),
                        Optional.empty(),
                        Optional.of(new BounceReport.Address("rfc822", "alias@example.net")),
                        Optional.of(Set.of(Notify.FAILURE, Notify.DELAY)))),
                Optional.of(Dsn.NOW.minusSeconds(60)),
                Optional.of("QQ314159"),
                Optional.of(Return.FULL));

        Message report = Dsn.writer(IncludeOriginal.FULL_CONTENT).write(failure).orElseThrow();

        assertThat(report.sender()).isEqualTo(EnvelopeAddress.NULL_SENDER);
        assertThat(report.recipients()).containsExactly(Dsn.SENDER);
        assertThat(report.envelope().smtpUtf8()).isFalse();
        String boundary = Dsn.text(report).replaceAll("(?s).*boundary=\"([^\"]+)\".*", "$1");
        assertThat(Dsn.text(report)
                        .replace(boundary, "BOUNDARY")
                        .replace(report.id().text(), "ID"))
                .isEqualTo("""
                        Date: Thu, 02 Jul 2026 18:55:38 +0000
                        From: Mail Delivery System <mailer-daemon@mx.example.com>
                        To: <sender@example.com>
                        Subject: Your message could not be delivered
                        Message-ID: <ID@mx.example.com>
                        Auto-Submitted: auto-replied
                        MIME-Version: 1.0
                        Content-Type: multipart/report; report-type=delivery-status;
                         boundary="BOUNDARY"

                        --BOUNDARY
                        Content-Type: text/plain; charset=us-ascii

                        This is the mail system at mx.example.com.

                        Your message could not be delivered to the following recipients, and no
                        further attempt will be made:

                          <user@example.org>
                            mx.example.org said: 550 5.1.1 no such user see https://example.org/help

                        The same follows in a form for programs, and then your message.

                        --BOUNDARY
                        Content-Type: message/delivery-status

                        Original-Envelope-Id: QQ314159
                        Reporting-MTA: dns; mx.example.com
                        Arrival-Date: Thu, 02 Jul 2026 18:54:38 +0000

                        Original-Recipient: rfc822; alias@example.net
                        Final-Recipient: rfc822; user@example.org
                        Action: failed
                        Status: 5.1.1
                        Remote-MTA: dns; mx.example.org
                        Diagnostic-Code: smtp; 550 5.1.1 no such user see https://example.org/help
                        Last-Attempt-Date: Thu, 02 Jul 2026 18:55:33 +0000

                        --BOUNDARY
                        Content-Type: message/rfc822

                        Subject: hello
                        From: <sender@example.com>

                        body

                        --BOUNDARY--
                        """.replace("\n", "\r\n"));
    }

    @Test
    void isReadBack() throws IOException {
        FailedDelivery failure = FailedDelivery.of(
                Dsn.mail(Dsn.MAIL),
                FailedDelivery.Recipient.failed(Dsn.USER, Dsn.NO_USER, Dsn.FAR, Dsn.NOW),
                FailedDelivery.Recipient.failed(
                        EnvelopeAddress.parse("other@example.org"), Reply.plain(554, "no"), Dsn.FAR, Dsn.NOW));

        BounceReport report = Dsn.read(Dsn.writer(IncludeOriginal.FULL_CONTENT).write(failure));

        assertThat(report.reportingMta()).isEqualTo(MtaName.dns("mx.example.com"));
        assertThat(report.recipients())
                .extracting(BounceReport.Recipient::address, BounceReport.Recipient::response)
                .containsExactly(
                        tuple(
                                "user@example.org",
                                new BounceReport.Response(550, new EnhancedStatus(5, 1, 1), "5.1.1 no such user")),
                        tuple("other@example.org", new BounceReport.Response(554, new EnhancedStatus(5, 0, 0), "no")));
        assertThat(report.recipients().get(0).remoteMta()).contains(Dsn.FAR);
        assertThat(report.recipients().get(0).lastAttempt()).contains(Dsn.NOW);
        assertThat(new String(report.originalMessage().orElseThrow().bytes(), StandardCharsets.UTF_8))
                .isEqualTo(Dsn.MAIL);
    }

    @Test
    void internationalMailHasAnInternationalReport() throws IOException {
        EnvelopeAddress sender = EnvelopeAddress.parse("jürgen@example.com");
        EnvelopeAddress recipient = EnvelopeAddress.parse("дима@example.org");
        String mail = "Subject: привет\r\n\r\ntext\r\n";
        Message message = new Message(
                TestMail.id(1),
                new Envelope(sender, List.of(recipient), true),
                new Meta(),
                Content.of(mail.getBytes(StandardCharsets.UTF_8)));
        FailedDelivery failure = FailedDelivery.of(
                message, FailedDelivery.Recipient.failed(recipient, Reply.of(550, "5.1.1", "нет"), Dsn.FAR, Dsn.NOW));

        Message report = Dsn.writer(IncludeOriginal.FULL_CONTENT).write(failure).orElseThrow();

        assertThat(report.envelope().smtpUtf8()).isTrue();
        Dsn.requireSound(report, true);
        assertThat(Dsn.text(report))
                .contains("To: <jürgen@example.com>")
                .contains("Content-Type: message/global-delivery-status\r\nContent-Transfer-Encoding: 8bit")
                .contains("Final-Recipient: utf-8; дима@example.org")
                .contains("Content-Type: message/global\r\nContent-Transfer-Encoding: 8bit");
        BounceReport read = Dsn.read(Optional.of(report));
        assertThat(read.recipients().get(0).finalRecipient())
                .isEqualTo(new BounceReport.Address("utf-8", "дима@example.org"));
        assertThat(read.recipients().get(0).response().content()).isEqualTo("5.1.1 нет");
        assertThat(read.originalMessage().orElseThrow().asJson()).isEqualTo(mail.replace("\r\n", "\n"));
    }

    @Test
    void withoutSmtpUtf8NothingIsEightBit() throws IOException {
        EnvelopeAddress recipient = EnvelopeAddress.parse("дима+x@example.org");
        FailedDelivery failure = FailedDelivery.of(
                Dsn.mail("Subject: привет\r\n\r\ntext\r\n"),
                FailedDelivery.Recipient.failed(recipient, Reply.of(550, "5.1.1", "нет"), Dsn.FAR, Dsn.NOW));

        Message report = Dsn.writer(IncludeOriginal.FULL_CONTENT).write(failure).orElseThrow();

        Dsn.requireSound(report, false);
        assertThat(Dsn.text(report))
                .contains("Final-Recipient: utf-8; \\x{434}\\x{438}\\x{43C}\\x{430}\\x{2B}x@example.org")
                .contains("Diagnostic-Code: smtp; 550 5.1.1 \\x{43D}\\x{435}\\x{442}");
    }

    @Test
    void aDelayTellsHowLong() throws IOException {
        FailedDelivery failure = FailedDelivery.of(
                Dsn.mail(Dsn.MAIL),
                new FailedDelivery.Recipient(
                        Dsn.USER,
                        BounceReport.Action.DELAYED,
                        new EnhancedStatus(4, 4, 1),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(Dsn.NOW.plusSeconds(86_400)),
                        Optional.empty(),
                        Optional.empty()));

        Optional<Message> report = Dsn.writer(IncludeOriginal.NO).write(failure);

        assertThat(Dsn.text(report.orElseThrow()))
                .contains("Subject: Your message is delayed")
                .contains("    status 4.4.1\r\n    Delivery will be tried until Fri, 03 Jul 2026 18:55:38 +0000.");
        assertThat(Dsn.read(report).recipients().get(0).willRetryUntil()).contains(Dsn.NOW.plusSeconds(86_400));
    }

    @ParameterizedTest
    @EnumSource(IncludeOriginal.class)
    void whatStrangersSayBreaksNothing(IncludeOriginal include) throws IOException {
        SplittableRandom random = new SplittableRandom(4);
        String[] pieces = {
            "\r\n",
            "\n",
            "\r",
            "\0",
            "\t",
            ": ",
            "Bcc: x@y.test",
            "--",
            ";",
            "<",
            ">",
            "é",
            "x".repeat(400),
            " ",
            "=?utf-8?Q?=0D=0ABcc:_x?="
        };
        for (int round = 0; round < 200; round++) {
            FailedDelivery failure = new FailedDelivery(
                    Dsn.mail("Subject: " + junk(random, pieces) + "\r\n\r\n" + junk(random, pieces)),
                    List.of(new FailedDelivery.Recipient(
                            Dsn.USER,
                            BounceReport.Action.FAILED,
                            new EnhancedStatus(5, 0, 0),
                            Optional.of(Dsn.NO_USER),
                            Optional.of(MtaName.dns(junk(random, pieces))),
                            Optional.of(Dsn.NOW),
                            Optional.empty(),
                            Optional.of(new BounceReport.Address("rfc822", junk(random, pieces))),
                            Optional.empty())),
                    Optional.of(Dsn.NOW),
                    Optional.of(junk(random, pieces)),
                    Optional.empty());

            Optional<Message> report = Dsn.writer(include).write(failure);

            Dsn.requireSound(report.orElseThrow(), false);
            BounceReport read = Dsn.read(report);
            assertThat(read.recipients()).hasSize(1);
            assertThat(read.extensions()).as("round %d", round).isEmpty();
            assertThat(read.recipients().get(0).extensions()).isEmpty();
            assertThat(report.orElseThrow().headers().first("Bcc")).isEmpty();
        }
    }

    @Test
    void theReporterIsADomain() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DsnWriter(
                        MtaName.dns("a b"), IncludeOriginal.NO, InstantSource.system(), new SplittableRandom()))
                .withMessageContaining("a b");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DsnWriter(
                        new MtaName("d n s", "a.test"),
                        IncludeOriginal.NO,
                        InstantSource.system(),
                        new SplittableRandom()))
                .withMessageContaining("'d n s'");
    }

    @Test
    void actionAndStatusAgree() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FailedDelivery.Recipient.failed(Dsn.USER, Reply.OK, Dsn.FAR, Dsn.NOW))
                .withMessage("the status 2.0.0 contradicts the action failed; give one of the class that fits");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FailedDelivery.of(Dsn.mail(Dsn.MAIL)))
                .withMessageContaining("at least one recipient");
    }

    private static String junk(SplittableRandom random, String[] pieces) {
        StringBuilder text = new StringBuilder("a");
        for (int i = random.nextInt(12); i > 0; i--) {
            text.append(pieces[random.nextInt(pieces.length)]);
        }
        return text.toString();
    }
}
