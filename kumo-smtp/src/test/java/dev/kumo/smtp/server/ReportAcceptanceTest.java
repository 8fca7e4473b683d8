package dev.kumo.smtp.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.log.LogRecord;
import dev.kumo.core.log.MtaObserver;
import dev.kumo.core.log.Selection;
import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.Headers;
import dev.kumo.core.mail.Reply;
import dev.kumo.core.options.OptionTable;
import dev.kumo.core.policy.DomainOptions;
import dev.kumo.core.policy.ReportDisposition;
import dev.kumo.core.policy.Verdict;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of bounces and complaints that arrive as mail. */
class ReportAcceptanceTest {

    private static final String MAIL = "Subject: hello\r\n\r\nbody\r\n.\r\n";
    private static final String OOB = ReportContent.OOB;
    private static final String ARF = ReportContent.ARF;
    private static final String LOGGED = "250 2.6.0 report logged";
    private static final String TAKEN = "250 2.0.0 OK";
    private static final String REFUSED = "550 5.7.1 relaying denied";

    private final Inbox inbox = new Inbox();

    static Stream<Arguments> fates() {
        return Stream.of(
                row(Map.of("log_oob", true), OOB, LOGGED, 0, "Reception", "OOB", "OOB"),
                row(Map.of("log_oob", true), ARF, REFUSED, 0, "Rejection"),
                row(Map.of("log_oob", true), MAIL, REFUSED, 0, "Rejection"),
                row(Map.of("log_oob", true), ReportContent.DELAY, LOGGED, 0, "Reception"),
                row(Map.of("log_oob", true), ReportContent.MALFORMED_OOB, REFUSED, 0, "Rejection"),
                row(Map.of("log_oob", true), ReportContent.BOTH, LOGGED, 0, "Reception", "OOB"),
                row(Map.of("log_arf", true), ARF, LOGGED, 0, "Feedback"),
                row(Map.of("log_arf", true), OOB, REFUSED, 0, "Rejection"),
                row(Map.of("log_arf", true), MAIL, REFUSED, 0, "Rejection"),
                row(Map.of("log_arf", true), ReportContent.MALFORMED_ARF, REFUSED, 0, "Rejection"),
                row(Map.of("log_arf", true, "log_oob", true), ReportContent.BOTH, LOGGED, 0, "Feedback"),
                row(Map.of("log_arf", true, "log_oob", true), OOB, LOGGED, 0, "Reception", "OOB", "OOB"),
                row(Map.of("relay_to", true), OOB, TAKEN, 1),
                row(Map.of("relay_to", true, "log_oob", true), OOB, TAKEN, 1, "OOB", "OOB"),
                row(Map.of("relay_to", true, "log_oob", true), ReportContent.MALFORMED_OOB, TAKEN, 1),
                row(Map.of("relay_to", true, "log_oob", true), MAIL, TAKEN, 1),
                row(Map.of("relay_to", true, "log_arf", true), ARF, TAKEN, 1, "Feedback"),
                row(Map.of("relay_to", true, "log_arf", true), ReportContent.MALFORMED_ARF, TAKEN, 1),
                row(Map.of("log_oob", "LogThenRelay"), OOB, TAKEN, 1, "OOB", "OOB"),
                row(Map.of("log_oob", "LogThenRelay"), MAIL, REFUSED, 0, "Rejection"),
                row(Map.of("log_arf", "LogThenRelay"), ARF, TAKEN, 1, "Feedback"),
                row(Map.of("relay_to", true, "log_oob", "LogThenDrop"), OOB, LOGGED, 0, "Reception", "OOB", "OOB"),
                row(Map.of("relay_to", true, "log_oob", "LogThenDrop"), ReportContent.DELAY, LOGGED, 0, "Reception"),
                row(Map.of("relay_to", true, "log_oob", "LogThenDrop"), MAIL, TAKEN, 1),
                row(Map.of("relay_to", true, "log_arf", "LogThenDrop"), ARF, LOGGED, 0, "Feedback"),
                row(Map.of("relay_to", true, "log_arf", "Ignore"), ARF, TAKEN, 1));
    }

    @ParameterizedTest
    @MethodSource("fates")
    void isAsItsDomainSays(Map<String, ?> entry, String content, String reply, int received, List<String> records) {
        Talk talk = new Talk(
                inbox,
                options -> options.domain("reports.example", domain -> OptionTable.apply("domain", entry, domain)));
        talk.begin("r@reports.example");

        assertThat(talk.send(content)).isEqualTo(reply);
        assertThat(inbox.messages).hasSize(received);
        assertThat(records()).isEqualTo(records);
        assertThat(talk.context.budget().used()).isZero();
    }

    @Test
    void recordsTellOfTheReportItself() {
        begin(domain -> domain.logOob(true), "r@reports.example").send(OOB);

        LogRecord.Oob record = (LogRecord.Oob) inbox.records.get(1);
        assertThat(record.at()).isEqualTo(Wire.NOW);
        assertThat(record.message().recipients()).hasToString("[r@reports.example]");
        assertThat(record.message().sender()).hasToString("a@client.example");
        assertThat(record.message()).isEqualTo(((LogRecord.Reception) inbox.records.get(0)).message());
        assertThat(record.recipient().address()).isEqualTo("joe@example.org");
        assertThat(record.report().reportingMta()).hasToString("dns; mx.far.example");
    }

