package dev.kumo.smtp.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.Mta;
import dev.kumo.core.delivery.Delivery;
import dev.kumo.core.log.LogRecord;
import dev.kumo.core.log.MtaObserver;
import dev.kumo.core.options.OptionTable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a whole MTA says, delivers and logs of reports, over a socket. */
class ReportListenerTest {

    private static final String MAIL = "Subject: hello\r\n\r\nbody\r\n.\r\n";
    private static final String LOGGED = "250 2.6.0 report logged";
    private static final String TAKEN = "250 2.6.0 accepted, id";
    private static final String REFUSED = "550 5.7.1 relaying denied";

    static Stream<Arguments> rows() {
        return Stream.of(
                row(Map.of("relay_to", true), ReportContent.OOB, TAKEN, "Reception", "Delivery"),
                row(Map.of("log_oob", true, "log_arf", true), MAIL, REFUSED, "Rejection"),
                row(Map.of("log_arf", true), ReportContent.ARF, LOGGED, "Feedback"),
                row(Map.of("relay_to", true, "log_arf", "LogThenDrop"), ReportContent.ARF, LOGGED, "Feedback"),
                row(Map.of("relay_to", true, "log_arf", true), ReportContent.ARF, TAKEN, "Feedback", "Delivery"),
                row(Map.of("log_arf", "LogThenRelay"), ReportContent.ARF, TAKEN, "Feedback", "Delivery"),
                row(Map.of("log_oob", true), ReportContent.OOB, LOGGED, "Reception", "OOB", "OOB"),
                row(
                        Map.of("relay_to", true, "log_oob", "LogThenDrop"),
                        ReportContent.OOB,
                        LOGGED,
                        "Reception",
                        "OOB",
                        "OOB"),
                row(
                        Map.of("relay_to", true, "log_oob", true),
                        ReportContent.OOB,
                        TAKEN,
                        "Reception",
                        "Delivery",
                        "OOB",
                        "OOB"),
                row(
                        Map.of("log_oob", "LogThenRelay"),
                        ReportContent.OOB,
                        TAKEN,
                        "Reception",
                        "Delivery",
                        "OOB",
                        "OOB"));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void isAsItsDomainSays(Map<String, ?> entry, String content, String reply, List<String> types) throws Exception {
        List<LogRecord> records = new CopyOnWriteArrayList<>();
        EsmtpListener listener = EsmtpListener.builder()
                .listen("127.0.0.1:0")
                .hostname("mx.example")
                .relayHosts()
                .domain("reports.example", domain -> OptionTable.apply("domain", entry, domain))
                .build();
        try (Mta mta = Mta.builder()
                .listener(listener)
                .delivery(Delivery.discard())
                .observer(MtaObserver.of(records::add))
                .build()) {
            mta.start();
            try (Client client = Client.greetedBy(listener)) {
                client.ask("EHLO client.example");
                client.ask("MAIL FROM:<>");
                client.ask("RCPT TO:<r@reports.example>");
                client.ask("DATA");
                assertThat(client.send(content).answer()).startsWith(reply);
            }
        }

        assertThat(records).extracting(LogRecord::type).containsExactlyInAnyOrderElementsOf(types);
    }

    private static Arguments row(Map<String, ?> entry, String content, String reply, String... types) {
        return Arguments.of(entry, content, reply, List.of(types));
    }
}
