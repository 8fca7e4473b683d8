package dev.kumo.core.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.mail.Headers;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Mail in the shapes that mail systems write; beside each file, what is to be read of it. */
class RealMailTest {

    /** The names of the files, without their ending. */
    static Stream<String> names() throws Exception {
        try (Stream<Path> files = Files.list(folder())) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".eml"))
                    .map(name -> name.substring(0, name.length() - 4))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @Test
    void thereAreEnough() throws Exception {
        assertThat(names()).hasSizeGreaterThan(35);
    }

    @ParameterizedTest
    @MethodSource("names")
    void isReadAsExpected(String name) throws Exception {
        String expected = Files.readString(folder().resolve(name + ".expected"));
        byte[] unix = mail(name);

        assertThat(told(unix)).isEqualTo(expected);
        assertThat(told(crlf(unix))).as("with CRLF").isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("names")
    void aReportIsOfTheKindItsTypeTells(String name) throws Exception {
        byte[] mail = mail(name);
        ReportKind kind = ReportKind.of(Headers.read(new ByteArrayInputStream(mail)));

        ReportMail.bounce(mail).ifPresent(report -> assertThat(kind).isEqualTo(ReportKind.OOB));
        ReportMail.feedback(mail).ifPresent(report -> assertThat(kind).isEqualTo(ReportKind.ARF));
    }

    static byte[] mail(String name) throws Exception {
        return Files.readAllBytes(folder().resolve(name + ".eml"));
    }

    static byte[] crlf(byte[] unix) {
        String text = new String(unix, StandardCharsets.ISO_8859_1);
        return text.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    private static Path folder() throws Exception {
        return Path.of(RealMailTest.class.getResource("mail").toURI());
    }

    private static String told(byte[] mail) {
        Optional<FeedbackReport> complaint = ReportMail.feedback(mail);
        Optional<BounceReport> bounce = ReportMail.bounce(mail);
        assertThat(complaint.isPresent() && bounce.isPresent()).isFalse();
        return complaint
                .map(RealMailTest::told)
                .or(() -> bounce.map(RealMailTest::told))
                .orElse("none\n");
    }

    private static String told(BounceReport report) {
        StringBuilder told = new StringBuilder("bounce from " + report.reportingMta() + "\n");
        report.originalEnvelopeId()
                .ifPresent(id -> told.append("envelope id ").append(id).append('\n'));
        report.arrivalDate()
                .ifPresent(date -> told.append("arrived ").append(date).append('\n'));
        tell(told, "extensions", report.extensions());
        for (BounceReport.Recipient recipient : report.recipients()) {
            BounceReport.Response response = recipient.response();
            String words = response.code() + " " + response.content();
            told.append(recipient.action().keyword() + " " + recipient.status() + " " + recipient.address() + " = "
                    + words.strip() + "\n");
            recipient
                    .lastAttempt()
                    .ifPresent(date -> told.append("  tried ").append(date).append('\n'));
            recipient
                    .remoteMta()
                    .ifPresent(mta -> told.append("  at ").append(mta).append('\n'));
            tell(told, "  extensions", recipient.extensions());
        }
        if (report.originalMessage().isEmpty()) {
            told.append("no original\n");
        }
        tell(told, report.originalMessage(), report.supplementalTrace());
        return told.toString();
    }

    private static String told(FeedbackReport report) {
        StringBuilder told = new StringBuilder("complaint " + report.feedbackType() + " by " + report.userAgent()
                + ", version " + report.version() + "\n");
        report.arrivalDate()
                .ifPresent(date -> told.append("arrived ").append(date).append('\n'));
        report.incidents()
                .ifPresent(count -> told.append("incidents ").append(count).append('\n'));
        report.originalMailFrom()
                .ifPresent(sender -> told.append("sender ").append(sender).append('\n'));
        tell(told, "recipients", report.originalRcptTo());
        report.reportingMta().ifPresent(mta -> told.append("from ").append(mta).append('\n'));
        report.sourceIp().ifPresent(ip -> told.append("source ").append(ip).append('\n'));
        tell(told, "authentication", report.authenticationResults());
        tell(told, "domains", report.reportedDomains());
        tell(told, "uris", report.reportedUris());
        tell(told, "extensions", report.extensions());
        tell(told, report.originalMessage(), report.supplementalTrace());
        return told.toString();
    }

    private static void tell(StringBuilder told, String what, List<String> values) {
        if (!values.isEmpty()) {
            told.append(what).append(' ').append(values).append('\n');
        }
    }

    private static void tell(StringBuilder told, String what, Map<String, List<String>> values) {
        if (!values.isEmpty()) {
            told.append(what).append(' ').append(values).append('\n');
        }
    }

    private static void tell(
            StringBuilder told, Optional<OriginalMessage> original, Optional<Map<String, Object>> trace) {
        original.ifPresent(message -> told.append("original ")
                .append(message.headers().first("Subject").orElse("without a subject"))
                .append('\n'));
        trace.ifPresent(members -> told.append("trace ").append(members).append('\n'));
    }
}
