package dev.kumo.core.spool;

import static dev.kumo.core.TestMail.id;
import static dev.kumo.core.TestMail.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumo.core.TestMail.Log;
import dev.kumo.core.mail.Content;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.MessageId;
import dev.kumo.core.mail.Schedule;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompactionTest {

    private final TestSpool test = new TestSpool();
    private final List<Log> trouble =
            List.of(new Log(Upkeep.class), new Log(GroupCommit.class), new Log(Recovery.class));

    @AfterEach
    void closeLogs() {
        trouble.forEach(Log::close);
    }

    @Test
    void givesBackTheRoomOfWhatIsGone() {
        Content content = TestSpool.content(TestSpool.KIB);
        long most = 0;
        for (int number = 0; number < 2_000; number++) {
            test.store(message(number, content));
            if (number >= 20 && number % 100 != 0) {
                test.remove(number - 20);
            }
            test.giveBack();
            most = Math.max(most, test.disk.totalSize());
        }

        int kept = 2_000 - (2_000 - 20 - 19);
        assertThat(test.ids()).hasSize(kept);
        // Twice what is in it, the segment that is written, one of which too little is gone, and what is being copied.
        assertThat(most).isLessThan(2L * kept * 1_400 + 4L * TestSpool.SEGMENT);
        test.reopen();
        assertThat(test.ids()).hasSize(kept);
    }

    @Test
    void manyRestartsDoNotLeaveManyFiles() {
        for (int i = 0; i < 40; i++) {
            test.store(message(i));
            test.reopen();
            test.giveBack();
        }

        assertThat(test.disk.files()).hasSizeLessThan(12);
        assertThat(test.ids()).containsExactlyElementsOf(TestSpool.ids(0, 40));
    }

    @Test
    void contentStaysReadableWhileItIsMoved() throws IOException {
        byte[] expected = TestSpool.bytes(TestSpool.content(200 * TestSpool.KIB));
        test.store(
                message(1, TestSpool.content(200 * TestSpool.KIB)), message(2, TestSpool.content(250 * TestSpool.KIB)));
        test.store(message(3));
        try (InputStream in = test.load(1).open()) {
            byte[] half = in.readNBytes(150 * TestSpool.KIB);
            test.remove(2);
            List<Path> before = test.disk.files();
            test.giveBack();

            assertThat(test.disk.files()).doesNotContain(before.get(0));
            assertThat(half).isEqualTo(Arrays.copyOf(expected, 150 * TestSpool.KIB));
            assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOfRange(expected, 150 * TestSpool.KIB, expected.length));
        }
    }

    @Test
    void contentOfARemovedMessageMayBeGone() throws IOException {
        test.store(message(1, TestSpool.content(TestSpool.SEGMENT)));
        test.store(message(2));
        Message loaded = test.load(1);
        test.remove(1);
        test.giveBack();

        assertThatThrownBy(() -> loaded.writeTo(new ByteArrayOutputStream()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("its message was removed");
        assertThat(test.begin(loaded.copyFor(id(3), loaded.recipients()))).isCompletedExceptionally();
        assertThat(test.ids()).containsExactly(id(2));
    }

    @Test
    void theOrderOutlastsUpdatesCopiesAndRestarts() throws IOException {
        for (int number = 0; number < 300; number++) {
            test.store(message(300 - number, TestSpool.content(TestSpool.KIB)));
        }
        for (int number = 1; number <= 300; number++) {
            if (number % 3 == 0) {
                Message message = test.load(number);
                message.setSchedule(new Schedule(Instant.EPOCH, 1));
                test.spool.update(message);
            } else if (number % 3 == 1) {
                test.spool.remove(id(number));
            }
            test.spool.turn();
        }
        test.giveBack();
        List<MessageId> expected = IntStream.range(0, 300)
                .map(number -> 300 - number)
                .filter(number -> number % 3 != 1)
                .mapToObj(number -> id(number))
                .toList();

        assertThat(test.ids()).isEqualTo(expected);
        test.reopen();
        assertThat(test.ids()).isEqualTo(expected);
    }

    /** Fills the segment, so that the next message begins another one. */
    private void fillSegment(int number) {
        test.store(message(number, TestSpool.content(TestSpool.SEGMENT)));
    }

    @Test
    void whatACopyLeavesOutDoesNotComeBackAsItWasEarlier() throws IOException {
        test.store(message(1));
        fillSegment(2);
        Message changed = test.load(1);
        changed.setSchedule(new Schedule(Instant.EPOCH, 1));
        test.update(changed);
        test.store(message(3, TestSpool.content(20 * TestSpool.KIB)), message(4));
        fillSegment(5);
        fillSegment(6);
        test.remove(3);
        test.spool.remove(id(1));
        test.giveBack();
        SimulatedDisk after = test.disk.afterPowerLoss();

        try (DiskSpool spool = DiskSpool.openWithoutThreads(SpoolModel.settings(true, TestSpool.SEGMENT), after, 1)) {
            assertThat(spool.load(id(1))).isEmpty();
            assertThat(spool.load(id(4))).isPresent();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8})
    void noMessageOutlivesTheRecordOfItsRemoval(int steps) throws IOException {
        for (int seed = 0; seed < 30; seed++) {
            TestSpool spool = new TestSpool(seed);
            spool.store(message(1, TestSpool.content(TestSpool.SEGMENT)));
            spool.store(message(2, TestSpool.content(TestSpool.SEGMENT / 2)));
            spool.remove(1); // in the segment that has message 2
            spool.store(message(3, TestSpool.content(TestSpool.SEGMENT)));
            spool.remove(2);
            spool.disk.cutPowerAfter(steps);
            spool.giveBack();
            SimulatedDisk after = spool.disk.afterPowerLoss();

            try (DiskSpool again =
                            DiskSpool.openWithoutThreads(SpoolModel.settings(true, TestSpool.SEGMENT), after, 1);
                    Stream<Spool.Stored> stored = again.enumerate()) {
                assertThat(stored)
                        .as("seed %d", seed)
                        .extracting(Spool.Stored::id)
                        .containsExactly(id(3));
            }
        }
    }

    @Test
    void whatWasRefusedStaysAwayWhenTheSegmentAfterItIsEmpty() {
        test.store(message(1, TestSpool.content(10 * TestSpool.KIB)));
        test.disk.failForces(true);
        assertThat(test.begin(message(2))).isNotDone();
        test.spool.turn();
        test.disk.failForces(false);
        test.spool.turn();
        test.store(message(3, TestSpool.content(TestSpool.SEGMENT)));
        fillSegment(4);
        test.remove(3);
        test.giveBack();
        test.giveBack();
        test.reopen();

        assertThat(test.ids()).containsExactly(id(1), id(4));
        test.giveBack();
        test.reopen();
        assertThat(test.ids()).containsExactly(id(1), id(4));
    }
}
