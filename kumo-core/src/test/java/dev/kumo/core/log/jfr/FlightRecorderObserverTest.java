package dev.kumo.core.log.jfr;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.TestMail;
import dev.kumo.core.log.Attempt;
import dev.kumo.core.log.Link;
import dev.kumo.core.log.LogRecord;
import dev.kumo.core.log.MessageFacts;
import dev.kumo.core.mail.Reply;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlightRecorderObserverTest {

    @TempDir
    Path folder;

    private final FlightRecorderObserver observer = new FlightRecorderObserver();
    private final MessageFacts facts = MessageFacts.of(TestMail.message(0));
    private final InetSocketAddress client = new InetSocketAddress(InetAddress.getLoopbackAddress(), 25);

    private void tell() {
        observer.disconnected(new Link(client, client, TestMail.NOW), TestMail.NOW.plusSeconds(2));
        observer.record(new LogRecord.Reception(TestMail.NOW, facts));
        observer.record(new LogRecord.TransientFailure(
                facts.id().created().plusSeconds(3),
                facts,
                Reply.of(450, "4.2.0", "later"),
                Attempt.by("ESMTP").from("a->b", "pool", "a")));
    }

    @Test
    void tellsSessionsReceptionsAndDeliveries() throws Exception {
        Path file = folder.resolve("test.jfr");
        try (Recording recording = new Recording()) {
            for (String event : List.of("Session", "Reception", "Delivery")) {
                recording.enable("dev.kumo." + event);
            }
            recording.start();
            tell();
            recording.stop();
            recording.dump(file);
        }
        tell();

        List<RecordedEvent> events = RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().startsWith("dev.kumo."))
                .toList();
        assertThat(events)
                .extracting(event -> event.getEventType().getName())
                .containsExactlyInAnyOrder("dev.kumo.Session", "dev.kumo.Reception", "dev.kumo.Delivery");
        for (RecordedEvent event : events) {
            switch (event.getEventType().getName()) {
                case "dev.kumo.Session" -> {
                    assertThat(event.getString("client")).isEqualTo("127.0.0.1");
                    assertThat(event.getDuration("lasted")).isEqualTo(Duration.ofSeconds(2));
                }
                case "dev.kumo.Reception" -> {
                    assertThat(event.getString("message")).isEqualTo(facts.id().text());
                    assertThat(event.getLong("size")).isEqualTo(TestMail.TEXT.length());
                }
                default -> {
                    assertThat(event.getString("result")).isEqualTo("TransientFailure");
                    assertThat(event.getString("site")).isEqualTo("a->b");
                    assertThat(event.getInt("code")).isEqualTo(450);
                    assertThat(event.getDuration("age")).isEqualTo(Duration.ofSeconds(3));
                }
            }
        }
    }
}
