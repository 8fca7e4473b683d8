package dev.kumo.core;

import static dev.kumo.core.TestMail.message;
import static dev.kumo.core.TestMail.messages;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.kumo.core.delivery.Delivery;
import dev.kumo.core.delivery.Outcome;
import dev.kumo.core.delivery.Protocol;
import dev.kumo.core.delivery.Route;
import dev.kumo.core.log.LogRecord;
import dev.kumo.core.log.MtaObserver;
import dev.kumo.core.mail.Content;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.Reply;
import dev.kumo.core.queue.QueueMatch;
import dev.kumo.core.queue.QueueOptions;
import dev.kumo.core.spool.Spool;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** An MTA with a spool and a delivery. */
class QueueHallTest {

    private final List<LogRecord> records = Collections.synchronizedList(new ArrayList<>());
    private final Door door = new Door();
    private final CountDownLatch delivered = new CountDownLatch(1);

    private static final class Door implements Listener {

        private @Nullable Reception reception;

        @Override
        public void open(Reception hall) {
            reception = hall;
        }

        @Override
        public void close() {}
    }

    private Mta.Builder mta(Spool spool) {
        return Mta.builder()
                .listener(door)
                .spool(spool)
                .delivery(batch -> {
                    List<Outcome> outcomes = Collections.nCopies(batch.size(), new Outcome.Delivered(Reply.OK));
                    delivered.countDown();
                    return outcomes;
                })
                .observer(MtaObserver.of(records::add));
    }

    private String receive(int number) {
        return join(door.reception.receive(List.of(message(number))));
    }

    private static String join(CompletionStage<Reply> reply) {
        return reply.toCompletableFuture().join().toString();
    }

    @Test
    void answersWhenTheSpoolHasItAndDeliversAfterwards() throws Exception {
        try (TestMail.Log log = new TestMail.Log(Mta.class)) {
            try (Mta mta = mta(Spool.inMemory()).build()) {
                mta.start();
                assertThat(receive(1)).isEqualTo("250 2.6.0 accepted, id " + TestMail.id(1));
                assertThat(delivered.await(30, TimeUnit.SECONDS)).isTrue();
            }
            assertThat(log.lines())
                    .containsExactly(
                            "the spool is in memory: messages that wait in the queues are lost when the process ends");
        }
        assertThat(records).extracting(LogRecord::type).containsExactly("Reception", "Delivery");
    }

    @Test
    void aQueueThatNamesItsHostsIsDeliveredToThem() throws Exception {
        BlockingQueue<Protocol.Smtp> asked = new LinkedBlockingQueue<>();
        Delivery delivery = new Delivery() {
            @Override
            public List<Outcome> deliver(List<Message> batch) {
                return Collections.nCopies(batch.size(), new Outcome.Delivered(Reply.OK));
            }

            @Override
            public Route route(String domain, Protocol.Smtp protocol) {
                asked.add(protocol);
                return Route.to(this);
            }
        };
        Protocol relay =
                Protocol.builder().smtp(smtp -> smtp.mxList("relay.example")).build();
        try (TestMail.Log quiet = new TestMail.Log(Mta.class);
                Mta mta = mta(Spool.inMemory())
                        .delivery(delivery)
                        .queueOptions(
                                name -> QueueOptions.builder().protocol(relay).build())
                        .build()) {
            mta.start();
            receive(1);

            assertThat(asked.poll(30, TimeUnit.SECONDS)).isEqualTo(relay);
            assertThat(quiet.lines()).hasSize(1);
        }
    }

    @Test
    void aFullSpoolIs452() throws Exception {
        try (TestMail.Log log = new TestMail.Log(QueueHall.class);
                TestMail.Log quiet = new TestMail.Log(Mta.class);
                Mta mta = mta(Spool.inMemory(1)).build()) {
            mta.start();
            assertThat(receive(1)).isEqualTo("452 4.3.1 insufficient storage, try again later");
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .contains(TestMail.id(1).text());
            assertThat(quiet.lines()).hasSize(1);
        }
        assertThat(records).isEmpty();
    }

