package dev.kumo.core.queue;

import static dev.kumo.core.queue.FakeSites.BUSY;
import static dev.kumo.core.queue.FakeSites.DELIVERED;
import static dev.kumo.core.queue.FakeSites.NOBODY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.TestMail;
import dev.kumo.core.delivery.Outcome;
import dev.kumo.core.log.LogRecord;
import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.Message;
import dev.kumo.core.report.DsnWriter;
import dev.kumo.core.report.MtaName;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Reports to senders of what could not be delivered. */
class BouncesTest {

    private final World world = new World();
    private final List<String> reports = new ArrayList<>();

    private World reporting() {
        world.bounces(new DsnWriter(
                MtaName.dns("mx.example.com"),
                DsnWriter.IncludeOriginal.HEADERS_ONLY,
                () -> world.now,
                new SplittableRandom(3)));
        world.sites.answer = message -> {
            if (message.sender().isNullSender()) {
                reports.add(text(message));
                return DELIVERED;
            }
            return NOBODY;
        };
        return world.start();
    }

    private static String text(Message message) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            message.writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void theSenderOfARefusedMessageIsTold() {
        reporting();
        world.send("a@example.org");

        assertThat(world.told()).containsExactly("Reception", "Reception", "Bounce", "Delivery");
        assertThat(reports)
                .singleElement()
                .asString()
                .contains("To: <sender@example.com>")
                .contains("Final-Recipient: rfc822; a@example.org")
                .contains("5.1.1");
        assertThat(world.disk().ids()).isEmpty();
    }

    @Test
    void onlyTheRecipientsThatFailedAreInTheReport() {
        reporting();
        world.sites.answer = message -> {
            if (message.sender().isNullSender()) {
                reports.add(text(message));
                return DELIVERED;
            }
            return new Outcome.PerRecipient(List.of(DELIVERED, NOBODY));
        };
        world.send("a@example.org b@example.org");

        assertThat(reports)
                .singleElement()
                .asString()
                .contains("rfc822; b@example.org")
                .doesNotContain("rfc822; a@example.org");
    }

    @Test
    void theSenderOfAnExpiredMessageIsTold() {
        reporting();
        world.queue(queue -> queue.maxAge(Duration.ofMinutes(1)));
        world.start();
        world.sites.answer = message -> {
            if (message.sender().isNullSender()) {
                reports.add(text(message));
                return DELIVERED;
            }
            return BUSY;
        };
        world.send("a@example.org");

        assertThat(world.told())
                .containsExactly("Reception", "TransientFailure", "Reception", "Expiration", "Delivery");
        assertThat(reports).singleElement().asString().contains("5.4.7");
    }

    @Test
    void nobodyIsToldOfAReport() {
        reporting();
        Message message = world.message("a@example.org");
        message.setSender(EnvelopeAddress.NULL_SENDER);
        world.sites.answer = any -> NOBODY;
        world.take(message);
        world.goOn();

        assertThat(world.told()).containsExactly("Reception", "Bounce");
    }

    @Test
    void aMessageIsKeptUntilItsReportIsSafe() {
        reporting();
        Message message = world.message("a@example.org");
        world.take(message);
        world.disk().full = true;
        try (TestMail.Log log = new TestMail.Log(QueueWorks.class)) {
            world.goOn();
            assertThat(log.lines().get(0)).contains("it is kept until that can be done");
        }
        assertThat(world.told()).containsExactly("Reception", "TransientFailure");
        assertThat(world.disk().ids()).containsExactly(message.id());

        world.disk().full = false;
        world.pass(Duration.ofMinutes(21));
        assertThat(world.told(LogRecord.Bounce.class)).hasSize(1);
        assertThat(reports).hasSize(1);
        assertThat(world.disk().ids()).isEmpty();
    }
}
