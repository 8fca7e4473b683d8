package dev.kumo.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.kumo.core.delivery.Chores;
import dev.kumo.core.delivery.Delivery;
import dev.kumo.core.delivery.Outcome;
import dev.kumo.core.log.LogRecord;
import dev.kumo.core.log.MtaObserver;
import dev.kumo.core.mail.Content;
import dev.kumo.core.mail.Envelope;
import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.MessageId;
import dev.kumo.core.mail.Meta;
import dev.kumo.core.mail.Reply;
import dev.kumo.core.queue.QueueMatch;
import dev.kumo.core.queue.QueueWorks;
import dev.kumo.core.queue.ScheduledQueueState;
import dev.kumo.core.report.DsnWriter;
import dev.kumo.core.report.MtaName;
import dev.kumo.core.spool.Spool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a listener does later, in queues that are there. */
@Timeout(60)
class ChoresTest {

    private static final String QUEUE = "work.kumomta.internal";
    private static final Outcome DONE = new Outcome.Delivered(Reply.OK);
    private static final Outcome NEVER = new Outcome.Refused(Reply.of(554, "5.6.0", "cannot be made"));
    private static final Outcome LATER = new Outcome.Deferred(Reply.of(451, "4.3.0", "not now"));

    private final List<LogRecord> records = Collections.synchronizedList(new ArrayList<>());
    private final BlockingQueue<Message> attempts = new LinkedBlockingQueue<>();
    private final BlockingQueue<Message> mail = new ArrayBlockingQueue<>(10);
    private final TestMail.Log quiet = new TestMail.Log(Mta.class);

    private final TestMail.Log ofQueues = new TestMail.Log(QueueWorks.class);

    @AfterEach
    void unmute() {
        quiet.close();
        ofQueues.close();
    }

    /** A listener whose chores have some outcome. */
    private final class Doer implements Listener, Chores {

        private final Function<Message, Outcome> outcome;
        private final String name;
        private @Nullable Reception reception;

        Doer(String name, Function<Message, Outcome> outcome) {
            this.name = name;
            this.outcome = outcome;
        }

        @Override
        public void open(Reception hall) {
            reception = hall;
        }

        @Override
        public Optional<Chores> chores() {
            return Optional.of(this);
        }

        @Override
        public String queue() {
            return QUEUE;
        }

        @Override
        public boolean isOurs(Message chore) {
            return chore.meta().text("doer").equals(Optional.of(name));
        }

        @Override
        public Outcome attempt(Message chore) {
            assertThat(reception).as("the listener is open").isNotNull();
            try {
                return outcome.apply(chore);
            } finally {
                attempts.add(chore.copyFor(chore.id(), chore.recipients()));
            }
        }

        @Override
        public void close() {}
    }

    private static Message chore(int number, String... recipients) {
        Meta meta = new Meta().put(Message.CHORE, QUEUE).put("doer", "first");
        return message(number, meta, recipients);
    }

    private static Message message(int number, Meta meta, String... recipients) {
        MessageId id = TestMail.id(number);
        List<EnvelopeAddress> to =
                Stream.of(recipients).map(EnvelopeAddress::parse).toList();
        Message message = new Message(
                id,
                new Envelope(EnvelopeAddress.parse("sender@example.com"), to, false),
                meta,
                Content.of("{}".getBytes(StandardCharsets.US_ASCII)));
        message.setReceptionLogged(meta.text(Message.CHORE).isPresent());
        return message;
    }

    private Mta mta(Spool spool, Listener... listeners) throws IOException {
        Mta mta = builder(spool, listeners).build();
        mta.start();
        return mta;
    }

    private Mta.Builder builder(Spool spool, Listener... listeners) {
        Delivery out = batch -> {
            mail.addAll(batch);
            return Collections.nCopies(batch.size(), DONE);
        };
        Mta.Builder builder = Mta.builder()
                .spool(spool)
                .delivery(out)
                .bounces(new DsnWriter(
                        MtaName.dns("mail.example.com"),
                        DsnWriter.IncludeOriginal.NO,
                        InstantSource.system(),
                        new SplittableRandom(1)))
                .queueOptions(name -> {
                    throw new IllegalStateException("nobody is asked about chores");
                })
                .observer(MtaObserver.of(records::add));
        Stream.of(listeners).forEach(builder::listener);
        return builder;
    }

