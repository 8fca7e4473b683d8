package dev.kumo.core.report;

import dev.kumo.core.mail.Content;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reports to test with: a multipart/report of the parts given. Lines are written with LF and go out with CRLF. */
final class ReportMail {

    static final String STATUS = """
            Reporting-MTA: dns; mx.example.org

            Final-Recipient: rfc822; user@example.org
            Action: failed
            Status: 5.1.1
            Diagnostic-Code: smtp; 550 5.1.1 no such user
            """;

    static final String FEEDBACK = """
            Feedback-Type: abuse
            User-Agent: Example/1.0
            Version: 1
            """;

    private final String type;
    private final List<String> parts = new ArrayList<>();

    private ReportMail(String type) {
        this.type = type;
    }

    static ReportMail bounce() {
        return new ReportMail("multipart/report; report-type=delivery-status; boundary=\"b/1\"");
    }

    static ReportMail feedback() {
        return new ReportMail("multipart/report; report-type=feedback-report; boundary=\"b/1\"");
    }

    static ReportMail of(String type) {
        return new ReportMail(type);
    }

    ReportMail part(String header, String body) {
        parts.add(header + "\n\n" + body);
        return this;
    }

    ReportMail status(String body) {
        return part("Content-Type: message/delivery-status", body);
    }

    ReportMail complaint(String body) {
        return part("Content-Type: message/feedback-report", body);
    }

    ReportMail original(String body) {
        return part("Content-Type: message/rfc822", body);
    }

    String text() {
        StringBuilder text =
                new StringBuilder("From: <MAILER-DAEMON@example.org>\nContent-Type: " + type + "\n\nMIME\n");
        parts.forEach(part -> text.append("--b/1\n").append(part).append('\n'));
        return text.append("--b/1--\n").toString().replace("\n", "\r\n");
    }

    byte[] bytes() {
        return text().getBytes(StandardCharsets.UTF_8);
    }

    Optional<BounceReport> readBounce() {
        return bounce(bytes());
    }

    Optional<FeedbackReport> readFeedback() {
        return feedback(bytes());
    }

    static Optional<BounceReport> bounce(byte[] message) {
        try {
            return BounceReport.read(Content.of(message));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static Optional<FeedbackReport> feedback(byte[] message) {
        try {
            return FeedbackReport.read(Content.of(message));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The first recipient of a bounce with this block. */
    static BounceReport.Recipient recipient(String block) {
        return bounce().status("Reporting-MTA: dns; mx\n\n" + block)
                .readBounce()
                .orElseThrow()
                .recipients()
                .get(0);
    }
}
