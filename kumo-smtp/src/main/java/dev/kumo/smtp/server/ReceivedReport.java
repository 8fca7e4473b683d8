package dev.kumo.smtp.server;

import dev.kumo.core.log.LogRecord;
import dev.kumo.core.log.MessageFacts;
import dev.kumo.core.mail.Content;
import dev.kumo.core.policy.RelayDecision;
import dev.kumo.core.policy.ReportDisposition;
import dev.kumo.core.report.BounceReport;
import dev.kumo.core.report.FeedbackReport;
import dev.kumo.core.report.ReportKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a content is as a report. It is read once, though a thousand recipients share it, and only as the kind of report
 * that the domain of one of them wants.
 */
final class ReceivedReport {

    /** What one content makes, whatever a stranger has put into it, and for however many recipients. */
    private static final int MOST_BOUNCES = 1_000;

    private static final int MOST_COMPLAINTS = 10;

    private final Content content;
    private boolean readAsComplaint;
    private boolean readAsBounce;
    private int bouncesLeft = MOST_BOUNCES;
    private int complaintsLeft = MOST_COMPLAINTS;
    private @Nullable FeedbackReport complaint;
    private @Nullable BounceReport bounce;

    ReceivedReport(Content content) {
        this.content = content;
    }

    boolean isOf(Content other) {
        return content.equals(other);
    }

    /** What it is to a recipient. What could be either is a complaint. */
    ReportKind kind(RelayDecision decision) {
        if (decision.logArf() != ReportDisposition.IGNORE && complaint() != null) {
            return ReportKind.ARF;
        }
        return decision.logOob() != ReportDisposition.IGNORE && bounce() != null ? ReportKind.OOB : ReportKind.NONE;
    }

    /** The record of a complaint; a Reception is not told with it. */
    Stream<LogRecord> complaint(Instant at, MessageFacts message) {
        FeedbackReport report = complaint();
        return report == null || --complaintsLeft < 0
                ? Stream.empty()
                : Stream.of(new LogRecord.Feedback(at, message, report));
    }

    /** A record for each recipient of whom a bounce says that the mail will never come. */
    Stream<LogRecord> bounces(Instant at, MessageFacts message) {
        BounceReport report = bounce();
        if (report == null) {
            return Stream.empty();
        }
        List<LogRecord> records = report.recipients().stream()
                .filter(recipient -> recipient.action() == BounceReport.Action.FAILED)
                .limit(bouncesLeft)
                .<LogRecord>map(recipient -> new LogRecord.Oob(at, message, report, recipient))
                .toList();
        bouncesLeft -= records.size();
        return records.stream();
    }

    private @Nullable FeedbackReport complaint() {
        if (!readAsComplaint) {
            readAsComplaint = true;
            try {
                complaint = FeedbackReport.read(content).orElse(null);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return complaint;
    }

    private @Nullable BounceReport bounce() {
        if (!readAsBounce) {
            readAsBounce = true;
            try {
                bounce = BounceReport.read(content).orElse(null);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return bounce;
    }
}