    @Test
    void ofAComplaintThatIsRelayedTheReceptionTellsNothing() {
        begin(domain -> domain.logArf(ReportDisposition.LOG_THEN_RELAY), "r@reports.example")
                .send(ARF);
        begin(domain -> domain.logOob(ReportDisposition.LOG_THEN_RELAY), "r@reports.example")
                .send(OOB);

        assertThat(inbox.messages.get(0).isReceptionLogged()).isTrue();
        assertThat(inbox.messages.get(1).isReceptionLogged()).isFalse();
        LogRecord.Feedback record = (LogRecord.Feedback) inbox.records.get(0);
        assertThat(record.report().originalRcptTo()).containsExactly("joe@example.org");
    }

    @Test
    void aReportOfAThousandsFailuresMakesAThousandRecords() {
        begin(domain -> domain.logOob(true), "r@reports.example").send(ReportContent.bounceOf(1_500));

        assertThat(inbox.records).hasSize(1 + 1_000);
    }

    @Test
    void aReportToManyMakesNoMoreRecordsThanOneToOne() {
        String[] recipients = IntStream.range(0, 20)
                .mapToObj(number -> "r" + number + "@reports.example")
                .toArray(String[]::new);

        begin(domain -> domain.logOob(true), recipients).send(ReportContent.bounceOf(1_500));
        assertThat(inbox.records.stream().filter(LogRecord.Oob.class::isInstance))
                .hasSize(1_000);

        begin(domain -> domain.logArf(true), recipients).send(ARF);
        assertThat(inbox.records.stream().filter(LogRecord.Feedback.class::isInstance))
                .hasSize(10);
    }

    @Test
    void headersThatAnObserverWantsAreInTheRecords() {
        inbox.observer = new MtaObserver() {
            @Override
            public void record(LogRecord record) {
                inbox.records.add(record);
            }

            @Override
            public Selection wantedHeaders() {
                return Selection.ofHeaders(List.of("Subject"));
            }
        };
        begin(domain -> domain.logArf(true), "r@reports.example").send(ARF);

        assertThat(((LogRecord.Feedback) inbox.records.get(0)).message().headers())
                .containsExactly(new Headers.Field("Subject", "report"));
    }

    @Test
    void ofAReportToSeveralEachIsTreatedByItsOwnDomain() {
        assertThat(begin(domain -> domain.logOob(true), "r@reports.example", "b@here.example")
                        .send(OOB))
                .isEqualTo(TAKEN);

        assertThat(inbox.recipients()).containsExactly("[b@here.example]");
        assertThat(records()).containsExactly("Reception", "OOB", "OOB");
    }

    @Test
    void ifOneOfThemIsRefusedNothingIsReceivedOrLogged() {
        assertThat(begin(domain -> domain.logOob(true), "b@here.example", "r@reports.example")
                        .send(MAIL))
                .isEqualTo(REFUSED);

        assertThat(inbox.messages).isEmpty();
        assertThat(records()).containsExactly("Rejection");
    }

    @Test
    void ifTheReceptionRefusesNothingIsLogged() {
        inbox.answer = messages -> CompletableFuture.completedFuture(Reply.of(452, "4.3.1", "no room"));

        assertThat(begin(domain -> domain.logOob(true), "r@reports.example", "b@here.example")
                        .send(OOB))
                .isEqualTo("452 4.3.1 no room");

        assertThat(records()).containsExactly("Rejection");
    }

    @Test
    void aMessageForSeveralGoesOnToThoseWhoAreToHaveIt() {
        Policy joining = Policy.onData((peer, message) -> Verdict.proceed());
        Policy adding = Policy.onMessageReceived((peer, message) -> {
            message.setRecipients(
                    List.of(EnvelopeAddress.parse("r@reports.example"), EnvelopeAddress.parse("b@here.example")));
            return Verdict.proceed();
        });
        Talk talk = new Talk(
                inbox,
                options -> options.domain("reports.example", domain -> domain.logOob(ReportDisposition.LOG)),
                joining,
                adding);

        assertThat(talk.begin("b@here.example").send(OOB)).isEqualTo(TAKEN);

        assertThat(inbox.recipients()).containsExactly("[b@here.example]");
        assertThat(records()).containsExactly("OOB", "OOB");
    }

    private Talk begin(Consumer<DomainOptions.Builder> entry, String... recipients) {
        return new Talk(inbox, options -> options.domain("reports.example", entry)).begin(recipients);
    }

    private List<String> records() {
        return inbox.records.stream().map(LogRecord::type).toList();
    }

    private static Arguments row(Map<String, ?> entry, String content, String reply, int received, String... records) {
        return Arguments.of(entry, content, reply, received, List.of(records));
    }
}