    private static void take(Mta mta, Message message) {
        assertThat(mta.submit(message).toCompletableFuture().join().code()).isEqualTo(250);
    }

    private Message attempt() throws InterruptedException {
        Message attempt = attempts.poll(30, TimeUnit.SECONDS);
        assertThat(attempt).isNotNull();
        return attempt;
    }

    private static int waiting(Mta mta) {
        return mta.queues().scheduled(QueueMatch.named(QUEUE)).stream()
                .mapToInt(ScheduledQueueState::waiting)
                .sum();
    }

    private static void awaitWaiting(Mta mta) {
        while (waiting(mta) != 1) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aChoreIsDoneByItsListenerAndNobodyHearsOfIt() throws Exception {
        try (Mta mta = mta(Spool.inMemory(), new Doer("other", chore -> NEVER), new Doer("first", chore -> DONE))) {
            take(mta, chore(1, "a@b.example"));
            assertThat(attempt().id()).isEqualTo(TestMail.id(1));
        }
        assertThat(records).isEmpty();
        assertThat(mail).isEmpty();
    }

    @Test
    void aChoreOfAListenerThatHasGoneIsGivenToTheFirst() throws Exception {
        try (Mta mta = mta(Spool.inMemory(), new Doer("another", chore -> DONE))) {
            take(mta, chore(1, "a@b.example"));
            attempt();
        }
        assertThat(records).isEmpty();
    }

    @Test
    void onlyThoseAreToldOfForWhomItWillNeverBeDoneAndNoReportIsSent() throws Exception {
        Outcome mixed = new Outcome.PerRecipient(List.of(DONE, NEVER, LATER));
        try (Mta mta = mta(Spool.inMemory(), new Doer("first", chore -> mixed))) {
            take(mta, chore(1, "done@b.example", "never@b.example", "later@b.example"));
            attempt();
            awaitWaiting(mta);
            Message left = mta.queues().inspect(TestMail.id(1)).orElseThrow();
            assertThat(left.recipients()).containsExactly(EnvelopeAddress.parse("later@b.example"));
            assertThat(left.schedule().attempts()).isEqualTo(1);
        }
        assertThat(records).singleElement().isInstanceOfSatisfying(LogRecord.Bounce.class, bounce -> {
            assertThat(bounce.message().recipients()).containsExactly(EnvelopeAddress.parse("never@b.example"));
            assertThat(bounce.reply().code()).isEqualTo(554);
        });
        assertThat(mail).isEmpty();
    }

    @Test
    void aChoreThatTwoListenersTakeForTheirsIsNotTaken() throws Exception {
        Doer other = new Doer("other", chore -> DONE);
        try (Mta mta =
                mta(Spool.inMemory(), new Doer("first", chore -> DONE), other, new Doer("first", chore -> DONE))) {
            assertThat(mta.submit(chore(1, "a@b.example"))
                            .toCompletableFuture()
                            .join()
                            .toString())
                    .startsWith("550 5.3.5 two listeners")
                    .endsWith("give each a name of its own");
            Message clear = chore(2, "a@b.example");
            clear.meta().put("doer", "other");
            take(mta, clear);
            assertThat(attempt().id()).isEqualTo(TestMail.id(2));
        }
        assertThat(records).isEmpty();
    }

    @Test
    void aChoreThatTakesLongLeavesRoomForAnother() throws Exception {
        CountDownLatch other = new CountDownLatch(1);
        try (Mta mta = mta(Spool.inMemory(), new Doer("first", chore -> {
            if (chore.id().equals(TestMail.id(1))) {
                await(other);
            } else {
                other.countDown();
            }
            return DONE;
        }))) {
            take(mta, chore(1, "a@b.example"));
            take(mta, chore(2, "a@b.example"));
            attempt();
            attempt();
        }
    }

    @Test
    void asManyChoresAreDoneAtOnceAsWereSet() throws Exception {
        CyclicBarrier all = new CyclicBarrier(5);
        try (Mta mta = builder(Spool.inMemory(), new Doer("first", chore -> {
                    await(all);
                    return DONE;
                }))
                .maxChores(5)
                .build()) {
            mta.start();
            for (int i = 1; i <= 5; i++) {
                take(mta, chore(i, "a@b.example"));
            }
            for (int i = 1; i <= 5; i++) {
                attempt();
            }
        }
        assertThat(quiet.causes()).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> Mta.builder().maxChores(0));
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("they were not there together", e);
        }
    }

    @Test
    void whatFailsIsTriedAgain() throws Exception {
        try (Mta mta = mta(Spool.inMemory(), new Doer("first", chore -> {
            throw new IllegalStateException("no");
        }))) {
            take(mta, chore(1, "a@b.example"));
            attempt();
            awaitWaiting(mta);
        }
        assertThat(records).isEmpty();
        assertThat(quiet.causes()).containsExactly("no");
    }

    @Test
    void noOrderMakesMailOfAChore() throws Exception {
        try (Mta mta = mta(Spool.inMemory(), new Doer("first", chore -> LATER))) {
            take(mta, chore(1, "a@b.example"));
            attempt();
            awaitWaiting(mta);
            mta.queues().rebind(QueueMatch.named(QUEUE), Map.of("queue", "b.example"), "away");
            awaitWaiting(mta);
            assertThat(mta.queues()
                            .inspect(TestMail.id(1))
                            .orElseThrow()
                            .queue()
                            .text())
                    .isEqualTo(QUEUE);
        }
        assertThat(records).isEmpty();
        assertThat(mail).isEmpty();
    }

    @Test
    void noOrderMakesAChoreOfMail() throws Exception {
        try (Mta mta = mta(Spool.inMemory(), new Doer("first", chore -> DONE))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> mta.queues().rebind(QueueMatch.all(), Map.of(Message.CHORE, QUEUE), "work"))
                    .withMessageContaining("mail does not become a chore");
        }
    }

    @Test
    void whileTheListenersCloseWhoeverHasAChoreIsGivenNoOther() throws Exception {
        HouseDelivery house = new HouseDelivery(Delivery.discard(), List.of());
        house.opened();
        assertThat(house.awaitOpen()).isTrue();
        house.beginClosing();
        FutureTask<Boolean> open = new FutureTask<>(house::awaitOpen);
        new Thread(open, "chore").start();
        assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> open.get(100, TimeUnit.MILLISECONDS));
        house.end();
        assertThat(open.get(30, TimeUnit.SECONDS)).isFalse();
    }

    @Test
    void mailToTheDomainOfAQueueOfChoresIsRefused() throws Exception {
        try (Mta mta = mta(Spool.inMemory(), new Doer("first", chore -> DONE))) {
            take(mta, message(1, new Meta(), "a@" + QUEUE));
            while (records.size() < 3) {
                Thread.onSpinWait();
            }
        }
        assertThat(attempts).isEmpty();
        assertThat(records)
                .extracting(LogRecord::type)
                .as("of the message and of the report to its sender")
                .containsExactlyInAnyOrder("Reception", "Reception", "Bounce");
    }

    @Test
    void aChoreNobodyDoesWaits() throws Exception {
        try (Mta mta = mta(Spool.inMemory(), new Doer("first", chore -> DONE))) {
            Message other = chore(1, "a@b.example");
            other.meta().put(Message.CHORE, "other.kumomta.internal");
            take(mta, other);
            Message another = chore(2, "a@b.example");
            another.meta().put(Message.CHORE, "other.kumomta.internal");
            take(mta, another);
            while (mta.queues().waiting(QueueMatch.all(), 2).size() < 2) {
                Thread.onSpinWait();
            }
        }
        assertThat(records).isEmpty();
        assertThat(quiet.lines())
                .as("said once")
                .filteredOn(line -> line.contains("other.kumomta.internal"))
                .singleElement()
                .asString()
                .startsWith("no listener does the chores of queue ");
        assertThat(mail).isEmpty();
    }

    @Test
    void aChoreOutlivesTheProcess(@TempDir Path folder) throws Exception {
        try (Mta mta = mta(Spool.onDisk(folder), new Doer("first", chore -> DONE))) {
            mta.queues().suspend(QueueMatch.named(QUEUE), "later", Duration.ofHours(1));
            take(mta, chore(1, "a@b.example"));
            awaitWaiting(mta);
        }
        assertThat(attempts).isEmpty();
        try (Mta mta = mta(Spool.onDisk(folder), new Doer("first", chore -> DONE))) {
            assertThat(attempt().id()).isEqualTo(TestMail.id(1));
            assertThat(mta.queues().orders()).isEmpty();
        }
        assertThat(records).isEmpty();
    }
}
