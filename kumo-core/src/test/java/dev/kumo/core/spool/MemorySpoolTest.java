package dev.kumo.core.spool;

import static dev.kumo.core.TestMail.id;
import static dev.kumo.core.TestMail.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumo.core.mail.Content;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.MessageId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MemorySpoolTest {

    private static final int KIB = 1024;

    private final Spool spool = Spool.inMemory(10 * KIB);

    private List<MessageId> ids() throws Exception {
        try (Stream<Spool.Stored> stored = spool.enumerate()) {
            return stored.map(Spool.Stored::id).toList();
        }
    }

    private void store(Message... messages) throws Throwable {
        try {
            spool.store(List.of(messages)).toCompletableFuture().join();
        } catch (CompletionException e) {
            throw e.getCause();
        }
    }

    private static Message sized(int number, int bytes) {
        return message(number, Content.of(new byte[bytes]));
    }

    @Test
    void enumeratesInOrderOfArrivalAndNotOfIds() throws Throwable {
        store(message(3));
        store(message(1), message(2));

        assertThat(ids()).containsExactly(id(3), id(1), id(2));
    }

    @Test
    void loadsWhatWasStored() throws Throwable {
        Message message = message(1);
        store(message);

        assertThat(spool.load(id(1))).containsSame(message);
    }

    @Test
    void anUpdateMayComeWithACopy() throws Throwable {
        store(message(1));
        Message copy = message(1);
        copy.meta().put("tenant", "other");
        spool.update(copy).toCompletableFuture().join();
        spool.update(message(2)).toCompletableFuture().join();

        assertThat(spool.load(id(1))).containsSame(copy);
        assertThat(ids()).containsExactly(id(1));
    }

    @Test
    void knowsNothingElse() throws Throwable {
        assertThat(spool.load(id(1))).isEmpty();
    }

    @Test
    void forgetsWhatWasRemoved() throws Throwable {
        store(message(1), message(2));
        spool.remove(id(1));
        spool.remove(id(1));

        assertThat(ids()).containsExactly(id(2));
    }

    @Test
    void holdsAsManyBytesAsItSays() throws Throwable {
        store(sized(1, 9 * KIB));

        assertThatThrownBy(() -> store(sized(2, 0)))
                .isInstanceOf(SpoolFullException.class)
                .hasMessageContaining("10240 of 10240 bytes");
    }

    @Test
    void keepsNoneIfOneHasNoRoom() throws Throwable {
        store(sized(1, KIB));

        assertThatThrownBy(() -> store(sized(2, KIB), sized(3, 9 * KIB))).isInstanceOf(SpoolFullException.class);
        assertThat(ids()).containsExactly(id(1));
        store(sized(4, 7 * KIB));
    }

    @Test
    void removingMakesRoom() throws Throwable {
        store(sized(1, 9 * KIB));
        spool.remove(id(1));
        store(sized(2, 9 * KIB));

        assertThat(ids()).containsExactly(id(2));
    }

    @Test
    void countsSharedContentOnceAndUntilItsLastMessageIsGone() throws Throwable {
        Content shared = Content.of(new byte[6 * KIB]);
        store(message(1, shared), message(2, shared));
        store(message(3, shared));
        spool.remove(id(1));
        spool.remove(id(2));

        assertThatThrownBy(() -> store(sized(4, 3 * KIB))).isInstanceOf(SpoolFullException.class);
        spool.remove(id(3));
        store(sized(5, 9 * KIB));
    }

    @Test
    void countsHeaderFieldsPutOnTop() throws Throwable {
        Message message = sized(1, 9 * KIB);
        message.prependHeader("X", "1");

        assertThatThrownBy(() -> store(message)).isInstanceOf(SpoolFullException.class);
    }

    @Test
    void aMessageChangedMeanwhileDoesNotUnbalanceTheCount() throws Throwable {
        Message message = sized(1, 9 * KIB);
        store(message);
        message.setContent(Content.of(new byte[0]));
        spool.remove(id(1));

        store(sized(2, 9 * KIB));
        assertThatThrownBy(() -> store(sized(3, 0))).isInstanceOf(SpoolFullException.class);
    }

    @Test
    void refusesAnIdTwiceAndKeepsNone() throws Throwable {
        store(message(1));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> spool.store(List.of(message(2), message(1))))
                .withMessageContaining(id(1).text());
        assertThat(ids()).containsExactly(id(1));
        assertThat(spool.load(id(1))).isPresent();
    }

    @Test
    void refusesToHoldNothing() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Spool.inMemory(0))
                .withMessageContaining("at least 1 byte, not 0");
    }

    @Test
    void countsRightUnderThreads() throws Throwable {
        int threads = 4;
        int rounds = 500;
        Content shared = Content.of(new byte[KIB]);
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> done = new ArrayList<>();
            IntStream.range(0, threads)
                    .forEach(thread -> done.add(executor.submit(() -> {
                        for (int round = 0; round < rounds; round++) {
                            int number = thread * rounds + round;
                            spool.store(List.of(message(number, shared)))
                                    .toCompletableFuture()
                                    .join();
                            assertThat(spool.load(id(number))).isPresent();
                            spool.remove(id(number));
                        }
                        return null;
                    })));
            for (Future<?> each : done) {
                each.get();
            }
        } finally {
            executor.shutdownNow();
        }

        assertThat(ids()).isEmpty();
        store(sized(1, 9 * KIB));
    }

    @Test
    void whatIsOnItsWayInCountsWithWhatIsStored() throws IOException {
        Spool spool = Spool.inMemory(10_000);
        Draft first = spool.draft();
        first.append(ByteBuffer.allocate(6_000));
        Draft second = spool.draft();

        assertThatExceptionOfType(SpoolFullException.class).isThrownBy(() -> second.append(ByteBuffer.allocate(6_000)));
        first.discard();
        second.append(ByteBuffer.allocate(6_000));
        assertThat(second.finish().size()).isEqualTo(6_000);
    }

    @Test
    void aFinishedDraftCountsOnlyOnceItIsStored() throws IOException {
        Spool spool = Spool.inMemory(10_000);
        Draft draft = spool.draft();
        draft.append(ByteBuffer.allocate(9_000));
        draft.finish();
        draft.discard();

        Draft next = spool.draft();
        next.append(ByteBuffer.allocate(9_000));
        assertThat(next.finish().size()).isEqualTo(9_000);
    }

    @Test
    void saysThatItIsFullUntilItIsNot() throws IOException {
        Spool spool = Spool.inMemory(10_000);
        assertThat(spool.trouble()).isEmpty();
        Draft draft = spool.draft();
        draft.append(ByteBuffer.allocate(9_500));
        assertThat(spool.trouble()).contains("storage is too full");
        draft.discard();
        assertThat(spool.trouble()).isEmpty();
    }
}
