package dev.kumo.core.queue;

import static dev.kumo.core.queue.FakeSites.BUSY;
import static dev.kumo.core.queue.FakeSites.DELIVERED;
import static dev.kumo.core.queue.FakeSites.NOBODY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.TestMail;
import dev.kumo.core.delivery.Outcome;
import dev.kumo.core.log.LogRecord;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.Reply;
import dev.kumo.core.mail.Schedule;
import dev.kumo.core.spool.SpoolFullException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class QueueWorksTest {

    private final World world = new World();

    @Test
    void storesThenDeliversThenForgets() {
        world.start();
        Message message = world.message("a@example.org");
        assertThat(world.take(message)).isCompleted();
        assertThat(world.disk().ids()).as("stored before it is sent").containsExactly(message.id());
        assertThat(world.sites.received).isEmpty();

        world.goOn();

        assertThat(world.sites.received).containsExactly(message.id().text());
        assertThat(world.disk().ids()).isEmpty();
        assertThat(world.told()).containsExactly("Reception", "Delivery");
        assertThat(world.queues().scheduled(QueueMatch.all()))
                .singleElement()
                .satisfies(state -> assertThat(state.depth()).isZero());
    }

    @Test
    void isSafeOnlyWhenTheSpoolSaysSo() {
        world.disk().slow = true;
        world.start();
        var taken = world.take(world.message("a@example.org")).toCompletableFuture();
        world.goOn();
        assertThat(taken).isNotDone();
        assertThat(world.records).isEmpty();

        world.disk().sync();

        assertThat(taken).isCompleted();
        world.goOn();
        assertThat(world.sites.received).hasSize(1);
    }

    @Test
    void aFullSpoolTakesNothing() {
        world.start();
        world.disk().full = true;

        assertThat(world.take(world.message("a@example.org")).toCompletableFuture())
                .failsWithin(Duration.ZERO)
                .withThrowableOfType(java.util.concurrent.ExecutionException.class)
                .withCauseInstanceOf(SpoolFullException.class);
        world.goOn();
        assertThat(world.records).isEmpty();
        assertThat(world.sites.received).isEmpty();
    }

    @Test
    void anAttemptNamesItsReadyQueueItsPoolAndItsSource() {
        world.start();
        world.send("a@example.org");

        assertThat(world.told(LogRecord.Delivery.class)).singleElement().satisfies(delivery -> {
            assertThat(delivery.attempt().site()).isEqualTo("unspecified->mx.example.org@smtp_client");
            assertThat(delivery.attempt().pool()).isEqualTo("unspecified");
            assertThat(delivery.attempt().source()).isEqualTo("unspecified");
            assertThat(delivery.attempt().protocol()).isEqualTo("ESMTP");
        });
    }

    @Test
    void aDeferredMessageIsTriedAgainWhenItIsDue() {
        world.queue(queue -> queue.retryInterval(Duration.ofMinutes(5))).start();
        world.sites.answer = message -> BUSY;
        Message message = world.send("a@example.org");

        assertThat(world.told()).containsExactly("Reception", "TransientFailure");
        Schedule kept = world.disk().at(message.id()).schedule();
        assertThat(kept.attempts()).isEqualTo(1);
        assertThat(Duration.between(World.START, kept.due()))
                .isBetween(Duration.ofSeconds(300 - 8), Duration.ofSeconds(300 + 8));

        world.sites.answer = again -> DELIVERED;
        world.pass(Duration.ofMinutes(4));
        assertThat(world.sites.received).hasSize(1);
        world.pass(Duration.ofSeconds(70));
        assertThat(world.sites.received).hasSize(2);
        assertThat(world.told(LogRecord.Delivery.class))
                .singleElement()
                .satisfies(delivery -> assertThat(delivery.message().attempts()).isEqualTo(1));
        assertThat(world.disk().ids()).isEmpty();
    }

    @Test
    void aRefusedMessageBounces() {
        world.start();
        world.sites.answer = message -> NOBODY;
        world.send("a@example.org");

        assertThat(world.told()).containsExactly("Reception", "Bounce");
        assertThat(world.disk().ids()).isEmpty();
    }

    @Test
    void triesForFiveDaysAndThenExpires() {
        world.queue(queue -> queue.maxAge(Duration.ofDays(5))
                        .retryInterval(Duration.ofMinutes(20))
                        .maxRetryInterval(Duration.ofDays(1)))
                .start();
        world.sites.answer = message -> BUSY;
        Message message = world.send("a@example.org");
        world.pass(Duration.ofDays(6));

        List<Long> delays = new ArrayList<>();
        List<LogRecord.TransientFailure> failures = world.told(LogRecord.TransientFailure.class);
        for (int i = 1; i < failures.size(); i++) {
            delays.add(
                    Duration.between(failures.get(i - 1).at(), failures.get(i).at())
                            .toSeconds());
        }
        long[] expected = {1200, 2400, 4800, 9600, 19_200, 38_400, 76_800, 86_400, 86_400, 86_400};
        assertThat(delays).hasSize(expected.length);
        for (int i = 0; i < expected.length; i++) {
            assertThat(delays.get(i)).isBetween(expected[i] - 30, expected[i] + 31);
        }
        assertThat(failures)
                .extracting(failure -> failure.message().attempts())
                .containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
        assertThat(world.told().get(0)).isEqualTo("Reception");
        assertThat(world.told().subList(12, world.told().size())).containsExactly("Expiration");
        assertThat(world.told(LogRecord.Expiration.class)).singleElement().satisfies(expiration -> {
            assertThat(expiration.message().id()).isEqualTo(message.id());
            assertThat(expiration.reply().toString()).startsWith("551 5.4.7 ");
            assertThat(expiration.at()).isEqualTo(failures.get(10).at());
        });
        assertThat(world.disk().ids()).isEmpty();
    }

    @Test
    void eachRecipientHasItsOwnOutcome() {
        world.start();
        world.sites.answer = message -> new Outcome.PerRecipient(List.of(DELIVERED, NOBODY, BUSY, DELIVERED));
        Message message = world.send("a@example.org b@example.org c@example.org d@example.org");

        assertThat(world.told()).containsExactly("Reception", "Delivery", "Bounce", "TransientFailure");
        assertThat(world.records.get(1))
                .isInstanceOfSatisfying(
                        LogRecord.Delivery.class,
                        delivery -> assertThat(delivery.message().recipients())
                                .hasToString("[a@example.org, d@example.org]"));
        assertThat(world.records.get(2))
                .isInstanceOfSatisfying(
                        LogRecord.Bounce.class,
                        bounce -> assertThat(bounce.message().recipients()).hasToString("[b@example.org]"));
        assertThat(world.disk().at(message.id()).recipients()).hasToString("[c@example.org]");

        world.restart();
        world.sites.answer = again -> DELIVERED;
        world.pass(Duration.ofMinutes(21));
        assertThat(world.told().subList(4, world.told().size())).containsExactly("Delivery");
        assertThat(world.told(LogRecord.Delivery.class).get(1).message().recipients())
                .hasToString("[c@example.org]");
        assertThat(world.disk().ids()).isEmpty();
    }

    @Test
    void anotherNumberOfOutcomesThanRecipientsDefersAll() {
        world.start();
        world.sites.answer = message -> new Outcome.PerRecipient(List.of(DELIVERED));
        try (TestMail.Log log = new TestMail.Log(QueueWorks.class)) {
            Message message = world.send("a@example.org b@example.org");
            assertThat(world.told()).containsExactly("Reception", "TransientFailure");
            assertThat(world.disk().at(message.id()).recipients()).hasSize(2);
            assertThat(log.lines()).hasSize(1);
        }
    }

    @Test
    void aDeliveryThatThrowsDefers() {
        world.start();
        world.sites.answer = message -> {
            throw new IllegalStateException("bug");
        };
        try (TestMail.Log log = new TestMail.Log(QueueWorks.class)) {
            world.send("a@example.org");
            assertThat(log.causes()).containsExactly("bug");
        }

        assertThat(world.told(LogRecord.TransientFailure.class))
                .singleElement()
                .satisfies(failure -> assertThat(failure.reply()).isEqualTo(Outcomes.LOCAL_ERROR.reply()));
        assertThat(world.sites.open).isEmpty();
    }

    @Test
    void aDomainWithoutAWayHasTheOutcomeOfTheLookup() {
        world.sites.unroutable.put("example.org", new Outcome.Refused(Reply.of(556, "5.1.10", "null MX")));
        world.sites.unroutable.put("example.net", BUSY);
        world.start();
        world.send("a@example.org");
        world.send("a@example.net");

        assertThat(world.told()).containsExactly("Reception", "Bounce", "Reception", "TransientFailure");
        assertThat(world.sites.connections).isEmpty();
    }

    @Test
    void looksADomainUpOnceForManyQueues() {
        world.start();
        for (int i = 0; i < 50; i++) {
            Message message = world.message("a@example.org");
            message.meta().put("tenant", "t" + i);
            world.take(message);
        }
        world.goOn();

        assertThat(world.sites.lookups).containsExactly("example.org");
        assertThat(world.sites.received).hasSize(50);
    }

    @Test
    void aRoutingDomainReplacesTheDomain() {
        world.start();
        Message message = world.message("a@example.org");
        message.meta().put("routing_domain", "smart.example.net");
        world.take(message);
        world.goOn();

        assertThat(world.sites.lookups).containsExactly("smart.example.net");
    }

    @Test
    void theNullQueueTakesAndForgets() {
        world.start();
        Message message = world.message("a@example.org");
        message.meta().put("queue", "null");

        assertThat(world.take(message)).isCompleted();
        world.goOn();
        assertThat(world.told()).containsExactly("Reception");
        assertThat(world.disk().calls).isEmpty();
        assertThat(world.sites.received).isEmpty();
    }

    @Test
    void aMessageForLaterWaits() {
        world.start();
        Message message = world.message("a@example.org");
        message.setSchedule(new Schedule(World.START.plusSeconds(3600), 0));
        world.take(message);
        world.pass(Duration.ofMinutes(59));
        assertThat(world.sites.received).isEmpty();

        world.pass(Duration.ofMinutes(2));
        assertThat(world.sites.received).hasSize(1);
    }

    @Test
    void whatWasDueBeforeARestartIsDueAfterIt() {
        world.start();
        world.sites.answer = message -> BUSY;
        world.send("a@example.org");
        Instant due = world.disk().at(world.disk().ids().get(0)).schedule().due();
        world.now = World.START.plusSeconds(600);
        world.restart();
        assertThat(world.sites.received).hasSize(1);

        world.pass(Duration.between(world.now, due).plusSeconds(1));
        assertThat(world.sites.received).hasSize(2);
        assertThat(world.disk().at(world.disk().ids().get(0)).schedule().attempts())
                .isEqualTo(2);
    }

    @Test
    void everythingAcknowledgedIsDeliveredAfterTheProcessDied() {
        world.start();
        List<String> acknowledged = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            Message message = world.message("a@example" + i % 7 + ".org");
            assertThat(world.take(message)).isCompleted();
            acknowledged.add(message.id().text());
            if (i % 50 == 0 && !world.tasks.isEmpty()) {
                world.tasks.poll().run(); // something is on its way when it happens
            }
        }
        world.restart();
        world.pass(Duration.ofMinutes(1));

        assertThat(world.sites.received).containsAll(acknowledged);
        assertThat(world.disk().ids()).isEmpty();
    }

    @Test
    void whatBecameTooOldMeanwhileExpires() {
        world.start();
        world.sites.answer = message -> BUSY;
        world.send("a@example.org");
        world.sites.answer = message -> DELIVERED;
        world.now = World.START.plus(Duration.ofDays(8));
        world.restart();
        world.pass(Duration.ofSeconds(2));

        assertThat(world.told()).containsExactly("Reception", "TransientFailure", "Expiration");
        assertThat(world.disk().ids()).isEmpty();
    }

    @Test
    void whatWasNeverTriedIsTriedOnceHoweverOldItIs() {
        world.start();
        world.take(world.message("a@example.org"));
        world.now = World.START.plus(Duration.ofDays(8));
        world.restart();
        world.pass(Duration.ofSeconds(2));

        assertThat(world.told()).containsExactly("Reception", "Delivery");
    }

    @Test
    void aSpoolThatCannotWriteTheScheduleDoesNotStopTheQueue() {
        world.start();
        world.sites.answer = message -> {
            world.disk().full = true;
            return BUSY;
        };
        try (TestMail.Log log = new TestMail.Log(QueueWorks.class)) {
            world.send("a@example.org");
            assertThat(log.lines()).singleElement().asString().contains("cannot write what has changed");
        }
        world.disk().full = false;
        world.sites.answer = message -> DELIVERED;
        world.pass(Duration.ofMinutes(21));

        assertThat(world.told()).containsExactly("Reception", "TransientFailure", "Delivery");
    }

    @Test
    void aMessageThatCannotBeReadIsTriedAgain() {
        world.maxMessageMemory(0).start();
        Message message = world.message("a@example.org");
        world.take(message);
        world.disk().broken = true;
        try (TestMail.Log log = new TestMail.Log(QueueWorks.class)) {
            world.goOn();
            assertThat(log.causes()).containsExactly("bad sector 7");
        }
        world.disk().broken = false;
        world.pass(Duration.ofMinutes(21));

        assertThat(world.sites.received).containsExactly(message.id().text());
    }

    @Test
    void emptyQueuesAreForgotten() {
        world.start();
        world.send("a@example.org");
        world.pass(Duration.ofMinutes(12));

        assertThat(world.queues().scheduled(QueueMatch.all())).isEmpty();
        assertThat(world.queues().ready()).isEmpty();
    }
}
