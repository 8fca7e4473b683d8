package dev.kumo.core;

import static dev.kumo.core.TestMail.NOW;
import static dev.kumo.core.TestMail.message;
import static dev.kumo.core.TestMail.messages;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.kumo.core.delivery.Delivery;
import dev.kumo.core.delivery.Outcome;
import dev.kumo.core.log.LogRecord;
import dev.kumo.core.log.MtaObserver;
import dev.kumo.core.mail.EnhancedStatus;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.MessageId;
import dev.kumo.core.mail.Reply;
import dev.kumo.core.spool.Spool;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrontHallTest {

    private static final Outcome DELIVERED = new Outcome.Delivered(Reply.OK);
    private static final String LOCAL_ERROR = "451 4.3.0 local error, try again later";

    private final TestMail.Log log = new TestMail.Log(FrontHall.class);
    private final List<LogRecord> records = new ArrayList<>();
    private final MtaObserver observer = MtaObserver.of(records::add);
    private final Spool spool = Spool.inMemory(1 << 20);

    @AfterEach
    void closeLog() {
        log.close();
    }

    private FrontHall hall(Delivery delivery) {
        return hall(spool, delivery, null);
    }

    private FrontHall hall(Spool store, Delivery delivery, Executor executor) {
        return new FrontHall(store, delivery, observer, executor, InstantSource.fixed(NOW));
    }

    private static String receive(FrontHall hall, List<Message> messages) {
        CompletableFuture<Reply> reply = hall.receive(messages).toCompletableFuture();
        assertThat(reply).as("answered on the caller's thread").isDone();
        return reply.join().toString();
    }

    private List<MessageId> spooled() throws IOException {
        try (Stream<Spool.Stored> stored = spool.enumerate()) {
            return stored.map(Spool.Stored::id).toList();
        }
    }

    private List<String> recorded() {
        return records.stream().map(record -> record.getClass().getSimpleName()).toList();
    }

    /** One outcome for each word. */
    private static List<Outcome> outcomes(String words) {
        return Stream.of(words.split(" "))
                .map(word -> switch (word) {
                    case "delivered" -> DELIVERED;
                    case "deferred" -> new Outcome.Deferred(Reply.of(450, "4.2.1", "mailbox busy"));
                    case "full" -> new Outcome.Deferred(Reply.of(452, "4.2.2", "mailbox full"));
                    case "gone" -> new Outcome.Deferred(Reply.of(421, "4.4.2", "bye"));
                    case "refused" -> new Outcome.Refused(Reply.of(550, "5.1.1", "no such user"));
                    case "spam" -> new Outcome.Refused(Reply.of(554, "5.7.1", "spam"));
                    default -> throw new IllegalArgumentException(word);
                })
                .toList();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    deferred                     | 450 4.2.1 mailbox busy  | TransientFailure
                    gone                         | 451 4.4.2 bye           | TransientFailure
                    refused                      | 550 5.1.1 no such user  | Bounce
                    delivered deferred           | 450 4.2.1 mailbox busy  | Delivery TransientFailure
                    deferred full                | 450 4.2.1 mailbox busy  | TransientFailure TransientFailure
                    delivered refused            | 550 5.1.1 no such user  | Delivery Bounce
                    spam refused delivered       | 554 5.7.1 spam          | Bounce Bounce Delivery
                    refused full delivered       | 452 4.2.2 mailbox full  | Bounce TransientFailure Delivery
                    """)
    void answersForTheWorstAndKeepsNothing(String words, String reply, String told) throws Exception {
        List<Outcome> outcomes = outcomes(words);

        assertThat(receive(hall(batch -> outcomes), messages(outcomes.size()))).isEqualTo(reply);
        assertThat(recorded()).containsExactly(told.split(" "));
        assertThat(spooled()).isEmpty();
    }

    @Test
    void aDeferralThatClosedTheSessionThereKeepsItsStatus() {
        Reply reply = hall(batch -> outcomes("gone"))
                .receive(messages(1))
                .toCompletableFuture()
                .join();

        assertThat(reply.status()).contains(EnhancedStatus.parse("4.4.2"));
        assertThat(reply.lines()).containsExactly("bye");
    }

    @Test
    void allDeliveredIsAccepted() throws Exception {
        List<Message> messages = messages(2);
        Delivery delivery = batch -> List.of(DELIVERED, DELIVERED);

        assertThat(receive(hall(delivery), messages))
                .isEqualTo("250 2.6.0 accepted, ids " + TestMail.id(0) + " " + TestMail.id(1));
        assertThat(recorded()).containsExactly("Reception", "Delivery", "Reception", "Delivery");
        assertThat(spooled()).isEmpty();
    }

    @Test
    void deliversFromTheSpool() throws Exception {
        List<List<MessageId>> spooledMeanwhile = new ArrayList<>();
        receive(
                hall(batch -> {
                    try {
                        spooledMeanwhile.add(spooled());
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                    return List.of(DELIVERED);
                }),
                messages(1));

        assertThat(spooledMeanwhile).containsExactly(List.of(TestMail.id(0)));
    }

    @Test
    void withoutADeliveryTheSpoolIsTheInbox() throws Exception {
        assertThat(receive(hall(null), messages(1))).isEqualTo("250 2.6.0 accepted, id " + TestMail.id(0));
        assertThat(spooled()).containsExactly(TestMail.id(0));
        assertThat(recorded()).containsExactly("Reception");
    }

    @Test
    void theReplyStaysWithinItsLineForAnyNumberOfMessages() {
        for (int count : new int[] {1, 13, 14, 15, 16, 1000}) {
            FrontHall hall = hall(Delivery.discard());
            Reply reply = hall.receive(messages(count)).toCompletableFuture().join();

            String text = reply.lines().get(0);
            int named = text.split("[0-9a-f]{32}", -1).length - 1;
            assertThat(reply.wire()).as("%d messages", count).hasSizeLessThanOrEqualTo(512);
            assertThat(named).as("%d messages", count).isEqualTo(Math.min(count, 14));
            if (count > named) {
                assertThat(text).endsWith(" and " + (count - named) + " more");
            } else {
                assertThat(text).doesNotContain("more");
            }
        }
    }

    @Test
    void aFullSpoolIs452AndNothingIsDelivered() throws Exception {
        FrontHall hall = hall(
                Spool.inMemory(1),
                batch -> {
                    throw new AssertionError("delivered");
                },
                null);

        assertThat(receive(hall, messages(1))).isEqualTo("452 4.3.1 insufficient storage, try again later");
        assertThat(records).isEmpty();
        assertThat(log.lines())
                .singleElement()
                .asString()
                .contains(TestMail.id(0).text());
    }

    @Test
    void aBrokenSpoolIs451AndTheCauseIsInTheLogOnly() {
        FrontHall hall = hall(new BrokenSpool(false, new IOException("bad sector 7")), Delivery.discard(), null);

        assertThat(receive(hall, messages(1))).isEqualTo(LOCAL_ERROR);
        assertThat(records).isEmpty();
        assertThat(log.causes()).containsExactly("bad sector 7");
    }

    @Test
    void aBugInTheSpoolIs451() {
        FrontHall hall = hall(new BrokenSpool(false, new IllegalStateException("bug")), Delivery.discard(), null);

        assertThat(receive(hall, messages(1))).isEqualTo(LOCAL_ERROR);
        assertThat(log.causes()).containsExactly("bug");
    }

    @Test
    void aDeliveryThatThrowsIs451ForAll() throws Exception {
        FrontHall hall = hall(batch -> {
            throw new IllegalStateException("bug");
        });

        assertThat(receive(hall, messages(2))).isEqualTo(LOCAL_ERROR);
        assertThat(recorded()).containsExactly("TransientFailure", "TransientFailure");
        assertThat(spooled()).isEmpty();
        assertThat(log.causes()).containsExactly("bug");
    }

    @Test
    void evenAnErrorInTheDeliveryIs451() throws Exception {
        FrontHall hall = hall(batch -> {
            throw new NoClassDefFoundError("dev/kumo/Missing");
        });

        assertThat(receive(hall, messages(1))).isEqualTo(LOCAL_ERROR);
        assertThat(spooled()).isEmpty();
    }

    @Test
    void tooFewOutcomesAre451ForAll() throws Exception {
        assertThat(receive(hall(batch -> List.of(DELIVERED)), messages(2))).isEqualTo(LOCAL_ERROR);
        assertThat(recorded()).containsExactly("TransientFailure", "TransientFailure");
        assertThat(spooled()).isEmpty();
        assertThat(log.lines()).singleElement().asString().contains("1 outcomes for 2 messages");
    }

    @Test
    void aSpoolThatCannotForgetDoesNotTakeTheReplyBack() {
        FrontHall hall = hall(new BrokenSpool(true, new IOException("bad sector 7")), Delivery.discard(), null);

        assertThat(receive(hall, messages(1))).startsWith("250 2.6.0");
        assertThat(log.causes()).containsExactly("bad sector 7");
    }

    @Test
    void refusesAnEmptyTransaction() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> hall(Delivery.discard()).receive(List.of()))
                .withMessageContaining("at least one message");
    }

    @ParameterizedTest
    @CsvSource({
        // spool, delivery, executor, hall
        "false, false, false, false",
        "false, true,  false, true",
        "true,  false, false, true",
        "true,  true,  true,  false"
    })
    void mayBlockIfSpoolOrDeliveryMayAndThereIsNoExecutor(
            boolean spoolBlocks, boolean deliveryBlocks, boolean hasExecutor, boolean blocks) {
        Spool store = spoolBlocks ? new BrokenSpool(false, new IOException()) : spool;
        Delivery delivery = deliveryBlocks ? batch -> List.of(DELIVERED) : Delivery.discard();
        Executor executor = hasExecutor ? Runnable::run : null;

        assertThat(hall(store, delivery, executor).mayBlock()).isEqualTo(blocks);
    }

    @Test
    void whatMayBlockRunsOnTheExecutor() {
        List<Runnable> tasks = new ArrayList<>();
        FrontHall hall = hall(spool, batch -> List.of(DELIVERED), tasks::add);
        CompletableFuture<Reply> reply = hall.receive(messages(1)).toCompletableFuture();

        assertThat(reply).isNotDone();
        tasks.forEach(Runnable::run);
        assertThat(reply).isCompletedWithValueMatching(Reply::isPositive);
    }

    @Test
    void whatNeverBlocksRunsOnTheCaller() {
        FrontHall hall = hall(spool, Delivery.discard(), task -> {
            throw new AssertionError("no need of an executor");
        });

        assertThat(receive(hall, messages(1))).startsWith("250");
    }

    @Test
    void anExecutorThatTakesNothingIs451() {
        FrontHall hall = hall(spool, batch -> List.of(DELIVERED), task -> {
            throw new RejectedExecutionException("shut down");
        });

        assertThat(receive(hall, messages(1))).isEqualTo(LOCAL_ERROR);
        assertThat(hall.close(Duration.ZERO)).isTrue();
    }

    @Test
    void takesNothingOnceClosed() throws Exception {
        FrontHall hall = hall(null);
        assertThat(hall.close(Duration.ZERO)).isTrue();

        assertThat(receive(hall, messages(1))).isEqualTo("451 4.3.2 shutting down, try again later");
        assertThat(spooled()).isEmpty();
    }

    @Test
    void takesNothingMoreWhileItWaitsForWhatRuns() {
        List<Runnable> tasks = new ArrayList<>();
        FrontHall hall = hall(spool, batch -> List.of(DELIVERED), tasks::add);
        CompletableFuture<Reply> first = hall.receive(messages(1)).toCompletableFuture();
        hall.close(Duration.ZERO);

        assertThat(receive(hall, messages(1))).isEqualTo("451 4.3.2 shutting down, try again later");
        assertThat(first).isNotDone();
        assertThat(tasks).hasSize(1);
    }

    @Test
    void closingWaitsForWhatRuns() {
        List<Runnable> tasks = new ArrayList<>();
        FrontHall hall = hall(spool, batch -> List.of(DELIVERED), tasks::add);
        CompletableFuture<Reply> reply = hall.receive(messages(1)).toCompletableFuture();

        assertThat(hall.close(Duration.ZERO)).isFalse();
        tasks.forEach(Runnable::run);
        assertThat(hall.close(Duration.ZERO)).isTrue();
        assertThat(reply).isCompletedWithValueMatching(Reply::isPositive);
    }

    @Test
    void anObserverThatBlocksDoesNotBlockTheReception() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        MtaObserver blocking = MtaObserver.of(record -> {
            entered.countDown();
            try {
                never.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        ObserverFeed feed = new ObserverFeed(List.of(blocking), 10, InstantSource.fixed(NOW));
        feed.start();
        FrontHall hall = new FrontHall(spool, Delivery.discard(), feed, null, InstantSource.fixed(NOW));
        try (TestMail.Log feedLog = new TestMail.Log(ObserverFeed.class)) {
            receive(hall, messages(1));
            assertThat(entered.await(30, TimeUnit.SECONDS)).isTrue();

            for (int i = 0; i < 20; i++) {
                assertThat(receive(hall, messages(1))).startsWith("250");
            }
            assertThat(feed.dropped()).isEqualTo(2 + 40 - 1 - 10);
            assertThat(feedLog.lines()).hasSize(1);
            feed.close(Duration.ofMillis(1));
        }
    }

    @Test
    void recordsHoldTheFactsOfTheMessage() {
        Message message = message(1);
        message.meta().put("tenant", "a");
        receive(hall(Delivery.discard()), List.of(message));

        assertThat(records).allSatisfy(record -> assertThat(record.at()).isEqualTo(NOW));
        assertThat(records.get(1)).isInstanceOfSatisfying(LogRecord.Delivery.class, delivery -> {
            assertThat(delivery.message().id()).isEqualTo(message.id());
            assertThat(delivery.message().meta()).containsEntry("tenant", "a");
            assertThat(delivery.reply()).hasToString("250 2.0.0 discarded");
        });
    }

    /** A store that takes nothing, or everything without ever letting go. */
    private record BrokenSpool(boolean takes, Exception cause) implements Spool {

        private CompletionStage<Void> fail() {
            if (cause instanceof IOException) {
                return CompletableFuture.failedFuture(cause);
            }
            throw (RuntimeException) cause;
        }

        @Override
        public CompletionStage<Void> store(List<Message> messages) {
            return takes ? CompletableFuture.completedStage(null) : fail();
        }

        @Override
        public CompletionStage<Void> update(Message message) {
            return fail();
        }

        @Override
        public Optional<Message> load(MessageId id) {
            return Optional.empty();
        }

        @Override
        public CompletionStage<Void> remove(MessageId id) {
            return fail();
        }

        @Override
        public Stream<Stored> enumerate() {
            return Stream.empty();
        }
    }
}
