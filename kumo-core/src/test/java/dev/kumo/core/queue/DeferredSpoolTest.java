package dev.kumo.core.queue;

import static dev.kumo.core.queue.FakeSites.BUSY;
import static dev.kumo.core.queue.FakeSites.DELIVERED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.TestMail;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.Schedule;
import dev.kumo.core.spool.Spool;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The option {@code deferred_spool}: what is written, and when. */
class DeferredSpoolTest {

    private final World world = new World();

    @Test
    void nothingIsWrittenOfWhatIsDeliveredAtOnce() {
        world.start();
        world.giveDeferred("a@example.org");
        world.goOn();

        assertThat(world.told()).containsExactly("Reception", "Delivery");
        assertThat(world.disk().calls).isEmpty();
    }

    @Test
    void theProcessMayDieWithIt() {
        world.start();
        world.giveDeferred("a@example.org");
        world.restart();
        world.pass(Duration.ofMinutes(5));

        assertThat(world.sites.received).isEmpty();
    }

    @Test
    void theFirstFailureWritesIt() {
        world.start();
        world.sites.answer = message -> BUSY;
        Message message = world.giveDeferred("a@example.org");
        world.goOn();

        assertThat(world.disk().calls).containsExactly("store 1");
        assertThat(world.disk().at(message.id()).schedule().attempts()).isEqualTo(1);

        world.sites.answer = again -> DELIVERED;
        world.restart();
        world.pass(Duration.ofMinutes(21));
        assertThat(world.told()).containsExactly("Reception", "TransientFailure", "Delivery");
        assertThat(world.disk().ids()).isEmpty();
    }

    @Test
    void aSuspensionWritesIt() {
        world.start();
        world.queues().suspend(QueueMatch.all(), "later", Duration.ofHours(1));
        Message message = world.giveDeferred("a@example.org");
        assertThat(world.disk().ids()).isEmpty();
        world.goOn();

        assertThat(world.disk().ids()).containsExactly(message.id());
    }

    @Test
    void theRateOfItsQueueWritesIt() {
        world.queue(queue -> queue.maxMessageRate("1/min")).start();
        world.giveDeferred("a@example.org");
        Message second = world.giveDeferred("a@example.org");
        world.goOn();

        assertThat(world.sites.received).hasSize(1);
        assertThat(world.disk().ids()).containsExactly(second.id());
        Message third = world.giveDeferred("a@example.org");
        world.goOn();
        assertThat(world.disk().ids()).containsExactly(second.id(), third.id());

        world.pass(Duration.ofMinutes(3));
        assertThat(world.sites.received).hasSize(3);
        assertThat(world.disk().ids()).isEmpty();
    }

    @Test
    void theRateOfItsPathWritesIt() {
        world.egressPath(path -> path.maxMessageRate("1/min")).start();
        world.giveDeferred("a@example.org");
        Message second = world.giveDeferred("a@example.org");
        world.goOn();

        assertThat(world.sites.received).hasSize(1);
        assertThat(world.disk().ids()).containsExactly(second.id());
        world.pass(Duration.ofMinutes(2));
        assertThat(world.sites.received).hasSize(2);
    }

    @Test
    void aFullReadyQueueWritesIt() {
        world.egressPath(path -> path.maxReady(1).connectionLimit(1)).start();
        world.sites.meanwhile = () -> {
            if (world.sites.received.isEmpty()) {
                for (int i = 0; i < 3; i++) {
                    world.giveDeferred("a@example.org");
                }
                drainOnce();
            }
        };
        world.giveDeferred("a@example.org");
        world.goOn();

        assertThat(world.sites.received).hasSize(4);
        assertThat(world.disk().calls).contains("store 1");
        assertThat(world.disk().ids()).isEmpty();
    }

    /** Runs what is waiting to be run, from within a delivery. */
    private void drainOnce() {
        for (Runnable task = world.tasks.poll(); task != null; task = world.tasks.poll()) {
            task.run();
        }
    }

    @Test
    void aTimeInTheFutureWritesItBeforeItIsTaken() {
        world.start();
        Message message = world.message("a@example.org");
        message.setDeferredSpool(true);
        message.setSchedule(new Schedule(World.START.plusSeconds(3600), 0));
        world.take(message);

        assertThat(world.disk().ids()).containsExactly(message.id());
    }

    @Test
    void withoutMemoryItIsWrittenBeforeItIsTaken() {
        world.maxMessageMemory(0).start();
        Message message = world.giveDeferred("a@example.org");

        assertThat(world.disk().ids()).containsExactly(message.id());
    }

    @Test
    void itsMemoryIsFreedWhenItLeaves() {
        world.maxMessageMemory(3000).start();
        for (int i = 0; i < 10; i++) {
            world.giveDeferred("a@example.org");
            world.goOn();
        }

        assertThat(world.disk().calls).isEmpty();
    }

    @Test
    void closingWritesIt() {
        world.start();
        Message message = world.giveDeferred("a@example.org");

        world.tasks.clear();
        world.works().close(Duration.ZERO);
        assertThat(world.disk().ids()).containsExactly(message.id());
    }

    @Test
    void ifItCannotBeWrittenItIsTriedAllTheSame() {
        world.start();
        world.sites.answer = message -> BUSY;
        world.disk().full = true;
        try (TestMail.Log log = new TestMail.Log(QueueWorks.class)) {
            world.giveDeferred("a@example.org");
            world.goOn();
            assertThat(log.lines()).singleElement().asString().contains("it stays in memory");
        }
        world.sites.answer = message -> DELIVERED;
        world.pass(Duration.ofMinutes(21));

        assertThat(world.told()).containsExactly("Reception", "TransientFailure", "Delivery");
    }

    @Test
    void aTransactionIsTakenAsAWholeOrNotAtAll() {
        world.start();
        world.disk().full = true;
        Message deferred = world.message("a@example.org");
        deferred.setDeferredSpool(true);

        assertThat(world.take(deferred, world.message("b@example.net")).toCompletableFuture())
                .isCompletedExceptionally();
        world.goOn();
        assertThat(world.sites.received).isEmpty();
        assertThat(world.records).isEmpty();
    }

    @Test
    void aSpoolInMemoryKeepsItLikeAnyOther() {
        world.spool = Spool.inMemory();
        world.start();
        Message message = world.giveDeferred("a@example.org");

        assertThat(world.spool)
                .satisfies(spool -> assertThat(spool.load(message.id())).isPresent());
    }
}
