package dev.kumo.core.log.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.TestMail;
import dev.kumo.core.log.Attempt;
import dev.kumo.core.log.Link;
import dev.kumo.core.log.LogRecord;
import dev.kumo.core.log.MessageFacts;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.Reply;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MicrometerObserverTest {

    private static final InetSocketAddress CLIENT = InetSocketAddress.createUnresolved("192.0.2.1", 4025);

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final MicrometerObserver observer = new MicrometerObserver(registry);
    private final MessageFacts facts = MessageFacts.of(TestMail.message(0));

    private double count(String name, String service) {
        return registry.get(name).tag("service", service).counter().count();
    }

    @Test
    void countsConnections() {
        Link one = new Link(CLIENT, CLIENT, TestMail.NOW);
        observer.connected(one);
        observer.connected(one);
        observer.disconnected(one, TestMail.NOW);

        assertThat(registry.get("connection_count")
                        .tag("service", "esmtp_listener")
                        .gauge()
                        .value())
                .isEqualTo(1);
        assertThat(count("total_connection_count", "esmtp_listener")).isEqualTo(2);
    }

    @Test
    void countsWhatComesIn() {
        Message injected = TestMail.message(1);
        injected.meta().put("reception_protocol", "HTTP");
        observer.record(new LogRecord.Reception(TestMail.NOW, facts));
        observer.record(new LogRecord.Reception(TestMail.NOW, MessageFacts.of(injected)));
        observer.record(new LogRecord.Rejection(
                TestMail.NOW,
                CLIENT,
                "",
                Optional.empty(),
                Optional.empty(),
                "",
                Reply.plain(554, "no"),
                "",
                Map.of()));

        assertThat(count("total_messages_received", "esmtp_listener")).isEqualTo(1);
        assertThat(count("total_messages_received", "http_listener")).isEqualTo(1);
        assertThat(count("smtp_server_rejections", "esmtp_listener")).isEqualTo(1);
        assertThat(registry.get("log_records_total")
                        .tag("type", "Reception")
                        .counter()
                        .count())
                .isEqualTo(2);
    }

    @Test
    void countsWhatGoesOutByProtocol() {
        Attempt smtp = Attempt.by("ESMTP");
        observer.record(new LogRecord.Delivery(facts.id().created().plusSeconds(3), facts, Reply.OK, smtp));
        observer.record(new LogRecord.TransientFailure(TestMail.NOW, facts, Reply.of(450, "4.2.0", "later"), smtp));
        observer.record(new LogRecord.Bounce(TestMail.NOW, facts, Reply.of(550, "5.1.1", "no"), Attempt.by("Maildir")));

        assertThat(count("total_messages_delivered", "smtp_client")).isEqualTo(1);
        assertThat(count("total_messages_transfail", "smtp_client")).isEqualTo(1);
        assertThat(count("total_messages_fail", "maildir")).isEqualTo(1);
        assertThat(registry.get("deliver_message_latency_rollup")
                        .tag("service", "smtp_client")
                        .timer()
                        .totalTime(TimeUnit.SECONDS))
                .isEqualTo(3);
    }

    @Test
    void aChoreThatFailsIsNoMessageThatFailed() {
        Message chore = TestMail.message(1);
        chore.meta().put(Message.CHORE, "work.kumomta.internal");
        for (MessageFacts each : List.of(MessageFacts.of(chore), facts)) {
            observer.record(
                    new LogRecord.Bounce(TestMail.NOW, each, Reply.of(550, "5.1.1", "no"), Attempt.by("Maildir")));
        }

        assertThat(count("total_messages_fail", "maildir")).isEqualTo(1);
    }

    @Test
    void manyProtocolsMakeNoEndOfMetrics() {
        for (int i = 0; i < 1000; i++) {
            observer.record(new LogRecord.Delivery(TestMail.NOW, facts, Reply.OK, Attempt.by("p" + i)));
        }

        assertThat(registry.find("total_messages_delivered").counters()).hasSize(51);
        assertThat(count("total_messages_delivered", "custom")).isEqualTo(950);
    }
}
