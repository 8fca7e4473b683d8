package dev.kumo.core.log;

import dev.kumo.core.mail.EnhancedStatus;
import dev.kumo.core.report.BounceReport;
import dev.kumo.core.report.FeedbackReport;
import dev.kumo.core.report.MtaName;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Reports with every text as given. */
final class SampleReports {

    private SampleReports() {}

    static FeedbackReport complaint(String text, Map<String, Object> trace) {
        return new FeedbackReport(
                text,
                "Far/1.0",
                "1",
                Optional.of(Instant.parse("2026-08-04T01:00:00Z")),
                OptionalLong.of(2),
                Optional.empty(),
                Optional.of(text),
                Optional.of(MtaName.dns(text)),
                Optional.empty(),
                List.of(),
                List.of(text),
                List.of(),
                List.of(),
                Map.of("x-" + text, List.of(text)),
                Optional.empty(),
                Optional.of(trace));
    }

    static BounceReport.Recipient recipient(String text, Optional<Instant> lastAttempt) {
        return new BounceReport.Recipient(
                new BounceReport.Address("rfc822", text),
                BounceReport.Action.FAILED,
                EnhancedStatus.parse("5.1.1"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(new BounceReport.Diagnostic("smtp", "551 5.1.1 " + text)),
                lastAttempt,
                Optional.empty(),
                Optional.empty(),
                Map.of());
    }

    static LogRecord.Oob oob(Instant at, MessageFacts facts, String text, Optional<Instant> lastAttempt) {
        BounceReport.Recipient recipient = recipient(text, lastAttempt);
        BounceReport report = new BounceReport(
                MtaName.dns("mx.far.example"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                List.of(recipient),
                Optional.empty(),
                Optional.empty());
        return new LogRecord.Oob(at, facts, report, recipient);
    }
}
