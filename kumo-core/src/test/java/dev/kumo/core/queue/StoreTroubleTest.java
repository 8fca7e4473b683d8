package dev.kumo.core.queue;

import static dev.kumo.core.queue.FakeSites.BUSY;
import static dev.kumo.core.queue.FakeSites.DELIVERED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.TestMail;
import dev.kumo.core.delivery.Outcome;
import dev.kumo.core.log.MtaObserver;
import dev.kumo.core.mail.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A spool that fails, and what must not happen then. */
class StoreTroubleTest {

    private final World world = new World();
    private final TestMail.Log log = new TestMail.Log(QueueWorks.class);
    private final List<String> given = new ArrayList<>();

    @AfterEach
    void closeLog() {
        log.close();
    }

    private Outcome note(Message message, Outcome outcome) {
        given.add(message.recipients().toString());
        return outcome;
    }

    @Test
    void aDamagedMessageLeavesTheQueueAndStaysInTheSpool() {
        world.start();
        world.sites.answer = message -> BUSY;
        Message message = world.send("a@example.org");
        world.disk().damaged = true;
        world.pass(Duration.ofDays(1));

        assertThat(world.sites.received).hasSize(1);
        assertThat(log.lines())
                .containsExactly("message " + message.id()
                        + " leaves the queue example.org: bits have turned in sector 7. It stays in the spool");
        assertThat(world.queues().scheduled(QueueMatch.all())).allMatch(state -> state.waiting() + state.due() == 0);
        assertThat(world.disk().ids()).containsExactly(message.id());
    }

    @Test
    void nobodyIsGivenAMessageUntilItIsWrittenWhoHasItAlready() {
        world.start();
        world.sites.answer = message -> {
            world.disk().broken = true;
            return note(message, new Outcome.PerRecipient(List.of(DELIVERED, BUSY)));
        };
        Message message = world.send("a@example.org b@example.org");
        world.sites.answer = each -> note(each, DELIVERED);
        world.pass(Duration.ofHours(2));

        assertThat(given).containsExactly("[a@example.org, b@example.org]");
        assertThat(world.disk().at(message.id()).recipients()).hasSize(2);
        world.disk().broken = false;
        world.pass(Duration.ofHours(1));
        assertThat(given).containsExactly("[a@example.org, b@example.org]", "[b@example.org]");
        assertThat(world.disk().calls).endsWith("update", "remove");
        assertThat(world.disk().ids()).isEmpty();
    }

    @Test
    void whoHasAMessageAlreadyIsWrittenAtTheEndIfItCouldNotBeBefore() {
        world.start();
        world.sites.answer = message -> {
            world.disk().broken = true;
            return new Outcome.PerRecipient(List.of(DELIVERED, BUSY));
        };
        Message message = world.send("a@example.org b@example.org");
        world.disk().broken = false;
        world.works().close(Duration.ofSeconds(1));

        assertThat(world.disk().at(message.id()).recipients()).hasToString("[b@example.org]");
    }

    @Test
    void aScheduleThatCannotBeWrittenHoldsUpNobody() {
        world.start();
        world.sites.answer = message -> {
            world.disk().broken = true;
            return note(message, BUSY);
        };
        world.send("a@example.org b@example.org");
        world.sites.answer = each -> note(each, DELIVERED);
        world.pass(Duration.ofMinutes(30));

        assertThat(given).hasSize(2);
    }

    @Test
    void whatFindsNoRoomInLineTakesNoneInMemory() {
        Shelf shelf = new Shelf(1 << 20);
        Guard guard = new Guard();
        Lines lines = new Lines(0, () -> {});
        Scheduling scheduling = new Scheduling(lines, () -> World.START, new SplittableRandom(1), entry -> {});
        Store store = new Store(world.spool, shelf, new Workers());
        Outcomes outcomes = new Outcomes(
                store,
                guard,
                scheduling,
                new Orders(() -> World.START),
                world.rules(() -> World.START, new SplittableRandom(1)),
                () -> World.START,
                new Endings(store, guard, scheduling, MtaObserver.NONE, () -> World.START, Bounces.NONE),
                new Consultation(List.of(), guard, Runnable::run));
        Message message = world.message("a@example.org");
        assertThat(shelf.reserve(message)).isTrue();
        Entry entry = new Entry(message.id(), scheduling.queue(message.queue()), message);
        scheduling.addAside(entry);
        guard.run(() -> outcomes.noRoom(entry));

        assertThat(shelf.used()).isZero();
        assertThat(scheduling.waiting()).isEqualTo(1);
    }

    @Test
    void whatWasPutOffIsDoneThoughSomethingBeforeItFails() {
        Guard guard = new Guard();
        List<String> done = new ArrayList<>();

        String answer = guard.call(() -> {
            guard.afterwards(() -> {
                throw new IllegalStateException("bug");
            });
            guard.afterwards(() -> done.add("second"));
            return "answer";
        });
        assertThat(answer).isEqualTo("answer");
        assertThat(done).containsExactly("second");
        assertThat(log.causes()).containsExactly("bug");
    }

    @Test
    void anExecutorThatFailsHasTakenNothing() {
        Workers workers = new Workers();

        assertThat(workers.start(
                        task -> {
                            throw new OutOfMemoryError("unable to create native thread");
                        },
                        () -> {}))
                .isFalse();
        assertThat(workers.awaitQuiet(0)).isTrue();
    }

    @Test
    void messagesAreMovedOnOnceTheExecutorWorksAgain() {
        world.executor = task -> {
            throw new IllegalStateException("no thread");
        };
        world.start();
        for (int i = 0; i < 40; i++) {
            world.send("a@example" + i + ".org");
        }
        assertThat(world.sites.received).isEmpty();
        world.executor = world.tasks::add;
        world.pass(Duration.ofMinutes(2));

        assertThat(world.sites.received).hasSize(40);
    }
}
