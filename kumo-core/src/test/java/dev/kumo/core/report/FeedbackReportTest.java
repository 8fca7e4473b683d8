package dev.kumo.core.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.Meta;
import dev.kumo.core.trace.SupplementalHeader;
import dev.kumo.core.trace.TraceHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FeedbackReportTest {

    private static final String REF = "X-KumoRef: " + trace("user@example.com") + "\n";

    @Test
    void everyFieldHasItsPlace() {
        FeedbackReport report = ReportMail.feedback()
                .complaint("""
                        Feedback-Type: abuse
                        User-Agent: SomeGenerator/1.0
                        Version: 0.1
                        Original-Mail-From: <bounces@example.net>
                        Original-Rcpt-To: <user@EXAMPLE.com>
                        original-rcpt-to: other@example.com
                        Original-Envelope-Id: QQ1
                        Received-Date: Tue, 08 Mar 2005 14:00:00 EDT
                        Reporting-MTA: dns; mail.example.com
                        Source-IP: 192.0.2.1
                        Incidents: 4294967295
                        Authentication-Results: mail.example.com;
                                       spf=fail smtp.mail=bounces@example.net
                        Authentication-Results: mail.example.com; dkim=pass
                        Reported-Domain: example.net
                        Reported-Uri: http://example.net/earn_money.html
                        Reported-Uri: mailto:user@example.com
                        Removal-Recipient: user@example.com
                        """)
                .original(REF + "Subject: Earn money\n\nSpam\n")
                .readFeedback()
                .orElseThrow();

        assertThat(report)
                .isEqualTo(new FeedbackReport(
                        "abuse",
                        "SomeGenerator/1.0",
                        "0.1",
                        Optional.of(Instant.parse("2005-03-08T18:00:00Z")),
                        OptionalLong.of(4294967295L),
                        Optional.of("QQ1"),
                        Optional.of("bounces@example.net"),
                        Optional.of(MtaName.dns("mail.example.com")),
                        Optional.of("192.0.2.1"),
                        List.of(
                                "mail.example.com; spf=fail smtp.mail=bounces@example.net",
                                "mail.example.com; dkim=pass"),
                        List.of("user@example.com", "other@example.com"),
                        List.of("example.net"),
                        List.of("http://example.net/earn_money.html", "mailto:user@example.com"),
                        Map.of("removal-recipient", List.of("user@example.com")),
                        Optional.of(OriginalMessage.of(
                                (REF + "Subject: Earn money\n\nSpam\n")
                                        .replace("\n", "\r\n")
                                        .getBytes(StandardCharsets.UTF_8),
                                false)),
                        Optional.of(Map.of("recipient", "user@example.com"))));
    }

    @Test
    void hasTheNamesAndTheOrderOfKumoMta() {
        FeedbackReport report = ReportMail.feedback()
                .complaint(
                        ReportMail.FEEDBACK + "Incidents: 2\nOriginal-Mail-From: <>\nReporting-MTA: dns; mx\nX-A: 1\n")
                .original(REF + "Subject: x\n")
                .readFeedback()
                .orElseThrow();

        assertThat(report.asMap().toString())
                .isEqualTo("{feedback_type=abuse, user_agent=Example/1.0, version=1, arrival_date=null, incidents=2,"
                        + " original_envelope_id=null, original_mail_from=, reporting_mta={mta_type=dns, name=mx},"
                        + " source_ip=null, authentication_results=[], original_rcpto_to=[], reported_domain=[],"
                        + " reported_uri=[], extensions={x-a=[1]}, original_message=" + REF + "Subject: x\n,"
                        + " supplemental_trace={recipient=user@example.com}}");
    }

    @Test
    void withoutAnOriginalItIsNull() {
        FeedbackReport report = ReportMail.feedback()
                .complaint(ReportMail.FEEDBACK)
                .readFeedback()
                .orElseThrow();

        assertThat(report.asMap()).containsEntry("original_message", null).containsEntry("supplemental_trace", null);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "User-Agent: a\nVersion: 1\n",
                "Feedback-Type: abuse\nVersion: 1\n",
                "Feedback-Type: abuse\nUser-Agent: a\n",
                ReportMail.FEEDBACK + "Version: 1\n",
                ReportMail.FEEDBACK + "Source-IP: 192.0.2.1\nSource-IP: 192.0.2.1\n",
                ReportMail.FEEDBACK + "Incidents: many\n",
                ReportMail.FEEDBACK + "Incidents: -1\n",
                ReportMail.FEEDBACK + "Incidents: 4294967296\n",
                ReportMail.FEEDBACK + "Incidents: 99999999999999999999\n",
                "",
            })
    void aComplaintThatIsMalformedIsNone(String complaint) {
        assertThat(ReportMail.feedback().complaint(complaint).readFeedback()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "multipart/report; report-type=feedback-report; boundary=\"b/1\", true",
        "MULTIPART/REPORT; REPORT-TYPE=\"Feedback-Report\"; boundary=\"b/1\", true",
        "multipart/report; report-type=delivery-status; boundary=\"b/1\", false",
        "multipart/report; boundary=\"b/1\", false",
        "multipart/mixed; report-type=feedback-report; boundary=\"b/1\", false",
    })
    void theReportTypeDecides(String type, boolean report) {
        assertThat(ReportMail.of(type)
                        .complaint(ReportMail.FEEDBACK)
                        .readFeedback()
                        .isPresent())
                .isEqualTo(report);
    }

    @Test
    void withoutAComplaintItIsNone() {
        assertThat(ReportMail.feedback()
                        .part("Content-Type: text/plain", ReportMail.FEEDBACK)
                        .readFeedback())
                .isEmpty();
    }

    @Test
    void emptyLinesWithinAComplaintDoNoHarm() {
        assertThat(ReportMail.feedback()
                        .complaint("\n\n" + ReportMail.FEEDBACK.replace("\n", "\n\n"))
                        .readFeedback())
                .isPresent();
    }

    @Test
    void aDateThatCannotBeReadIsLeftOut() {
        FeedbackReport report = ReportMail.feedback()
                .complaint(ReportMail.FEEDBACK + "Arrival-Date: some day\n")
                .readFeedback()
                .orElseThrow();

        assertThat(report.arrivalDate()).isEmpty();
        assertThat(report.extensions()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Type: message/rfc822",
                "Content-Type: text/rfc822-headers; charset=us-ascii",
                "content-type: Message/RFC822",
                "Content-Type: message/global",
                "Content-Type: message/global-headers",
            })
    void theTraceIsFoundInEveryKindOfOriginal(String header) {
        String original = "Subject: x\nX-Anything: " + trace("a@b.test").replace("\r\n", "\n") + "\n";

        assertThat(ReportMail.feedback()
                        .complaint(ReportMail.FEEDBACK)
                        .part(header, original)
                        .readFeedback()
                        .orElseThrow()
                        .supplementalTrace())
                .contains(Map.of("recipient", "a@b.test"));
    }

    @Test
    void theTraceIsFoundInABounceToo() {
        BounceReport report = ReportMail.bounce()
                .status(ReportMail.STATUS)
                .original(REF)
                .readBounce()
                .orElseThrow();

        assertThat(report.supplementalTrace()).contains(Map.of("recipient", "user@example.com"));
        assertThat(report.asMap()).doesNotContainKey("supplemental_trace");
    }

    @Test
    void aFoldedTraceIsFound() {
        Meta meta = new Meta().put("campaign", "x".repeat(500));
        TraceHeaders options =
                TraceHeaders.builder().includeMetaNames(List.of("campaign")).build();
        String value = SupplementalHeader.encode(options, List.of(EnvelopeAddress.parse("a@b.test")), meta);

        assertThat(value).contains("\r\n");
        assertThat(ReportMail.feedback()
                        .complaint(ReportMail.FEEDBACK)
                        .original("x-ref: " + value.replace("\r\n", "\n") + "\nSubject: x\n")
                        .readFeedback()
                        .orElseThrow()
                        .supplementalTrace()
                        .orElseThrow())
                .containsEntry("campaign", "x".repeat(500));
    }

    @Test
    void aQuotedPrintableTraceIsFound() {
        String value = trace("aa@b.test");
        assertThat(value).endsWith("=");

        assertThat(ReportMail.feedback()
                        .complaint(ReportMail.FEEDBACK)
                        .part(
                                "Content-Type: text/rfc822-headers\nContent-Transfer-Encoding: quoted-printable",
                                "X-KumoRef: " + value.substring(0, 20) + "=\n"
                                        + value.substring(20).replace("=", "=3D"))
                        .readFeedback()
                        .orElseThrow()
                        .supplementalTrace())
                .contains(Map.of("recipient", "aa@b.test"));
    }

    @Test
    void aHeaderWithoutXIsNoTrace() {
        assertThat(traceOf(REF.replace("X-KumoRef", "KumoRef"))).isEmpty();
    }

    @Test
    void otherHeadersAreNoTrace() {
        assertThat(traceOf("X-A: 1\nX-B: e30=\nX-C: eyJfQF8iOiJubyJ9\n" + REF)).isPresent();
        assertThat(traceOf("X-A: 1\nX-B: e30=\nX-C: eyJfQF8iOiJubyJ9\n")).isEmpty();
    }

    @Test
    void whatTheBodySaysIsNoTrace() {
        assertThat(traceOf("Subject: x\n\n" + REF)).isEmpty();
    }

    @Test
    void theFirstTraceOfAPartCountsAndTheLastPart() {
        String two = REF + "X-Other: " + trace("other@b.test") + "\n";

        assertThat(traceOf(two)).contains(Map.of("recipient", "user@example.com"));
        assertThat(ReportMail.feedback()
                        .complaint(ReportMail.FEEDBACK)
                        .original(REF)
                        .original("X-Other: " + trace("other@b.test") + "\n")
                        .original("Subject: last\n")
                        .readFeedback()
                        .orElseThrow())
                .satisfies(report -> {
                    assertThat(report.supplementalTrace()).contains(Map.of("recipient", "other@b.test"));
                    assertThat(report.asMap()).containsEntry("original_message", "Subject: last\n");
                });
    }

    private static Optional<Map<String, Object>> traceOf(String original) {
        return ReportMail.feedback()
                .complaint(ReportMail.FEEDBACK)
                .original(original)
                .readFeedback()
                .orElseThrow()
                .supplementalTrace();
    }

    private static String trace(String recipient) {
        return SupplementalHeader.encode(
                TraceHeaders.builder().build(), List.of(EnvelopeAddress.parse(recipient)), new Meta());
    }
}
