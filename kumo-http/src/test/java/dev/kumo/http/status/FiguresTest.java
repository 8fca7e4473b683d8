package dev.kumo.http.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.log.Attempt;
import dev.kumo.core.log.LogRecord;
import dev.kumo.core.log.MessageFacts;
import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.MessageId;
import dev.kumo.core.mail.QueueName;
import dev.kumo.core.mail.Reply;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is kept of the records that were heard. */
class FiguresTest {

    private static final Instant NOW = Instant.parse("2026-11-22T10:15:30Z");

    private final Throughput throughput = new Throughput();
    private final Journeys journeys = new Journeys();

    private static MessageFacts message(int number, String sender) {
        return new MessageFacts(
                MessageId.next(NOW, new Random(number)),
                EnvelopeAddress.parse(sender),
                List.of(EnvelopeAddress.parse("b@c.example")),
                QueueName.parse("c.example"),
                100,
                0,
                Map.of(),
                List.of());
    }

    private static LogRecord reception(Instant at, int number) {
        return new LogRecord.Reception(at, message(number, "a@b.example"));
    }

    private static LogRecord failure(Instant at, int number) {
        return new LogRecord.TransientFailure(
                at, message(number, "a@b.example"), Reply.of(451, "4.4.1", "not now"), Attempt.NONE);
    }

    @SuppressWarnings("unchecked")
    private List<Object> received(Instant at) {
        return (List<Object>)
                Objects.requireNonNull(throughput.json(at.getEpochSecond()).get("received"));
    }

    @Test
    void theSecondThatStillRunsIsNotShown() {
        throughput.count(reception(NOW, 1));

        assertThat(received(NOW)).hasSize(119).containsOnly(0);
        assertThat(received(NOW.plusSeconds(1))).last().isEqualTo(1);
    }

    @Test
    void whatWasLongAgoIsOnlyInTheTotal() {
        throughput.count(reception(NOW, 1));
        throughput.count(reception(NOW, 2));

        assertThat(received(NOW.plusSeconds(119))).first().isEqualTo(2);
        assertThat(received(NOW.plusSeconds(120))).containsOnly(0);
        assertThat(received(NOW.plusSeconds(1_000_000))).containsOnly(0);
        assertThat(throughput.json(NOW.getEpochSecond()).get("totals"))
                .asString()
                .contains("received=2");
    }

    @Test
    void aRecordThatComesLateCountsForItsSecond() {
        throughput.count(reception(NOW.plusSeconds(5), 1));
        throughput.count(reception(NOW, 2));
        throughput.count(reception(NOW.minusSeconds(1000), 3));

        List<Object> received = received(NOW.plusSeconds(6));
        assertThat(received.subList(113, 119)).isEqualTo(List.of(1, 0, 0, 0, 0, 1));
        assertThat(Collections.frequency(received, 0)).isEqualTo(117);
    }

    @Test
    void theLastMessagesAreKeptAndTheOneLastHeardOfIsFirst() {
        for (int i = 0; i < 100; i++) {
            journeys.hear(reception(NOW, i));
        }
        journeys.hear(failure(NOW.plusSeconds(1), 80));

        assertThat(journeys.json()).hasSize(30);
        assertThat(journeys.json().get(0))
                .asString()
                .contains("type=Reception", "type=TransientFailure", "451 4.4.1 not now");
    }

    @Test
    void aLongLifeKeepsItsBeginningAndItsEnd() {
        journeys.hear(reception(NOW, 1));
        for (int i = 1; i <= 50; i++) {
            journeys.hear(failure(NOW.plusSeconds(i), 1));
        }

        Map<?, ?> journey = (Map<?, ?>) journeys.json().get(0);
        List<?> life = (List<?>) journey.get("life");
        assertThat(life).hasSize(8);
        assertThat(life.get(0)).asString().contains("Reception");
        assertThat(life.get(7)).asString().contains(NOW.plusSeconds(50).toString());
        assertThat(journey.get("left_out")).isEqualTo(43);
    }
}