    @Test
    void aClosedMtaIs451() throws Exception {
        try (TestMail.Log quiet = new TestMail.Log(Mta.class)) {
            Mta mta = mta(Spool.inMemory()).build();
            mta.start();
            mta.close();
            assertThat(receive(1)).isEqualTo("451 4.3.2 shutting down, try again later");
            assertThat(quiet.lines()).hasSize(1);
        }
    }

    @Test
    void refusesMailThatGoesInCircles() throws Exception {
        try (TestMail.Log log = new TestMail.Log(HopLimit.class);
                Mta mta = mta(Spool.inMemory()).maxHops(3).build()) {
            mta.start();
            assertThat(join(door.reception.receive(List.of(message(1, hops(3))))))
                    .startsWith("250 ");
            assertThat(join(door.reception.receive(List.of(message(2), message(3, hops(4))))))
                    .isEqualTo("554 5.4.6 too many hops, this looks like a mail loop");
            assertThat(log.lines()).hasSize(1);
        }
        assertThatIllegalArgumentException().isThrownBy(() -> Mta.builder().maxHops(0));
    }

    private static Content hops(int count) {
        String field = "RECEIVED: from a\r\n by b\r\n";
        return Content.of(
                (field.repeat(count) + "Subject: x\r\n\r\n" + field.repeat(9)).getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void countsReceivedFieldsOfTheHeaderOnly() throws IOException {
        assertThat(count("Received: a\r\nX-Received: b\r\n Received: c\r\nreceived:d\r\n\r\nReceived: e\r\n", 9))
                .isEqualTo(2);
        assertThat(count("Received: a\nReceived: b\n\nReceived: c\n", 9)).isEqualTo(2);
        assertThat(count("Receive: a\r\nReceivedd: b\r\n", 9)).isZero();
        assertThat(count("Received: a\r\n".repeat(1000), 5)).isGreaterThanOrEqualTo(5);
        assertThat(count("", 9)).isZero();
    }

    private static int count(String header, int enough) throws IOException {
        return HopLimit.count(new ByteArrayInputStream(header.getBytes(StandardCharsets.US_ASCII)), enough);
    }

    @Test
    void takesWhatTheProcessItselfSubmits() throws Exception {
        try (TestMail.Log quiet = new TestMail.Log(Mta.class);
                Mta mta = mta(Spool.inMemory()).build()) {
            assertThatIllegalStateException().isThrownBy(() -> mta.submit(message(1)));
            mta.start();
            assertThat(join(mta.submit(message(1)))).startsWith("250 ");
            assertThat(quiet.lines()).hasSize(1);
        }
    }

    @Test
    void takesWhatIsSubmittedTwiceUnderOneKeyOnce() throws Exception {
        Spool inbox = Spool.inMemory();
        try (Mta mta = Mta.builder().listener(door).spool(inbox).build()) {
            mta.start();
            String first = join(mta.submit("order 7", message(1)));
            assertThat(join(mta.submit("order 7", message(2)))).isEqualTo(first);
            assertThat(join(mta.submit("order 8", message(3)))).isNotEqualTo(first);
        }
        try (Stream<Spool.Stored> stored = inbox.enumerate()) {
            assertThat(stored.map(Spool.Stored::id)).containsExactly(TestMail.id(1), TestMail.id(3));
        }
    }

    @Test
    void whoSubmitsTheSameAtTheSameTimeSharesTheAnswer() {
        Submissions submissions = new Submissions(() -> TestMail.NOW);
        CompletableFuture<Reply> first = new CompletableFuture<>();
        CompletableFuture<Reply> one = submissions.once("key", () -> first).toCompletableFuture();
        CompletableFuture<Reply> two = submissions
                .once("key", () -> {
                    throw new AssertionError("submitted twice");
                })
                .toCompletableFuture();
        assertThat(two).isNotDone();

        first.complete(Reply.OK);
        assertThat(one).isCompletedWithValue(Reply.OK);
        assertThat(two).isCompletedWithValue(Reply.OK);
    }

    @Test
    void whatWasNotTakenMayBeSubmittedAgain() {
        Submissions submissions = new Submissions(() -> TestMail.NOW);
        Reply busy = Reply.of(451, "4.3.0", "busy");
        assertThat(submissions.once("key", () -> CompletableFuture.completedFuture(busy)))
                .isCompletedWithValue(busy);
        assertThat(submissions.once("key", () -> {
                    throw new IllegalStateException("bug");
                }))
                .isCompletedExceptionally();
        assertThat(submissions.once("key", () -> CompletableFuture.completedFuture(Reply.OK)))
                .isCompletedWithValue(Reply.OK);
    }

    @Test
    void keysAreForgottenByAgeAndByNumber() {
        java.time.Instant[] now = {TestMail.NOW};
        Submissions submissions = new Submissions(() -> now[0]);
        Reply taken = Reply.of(250, "2.0.0", "taken");
        submissions.once("old", () -> CompletableFuture.completedFuture(Reply.OK));
        now[0] = now[0].plus(Submissions.REMEMBERED);
        assertThat(submissions.once("old", () -> CompletableFuture.completedFuture(taken)))
                .isCompletedWithValue(taken);
        for (int i = 0; i < Submissions.MOST; i++) {
            submissions.once("new " + i, () -> CompletableFuture.completedFuture(taken));
        }
        assertThat(submissions.once("old", () -> CompletableFuture.completedFuture(Reply.OK)))
                .isCompletedWithValue(Reply.OK);
    }

    @Test
    void thereAreQueuesOnlyWithASpoolAndADelivery() throws Exception {
        try (Mta mta = Mta.builder().listener(door).delivery(Delivery.discard()).build()) {
            assertThatIllegalStateException().isThrownBy(mta::queues).withMessageContaining("both a spool");
        }
        try (TestMail.Log quiet = new TestMail.Log(Mta.class);
                Mta mta = mta(Spool.inMemory()).build()) {
            mta.start();
            assertThat(mta.queues().scheduled(QueueMatch.all())).isEmpty();
            assertThat(quiet.lines()).hasSize(1);
        }
    }

    @Test
    void takesUpWhatTheSpoolHolds() throws Exception {
        Spool spool = Spool.inMemory();
        spool.store(messages(3)).toCompletableFuture().join();
        CountDownLatch three = new CountDownLatch(3);
        try (TestMail.Log quiet = new TestMail.Log(Mta.class);
                Mta mta = Mta.builder()
                        .listener(door)
                        .spool(spool)
                        .delivery(batch -> {
                            batch.forEach(message -> three.countDown());
                            return Collections.nCopies(batch.size(), new Outcome.Delivered(Reply.OK));
                        })
                        .build()) {
            mta.start();
            assertThat(three.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(quiet.lines()).hasSize(1);
        }
        try (Stream<Spool.Stored> left = spool.enumerate()) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void closingLetsWhatIsBeingSentEnd() throws Exception {
        Spool spool = Spool.inMemory();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch closing = new CountDownLatch(1);
        try (TestMail.Log quiet = new TestMail.Log(Mta.class)) {
            Mta mta = Mta.builder()
                    .listener(new Listener() {
                        @Override
                        public void open(Reception hall) {
                            door.open(hall);
                        }

                        @Override
                        public void close() {
                            closing.countDown();
                        }
                    })
                    .spool(spool)
                    .delivery(batch -> {
                        begun.countDown();
                        try {
                            closing.await();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                        return Collections.nCopies(batch.size(), new Outcome.Delivered(Reply.OK));
                    })
                    .build();
            mta.start();
            receive(1);
            assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
            mta.close();
            assertThat(quiet.lines()).hasSize(1);
        }
        try (Stream<Spool.Stored> left = spool.enumerate()) {
            assertThat(left).isEmpty();
        }
    }
}
