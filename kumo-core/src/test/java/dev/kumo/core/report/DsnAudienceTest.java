package dev.kumo.core.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.TestMail;
import dev.kumo.core.mail.EnhancedStatus;
import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.Message;
import dev.kumo.core.report.DsnWriter.IncludeOriginal;
import dev.kumo.core.report.FailedDelivery.Notify;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is told of what. */
class DsnAudienceTest {

    @Test
    void theNullSenderHearsNothing() throws IOException {
        Message bounce = TestMail.message(1, EnvelopeAddress.NULL_SENDER, Dsn.content(Dsn.MAIL));

        assertThat(Dsn.writer(IncludeOriginal.NO).write(Dsn.failed(bounce))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Auto-Submitted: auto-replied",
                "auto-submitted: Auto-Generated; owner-email=\"a@b.test\"",
                "Auto-Submitted: (no) auto-notified",
                "Auto-Submitted: no\r\nAuto-Submitted: auto-replied",
                "Return-Path: <>",
                "Return-Path: <> (bounce)",
                "Content-Type: multipart/report; report-type=delivery-status; boundary=x",
                "Content-Type: multipart/report; report-type=feedback-report; boundary=x",
            })
    void automaticMailIsNotAnswered(String header) throws IOException {
        assertThat(Dsn.writer(IncludeOriginal.NO).write(Dsn.failed(Dsn.mail(header + "\r\n" + Dsn.MAIL))))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Auto-Submitted: no",
                "Auto-Submitted: NO (a person)",
                "Auto-Submitted: no; x=y",
                "Return-Path: <sender@example.com>",
                "Content-Type: multipart/mixed; boundary=x",
                "X-Auto-Submitted: auto-replied",
            })
    void allOtherMailIs(String header) throws IOException {
        assertThat(Dsn.writer(IncludeOriginal.NO).write(Dsn.failed(Dsn.mail(header + "\r\n" + Dsn.MAIL))))
                .isPresent();
    }

    @ParameterizedTest
    @CsvSource({
        "FAILED, , true",
        "FAILED, FAILURE, true",
        "FAILED, DELAY, false",
        "FAILED, SUCCESS, false",
        "FAILED, NEVER, false",
        "DELAYED, , true",
        "DELAYED, DELAY, true",
        "DELAYED, FAILURE, false",
        "DELIVERED, , false",
        "DELIVERED, SUCCESS, true",
        "DELIVERED, FAILURE, false",
        "RELAYED, SUCCESS, true",
        "RELAYED, , false",
        "EXPANDED, SUCCESS, true",
    })
    void aSenderHearsWhatItAskedFor(BounceReport.Action action, Notify notify, boolean told) throws IOException {
        FailedDelivery failure = FailedDelivery.of(
                Dsn.mail(Dsn.MAIL),
                recipient(Dsn.USER, action, Optional.ofNullable(notify).map(Set::of)));

        assertThat(Dsn.writer(IncludeOriginal.NO).write(failure).isPresent()).isEqualTo(told);
    }

    @Test
    void onlyOfRecipientsItAskedFor() throws IOException {
        FailedDelivery failure = FailedDelivery.of(
                Dsn.mail(Dsn.MAIL),
                recipient(
                        EnvelopeAddress.parse("never@example.org"),
                        BounceReport.Action.FAILED,
                        Optional.of(Set.of(Notify.NEVER))),
                recipient(Dsn.USER, BounceReport.Action.FAILED, Optional.empty()));

        Optional<Message> report = Dsn.writer(IncludeOriginal.NO).write(failure);

        assertThat(Dsn.read(report).recipients())
                .extracting(BounceReport.Recipient::address)
                .containsExactly("user@example.org");
        assertThat(Dsn.text(report.orElseThrow())).doesNotContain("never@");
    }

    private static FailedDelivery.Recipient recipient(
            EnvelopeAddress address, BounceReport.Action action, Optional<Set<Notify>> notify) {
        int statusClass = switch (action) {
            case FAILED -> 5;
            case DELAYED -> 4;
            case DELIVERED, RELAYED, EXPANDED -> 2;
        };
        return new FailedDelivery.Recipient(
                address,
                action,
                new EnhancedStatus(statusClass, 0, 0),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                notify);
    }
}
