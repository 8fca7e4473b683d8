package dev.kumo.core.spool;

import static dev.kumo.core.TestMail.id;
import static dev.kumo.core.TestMail.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumo.core.mail.Content;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.Schedule;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DiskSpoolTest {

    private final TestSpool test = new TestSpool();

    @Test
    void acknowledgesOnlyWhatIsForced() throws IOException {
        CompletableFuture<Void> stored = test.begin(message(1));

        assertThat(stored).isNotDone();
        assertThat(test.spool.load(id(1))).isEmpty();
        assertThat(test.ids()).isEmpty();
        test.spool.turn();
        assertThat(stored).isCompleted();
        assertThat(test.spool.load(id(1))).isPresent();
    }

    @Test
    void forcesOnceForAllThatWait() {
        int before = test.disk.forces();
        List<CompletableFuture<Void>> stored = IntStream.range(0, 100)
                .mapToObj(number -> test.begin(message(number)))
                .toList();
        test.spool.turn();

        assertThat(stored).allSatisfy(each -> assertThat(each).isCompleted());
        assertThat(test.disk.forces() - before).isEqualTo(1);
    }

    @Test
    void doesNotForceIfItIsNotToFlush() {
        test.reopen(SpoolModel.settings(false, TestSpool.SEGMENT));
        int before = test.disk.forces();
        test.store(message(1));

        assertThat(test.disk.forces()).isEqualTo(before);
    }

    @Test
    void writesSharedContentOnce() {
        Content shared = TestSpool.content(10 * TestSpool.KIB);
        long before = test.disk.totalSize();
        test.spool.store(IntStream.range(0, 10)
                .mapToObj(number -> message(number, shared))
                .toList());
        test.spool.turn();

        assertThat(test.disk.totalSize() - before).isBetween(10L * TestSpool.KIB, 10L * TestSpool.KIB + 10 * 400);
    }

    @Test
    void doesNotWriteContentAgainThatIsInTheSpool() throws IOException {
        test.store(message(1, TestSpool.content(10 * TestSpool.KIB)));
        long before = test.disk.totalSize();
        Message loaded = test.load(1);
        test.store(loaded.copyFor(id(2), loaded.recipients()));

        assertThat(test.disk.totalSize() - before).isLessThan(TestSpool.KIB);
        test.remove(1);
        test.reopen();
        assertThat(test.read(2)).isEqualTo(TestSpool.bytes(TestSpool.content(10 * TestSpool.KIB)));
    }

    @Test
    void anUpdateDoesNotWriteTheContent() throws IOException {
        test.store(message(1, TestSpool.content(10 * TestSpool.KIB)));
        long before = test.disk.totalSize();
        Message loaded = test.load(1);
        loaded.setSchedule(new Schedule(Instant.EPOCH, 5));
        CompletableFuture<Void> updated = test.spool.update(loaded).toCompletableFuture();
        test.spool.turn();

        assertThat(updated).isCompleted();
        assertThat(test.disk.totalSize() - before).isLessThan(TestSpool.KIB);
        test.reopen();
        assertThat(test.load(1).schedule().attempts()).isEqualTo(5);
    }

    @Test
    void takesATransactionLargerThanASegment() throws IOException {
        test.store(message(1));
        test.store(
                message(2, TestSpool.content(3 * TestSpool.SEGMENT)),
                message(3, TestSpool.content(2 * TestSpool.SEGMENT)));
        test.store(message(4));
        test.reopen();

        assertThat(test.ids()).containsExactlyElementsOf(TestSpool.ids(1, 5));
        assertThat(test.read(2)).isEqualTo(TestSpool.bytes(TestSpool.content(3 * TestSpool.SEGMENT)));
        assertThat(test.read(3)).isEqualTo(TestSpool.bytes(TestSpool.content(2 * TestSpool.SEGMENT)));
    }

    @Test
    void refusesWhatTheDiskCannotKeepUpWith() {
        CompletableFuture<Void> first = test.begin(message(1, TestSpool.content(600 * TestSpool.KIB)));
        CompletableFuture<Void> second = test.begin(message(2, TestSpool.content(600 * TestSpool.KIB)));

        assertThat(second).isCompletedExceptionally();
        assertThatThrownBy(second::join)
                .hasCauseInstanceOf(SpoolFullException.class)
                .hasMessageContaining("the disk cannot keep up");
        test.spool.turn();
        assertThat(first).isCompleted();
        test.store(message(2, TestSpool.content(600 * TestSpool.KIB)));
        assertThat(test.ids()).containsExactly(id(1), id(2));
    }

    @Test
    void takesAnythingWhenNothingWaits() {
        test.store(message(1, TestSpool.content(3 << 20)));
        test.store(message(2, TestSpool.content(3 << 20)));

        assertThat(test.ids()).containsExactly(id(1), id(2));
    }

    @Test
    void draftsTogetherAreBounded() throws IOException {
        Draft first = test.spool.draft();
        first.append(ByteBuffer.allocate(700 * TestSpool.KIB));
        Draft second = test.spool.draft();

        assertThatExceptionOfType(SpoolFullException.class)
                .isThrownBy(() -> second.append(ByteBuffer.allocate(700 * TestSpool.KIB)))
                .withMessageContaining("716800 of 1048576 bytes");
        first.finish();
        first.discard();
        second.append(ByteBuffer.allocate(700 * TestSpool.KIB));
        second.discard();
        test.spool.draft().append(ByteBuffer.allocate(1024 * TestSpool.KIB));
    }

    @Test
    void isFullWhileTheDiskHasTooLittleRoom() throws IOException {
        test.reopen(TestSpool.settings("10%", Duration.ZERO));
        test.store(message(1));
        test.disk.setUsableSpace(1L << 37);
        test.spool.upkeep().lookAtFreeSpace();

        assertThatThrownBy(() -> test.store(message(2)))
                .hasCauseInstanceOf(SpoolFullException.class)
                .hasMessageContaining("'/spool' has 137438953472 bytes free, and 219902325556 are to stay free");
        assertThat(test.spool.trouble()).contains("storage is too full");
        test.remove(1);
        test.disk.setUsableSpace(1L << 38);
        test.spool.upkeep().lookAtFreeSpace();
        assertThat(test.spool.trouble()).isEmpty();
        test.store(message(2));
        assertThat(test.ids()).containsExactly(id(2));
    }

    @Test
    void refusesAnIdThatIsOnItsWay() {
        CompletionStage<Void> first = test.spool.store(List.of(message(1)));

        assertThatThrownBy(() -> test.spool.store(List.of(message(1)))).isInstanceOf(IllegalArgumentException.class);
        test.spool.turn();
        assertThat(first.toCompletableFuture()).isCompleted();
    }

    @Test
    void callsCountInTheirOrder() throws IOException {
        test.spool.store(List.of(message(1), message(2)));
        Message changed = message(2);
        changed.setSchedule(new Schedule(Instant.EPOCH, 4));
        test.spool.update(changed);
        test.spool.remove(id(1));
        test.spool.update(message(1));
        test.spool.store(List.of(message(1, TestSpool.content(5))));
        test.spool.turn();

        assertThat(test.ids()).containsExactly(id(2), id(1));
        test.reopen();
        assertThat(test.ids()).containsExactly(id(2), id(1));
        assertThat(test.read(1)).hasSize(5);
        assertThat(test.load(2).schedule().attempts()).isEqualTo(4);
    }

    @Test
    void closingEndsWhatWasBegun() throws IOException {
        CompletableFuture<Void> stored = test.begin(message(1));
        CompletableFuture<Void> removed = test.spool.remove(id(1)).toCompletableFuture();
        CompletableFuture<Void> last = test.begin(message(2));
        test.spool.close();

        assertThat(stored).isCompleted();
        assertThat(removed).isCompleted();
        assertThat(last).isCompleted();
        assertThat(test.begin(message(3))).isCompletedExceptionally();
        assertThatThrownBy(() -> test.spool.load(id(2)))
                .isInstanceOf(IOException.class)
                .hasMessage("the spool is closed");
        test.open();
        assertThat(test.ids()).containsExactly(id(2));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1000, 20_000})
    void knowsAMessageByFewBytes(int count) {
        for (int from = 0; from < count; from += 500) {
            test.spool.store(IntStream.range(from, Math.min(count, from + 500))
                    .mapToObj(number -> message(number))
                    .toList());
            test.spool.turn();
        }

        assertThat(test.spool.footprint() / count).isLessThan(100);
    }

    @Test
    void removalsWaitForCompany() throws IOException {
        test.store(message(1), message(2));
        test.reopen(TestSpool.settings("0", Duration.ofDays(1)));
        int before = test.disk.forces();
        CompletableFuture<Void> removed = test.spool.remove(id(1)).toCompletableFuture();
        test.spool.turn();

        assertThat(test.disk.forces()).isEqualTo(before);
        assertThat(removed).isNotDone();
        assertThat(test.ids()).containsExactly(id(2));
        test.store(message(3));
        assertThat(test.disk.forces()).isEqualTo(before + 1);
        assertThat(removed).isCompleted();
    }
}
