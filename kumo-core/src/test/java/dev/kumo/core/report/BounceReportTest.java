package dev.kumo.core.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.kumo.core.mail.EnhancedStatus;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BounceReportTest {

    private static final String MINIMAL = "Final-Recipient: rfc822; a@b.test\nAction: failed\nStatus: 5.0.0\n";

    @Test
    void everyFieldHasItsPlace() {
        BounceReport report = ReportMail.bounce()
                .status("""
                        Original-Envelope-Id: QQ314159
                        Reporting-MTA: dns; mx.example.org
                        DSN-Gateway: dns; gw.example.org
                        Received-From-MTA: DNS; client.example.com
                        Arrival-Date: Thu, 2 Jul 2026 18:55:38 +0200
                        X-Queue: 4711
                        x-queue: 4712

                        Original-Recipient: rfc822;First.Last@example.org
                        Final-Recipient: rfc822; <user@EXAMPLE.org>
                        Action: failed
                        Status: 5.2.2 (mailbox full)
                        Remote-MTA: dns; [192.0.2.1]
                        Diagnostic-Code: smtp; 552 5.2.2 mailbox
                          is full; (really)
                        Last-Attempt-Date: Thu, 2 Jul 2026 16:56:00 GMT
                        Final-Log-ID: L1
                        Will-Retry-Until: Fri, 3 Jul 2026 00:00:00 -0000
                        X-More: yes
                        """)
                .original("Subject: hello\n\nbody\n")
                .readBounce()
                .orElseThrow();

        assertThat(report)
                .isEqualTo(new BounceReport(
                        MtaName.dns("mx.example.org"),
                        Optional.of("QQ314159"),
                        Optional.of(MtaName.dns("gw.example.org")),
                        Optional.of(new MtaName("DNS", "client.example.com")),
                        Optional.of(Instant.parse("2026-07-02T16:55:38Z")),
                        Map.of("x-queue", List.of("4711", "4712")),
                        List.of(new BounceReport.Recipient(
                                new BounceReport.Address("rfc822", "user@example.org"),
                                BounceReport.Action.FAILED,
                                new EnhancedStatus(5, 2, 2),
                                Optional.of("(mailbox full)"),
                                Optional.of(new BounceReport.Address("rfc822", "First.Last@example.org")),
                                Optional.of(MtaName.dns("[192.0.2.1]")),
                                Optional.of(new BounceReport.Diagnostic("smtp", "552 5.2.2 mailbox is full; (really)")),
                                Optional.of(Instant.parse("2026-07-02T16:56:00Z")),
                                Optional.of("L1"),
                                Optional.of(Instant.parse("2026-07-03T00:00:00Z")),
                                Map.of("x-more", List.of("yes")))),
                        Optional.of(OriginalMessage.of(
                                "Subject: hello\r\n\r\nbody\r\n".getBytes(StandardCharsets.UTF_8), false)),
                        Optional.empty()));
    }

    @Test
    void hasTheNamesAndTheOrderOfKumoMta() {
        Map<String, Object> map = ReportMail.bounce()
                .status(ReportMail.STATUS.replace("Status: 5.1.1", "Status: 5.1.1 (nobody)"))
                .original("Subject: hello\n")
                .readBounce()
                .orElseThrow()
                .asMap();

        assertThat(map.toString())
                .isEqualTo("{per_message={original_envelope_id=null, reporting_mta={mta_type=dns, name=mx.example.org},"
                        + " dsn_gateway=null, received_from_mta=null, arrival_date=null, extensions={}},"
                        + " per_recipient=[{final_recipient={recipient_type=rfc822, recipient=user@example.org},"
                        + " action=failed, status={class=5, subject=1, detail=1, comment=(nobody)},"
                        + " original_recipient=null, remote_mta=null,"
                        + " diagnostic_code={diagnostic_type=smtp, diagnostic=550 5.1.1 no such user},"
                        + " last_attempt_date=null, final_log_id=null, will_retry_until=null, extensions={}}],"
                        + " original_message=Subject: hello\n}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "smtp; 550 5.1.1 no such user | 550 | 5.1.1 no such user",
                "SMTP;421 try again | 421 | try again",
                "smtp; 452-4.2.2 over quota | 452 | 4.2.2 over quota",
                "smtp; 550 | 550 | ''",
                "smtp; host said: 451 no | 550 | host said: 451 no",
                "smtp; 4510 no | 550 | 4510 no",
                "smtp; 999 no | 550 | 999 no",
                "X-Unix; 67 | 550 | ''",
                "554 5.7.1 refused; see https://example.org | 554 | 5.7.1 refused; see https://example.org",
                "'' | 550 | ''",
            })
    void theResponseIsDividedBehindTheCode(String diagnostic, int code, String content) {
        assertThat(ReportMail.recipient(MINIMAL + "Diagnostic-Code: " + diagnostic)
                        .response())
                .isEqualTo(new BounceReport.Response(code, new EnhancedStatus(5, 0, 0), content));
    }

    @Test
    void withoutADiagnosticTheResponseIs550() {
        assertThat(ReportMail.recipient(MINIMAL).response().code()).isEqualTo(550);
    }

    @ParameterizedTest
    @CsvSource({
        "rfc822; user@example.org, user@example.org",
        "RFC822;<user@example.org>, user@example.org",
        "user@example.org, user@example.org",
        "rfc822; User Name <user@example.org>, user@example.org",
        "rfc822; user@example.org (User), user@example.org",
        "rfc822; <>, ''",
        "rfc822; root, root",
        "rfc822; @relay.example:user@example.org, @relay.example:user@example.org",
        "utf-8; jürgen@exämple.org, jürgen@xn--exmple-cua.org",
        "x400; /C=GB/S=User/, /C=GB/S=User/",
        "unknown; <user>, <user>",
    })
    void anAddressIsFreedOfWhatSurroundsIt(String field, String address) {
        assertThat(ReportMail.recipient(MINIMAL.replace("rfc822; a@b.test", field))
                        .address())
                .isEqualTo(address);
    }

    @Test
    void theOriginalRecipientIsTheOneTheSenderKnows() {
        assertThat(ReportMail.recipient(MINIMAL + "Original-Recipient: rfc822;alias@b.test")
                        .address())
                .isEqualTo("alias@b.test");
    }

    @ParameterizedTest
    @CsvSource({
        "failed, FAILED",
        "Failed, FAILED",
        "FAILED (bad address), FAILED",
        "failure, FAILED",
        "delayed, DELAYED",
        "deferred, DELAYED",
        "delivered, DELIVERED",
        "relayed, RELAYED",
        "expanded, EXPANDED",
    })
    void anActionIsReadInAnyCase(String word, BounceReport.Action action) {
        assertThat(ReportMail.recipient(MINIMAL.replace("failed", word)).action())
                .isEqualTo(action);
    }

    @ParameterizedTest
    @CsvSource({
        "5.1.1, 5.1.1, ",
        "5.1.1 (no such user), 5.1.1, (no such user)",
        "5.1.1(x), 5.1.1, (x)",
        "4.4.7 expired, 4.4.7, expired",
        "2.001.05, 2.1.5, ",
    })
    void aStatusMayHaveAComment(String field, String status, String comment) {
        BounceReport.Recipient recipient = ReportMail.recipient(MINIMAL.replace("5.0.0", field));

        assertThat(recipient.status()).hasToString(status);
        assertThat(recipient.statusComment()).isEqualTo(Optional.ofNullable(comment));
    }

    @Test
    void blocksMayBeDividedByMoreThanOneLineAndByBlanks() {
        String status = "\n\nReporting-MTA: dns; mx\n \t\n\n\n" + MINIMAL + "\n\n\n" + MINIMAL + "\n\n";

        assertThat(ReportMail.bounce().status(status).readBounce().orElseThrow().recipients())
                .hasSize(2);
    }

    @Test
    void aBlockWithoutARecipientIsPassedOver() {
        String status = ReportMail.STATUS + "\nX-Scanned-By: a gateway\n\n-- \nread https://example.org\n";

        assertThat(ReportMail.bounce().status(status).readBounce().orElseThrow().recipients())
                .hasSize(1);
    }

    @Test
    void unixLineEndsAreRead() {
        String message = ReportMail.bounce()
                .status(ReportMail.STATUS)
                .original("Subject: x\n")
                .text()
                .replace("\r\n", "\n");

        BounceReport report =
                ReportMail.bounce(message.getBytes(StandardCharsets.UTF_8)).orElseThrow();

        assertThat(report.recipients()).hasSize(1);
        assertThat(new String(report.originalMessage().orElseThrow().bytes(), StandardCharsets.UTF_8))
                .isEqualTo("Subject: x\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "multipart/report; boundary=\"b/1\"",
                "multipart/report; report-type=something; boundary=\"b/1\"",
                "MULTIPART/Report;\n REPORT-type=Delivery-Status;\n\tBoundary=b/1",
                "(old) multipart/report (mail); boundary=\"b/1  \" (x)",
            })
    void theTypeMayBeWrittenInManyWays(String type) {
        assertThat(ReportMail.of(type).status(ReportMail.STATUS).readBounce()).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "multipart/mixed; boundary=\"b/1\"",
                "multipart/report; report-type=delivery-status",
                "multipart/report; boundary=\"\"",
                "multipart/report; boundary=\"b\"",
                "message/delivery-status; boundary=\"b/1\"",
                "text/plain",
                "",
            })
    void anotherTypeIsNoReport(String type) {
        assertThat(ReportMail.of(type).status(ReportMail.STATUS).readBounce()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n\n\n",
                "just text",
                "Reporting-MTA: dns; mx\n",
                "Reporting-MTA: dns; mx\n\nX-Other: 1\n",
                "X-Other: 1\n\n" + MINIMAL,
                "Reporting-MTA:\n\n" + MINIMAL,
                MINIMAL,
                "Reporting-MTA: dns; mx\n" + MINIMAL + MINIMAL,
                "Reporting-MTA: dns; mx\n\nAction: failed\nStatus: 5.0.0",
                "Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; a@b\nStatus: 5.0.0",
                "Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; a@b\nAction: failed",
                "Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; a@b\nAction: lost\nStatus: 5.0.0",
                "Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; a@b\nAction: failed\nStatus: 550",
                "Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; a@b\nAction: failed\nStatus: 3.0.0",
                "Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; a@b\nAction: failed\nStatus: 5.0.0000",
                "Reporting-MTA: dns; mx\n\n" + MINIMAL + MINIMAL,
            })
    void aStatusThatLacksWhatItMustHaveIsNone(String status) {
        assertThat(ReportMail.bounce().status(status).readBounce()).isEmpty();
    }

    @Test
    void aSingleRecipientMayBeInTheFirstBlock() {
        BounceReport report = ReportMail.bounce()
                .status("Reporting-MTA: dns; mx\n" + MINIMAL + "X-More: 1\n")
                .readBounce()
                .orElseThrow();

        assertThat(report.extensions()).isEmpty();
        assertThat(report.recipients()).singleElement().satisfies(recipient -> {
            assertThat(recipient.address()).isEqualTo("a@b.test");
            assertThat(recipient.extensions()).containsOnlyKeys("x-more");
        });
    }

    @Test
    void withoutAStatusItIsNoReport() {
        assertThat(ReportMail.bounce()
                        .part("Content-Type: text/plain", ReportMail.STATUS)
                        .readBounce())
                .isEmpty();
    }

    @Test
    void aStatusWithinAnotherPartDoesNotCount() {
        String forwarded = ReportMail.bounce().status(ReportMail.STATUS).text().replace("b/1", "inner");

        assertThat(ReportMail.bounce().original(forwarded).readBounce()).isEmpty();
    }

    @Test
    void theFirstStatusCounts() {
        BounceReport report = ReportMail.bounce()
                .status(ReportMail.STATUS)
                .status(ReportMail.STATUS.replace("mx.", "other."))
                .readBounce()
                .orElseThrow();

        assertThat(report.reportingMta().name()).isEqualTo("mx.example.org");
    }

    @Test
    void anEncodedStatusIsDecoded() {
        String base64 = Base64.getMimeEncoder().encodeToString(ReportMail.STATUS.getBytes(StandardCharsets.UTF_8));

        assertThat(ReportMail.bounce()
                        .part("Content-Type: message/global-delivery-status\nContent-Transfer-Encoding: BASE64", base64)
                        .readBounce())
                .isPresent();
    }

    @Test
    void aMissingLastDelimiterDoesNoHarm() {
        String message = ReportMail.bounce().status(ReportMail.STATUS).text().replace("--b/1--\r\n", "");

        assertThat(ReportMail.bounce(message.getBytes(StandardCharsets.UTF_8))).isPresent();
    }

    @Test
    void aBoundaryThatOnlyBeginsTheSameDividesNothing() {
        BounceReport report = ReportMail.bounce()
                .status(ReportMail.STATUS)
                .original("Subject: x\n\n--b/12\n--b/1x--\ntext\n")
                .readBounce()
                .orElseThrow();

        assertThat(new String(report.originalMessage().orElseThrow().bytes(), StandardCharsets.UTF_8))
                .endsWith("--b/1x--\r\ntext\r\n");
    }

    @Test
    void wordsAreDecodedAndControlsAreSpaces() {
        BounceReport.Recipient recipient =
                ReportMail.recipient(MINIMAL + "Diagnostic-Code: smtp; 550 =?iso-8859-1?Q?=DCber=0D=0Afull?=\u0007\n");

        assertThat(recipient.diagnostic().orElseThrow().text()).isEqualTo("550 Über  full");
    }

    @Test
    void aDateThatCannotBeReadIsLeftOut() {
        assertThat(ReportMail.recipient(MINIMAL + "Last-Attempt-Date: yesterday")
                        .lastAttempt())
                .isEmpty();
    }

    @Test
    void aReportNeedsARecipient() {
        BounceReport report =
                ReportMail.bounce().status(ReportMail.STATUS).readBounce().orElseThrow();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BounceReport(
                        report.reportingMta(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Map.of(),
                        List.of(),
                        Optional.empty(),
                        Optional.empty()))
                .withMessageContaining("at least one recipient");
    }

    @Test
    void aStoreThatFailsIsNoReportOfAnother() {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("disk");
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                throw new IOException("disk");
            }
        };

        assertThatIOException().isThrownBy(() -> BounceReport.read(broken)).withMessage("disk");
    }
}
