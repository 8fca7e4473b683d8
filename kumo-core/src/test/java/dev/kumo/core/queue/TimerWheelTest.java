package dev.kumo.core.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.kumo.core.mail.MessageId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class TimerWheelTest {

    private static final long NOW = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();
    private static final long DAY = Duration.ofDays(1).toMillis();
    private static final Random RANDOM = new Random(1);

    private final TimerWheel<String> wheel = new TimerWheel<>(Duration.ofMillis(100), NOW);

    static MessageId id() {
        return MessageId.next(Instant.ofEpochMilli(NOW), RANDOM);
    }

    private List<String> advance(long now) {
        List<String> queues = new ArrayList<>();
        wheel.advance(now, Integer.MAX_VALUE, (id, queue, due) -> queues.add(queue));
        return queues;
    }

    @Test
    void handsOverWhatWasAdded() {
        MessageId small = new MessageId("0".repeat(32));
        MessageId large = new MessageId("f".repeat(31) + "e");
        List<String> told = new ArrayList<>();
        wheel.add(NOW + 5_000, small, "a");
        wheel.add(NOW + DAY, large, "b");

        int count = wheel.advance(NOW + DAY, 10, (id, queue, due) -> told.add(id + " " + queue + " " + (due - NOW)));

        assertThat(count).isEqualTo(2);
        assertThat(told).containsExactly(small + " a 5000", large + " b " + DAY);
        assertThat(wheel.size()).isZero();
    }

    @Test
    void nothingIsEarlyAndNothingIsMoreThanATickLate() {
        wheel.add(NOW + 250, id(), "a");

        assertThat(advance(NOW + 250)).isEmpty();
        assertThat(advance(NOW + 299)).isEmpty();
        assertThat(advance(NOW + 300)).containsExactly("a");
    }

    @Test
    void onATickIsOnTime() {
        wheel.add(NOW + 300, id(), "a");

        assertThat(advance(NOW + 299)).isEmpty();
        assertThat(advance(NOW + 300)).containsExactly("a");
    }

    @Test
    void whatIsDueAlreadyComesNext() {
        wheel.add(NOW - DAY, id(), "old");
        wheel.add(NOW, id(), "now");
        wheel.add(Long.MIN_VALUE, id(), "ever");

        assertThat(wheel.nextDue()).hasValue(NOW);
        assertThat(advance(NOW)).containsExactly("old", "now", "ever");
    }

    @Test
    void comesByTheOrderOfTicksAndByThatOfArrivalWithinOne() {
        wheel.add(NOW + 10 * DAY, id(), "5");
        wheel.add(NOW + 199, id(), "2");
        wheel.add(NOW + 101, id(), "3");
        wheel.add(NOW + 3_000, id(), "4");
        wheel.add(NOW + 100, id(), "1");

        assertThat(advance(NOW + 30 * DAY)).containsExactly("1", "2", "3", "4", "5");
    }

    @Test
    void handsOverNoMoreThanIsAskedFor() {
        for (int i = 0; i < 10; i++) {
            wheel.add(NOW + 100L * i, id(), "" + i);
        }
        List<String> first = new ArrayList<>();

        assertThat(wheel.advance(NOW + 500, 4, (id, queue, due) -> first.add(queue)))
                .isEqualTo(4);

        assertThat(first).containsExactly("0", "1", "2", "3");
        assertThat(wheel.nextDue()).hasValue(NOW + 500);
        assertThat(advance(NOW + 500)).containsExactly("4", "5");
        assertThat(wheel.size()).isEqualTo(4);
    }

    @Test
    void saysWhenTheNextIsDue() {
        assertThat(wheel.nextDue()).isEmpty();

        wheel.add(NOW + 20 * DAY, id(), "d");
        assertThat(wheel.nextDue()).hasValue(NOW + 20 * DAY);
        wheel.add(NOW + 1_200_001, id(), "c");
        assertThat(wheel.nextDue()).hasValue(NOW + 1_200_100);
        wheel.add(NOW + 1_200_000, id(), "b");
        assertThat(wheel.nextDue()).hasValue(NOW + 1_200_000);
        wheel.add(NOW + 50, id(), "a");
        assertThat(wheel.nextDue()).hasValue(NOW + 100);

        assertThat(advance(NOW + 1_200_000)).containsExactly("a", "b");
        assertThat(wheel.nextDue()).hasValue(NOW + 1_200_100);
    }

    @Test
    void anyTimeHasAPlace() {
        wheel.add(Long.MAX_VALUE, id(), "never");
        wheel.add(NOW + 400_000 * DAY, id(), "late");

        assertThat(advance(NOW + 399_999 * DAY)).isEmpty();
        assertThat(advance(NOW + 400_000 * DAY)).containsExactly("late");
        assertThat(wheel.nextDue()).hasValue(Long.MAX_VALUE);
        assertThat(wheel.size()).isOne();
    }

    @Test
    void aClockThatIsSetBackDelaysNothing() {
        advance(NOW + 100 * DAY);
        advance(NOW);
        wheel.add(NOW + 1_000, id(), "a");

        assertThat(wheel.nextDue()).hasValue(NOW + 1_000);
        assertThat(advance(NOW + 999)).isEmpty();
        assertThat(advance(NOW + 1_000)).containsExactly("a");
    }

    @Test
    void whatWasNotDueIsNotDueAgainOnceTheClockIsSetBack() {
        wheel.add(NOW + 5_000, id(), "a");
        wheel.add(NOW + DAY, id(), "b");
        wheel.advance(NOW + DAY, 0, (id, queue, due) -> {});

        assertThat(advance(NOW)).isEmpty();
        assertThat(advance(NOW + 5_000)).containsExactly("a");
        assertThat(advance(NOW + DAY)).containsExactly("b");
    }

    @Test
    void aLookAtTheClockThatIsALittleOldIsWaitedFor() {
        advance(NOW + 5_000);
        wheel.add(NOW + 4_200, id(), "a");

        assertThat(advance(NOW + 4_300)).isEmpty();
        assertThat(wheel.nextDue()).hasValue(NOW + 5_000);
        assertThat(advance(NOW + 5_000)).containsExactly("a");
    }

    @Test
    void theSinkMayAdd() {
        wheel.add(NOW + 100, id(), "a");
        List<String> told = new ArrayList<>();

        wheel.advance(NOW + 1_000, 100, (id, queue, due) -> {
            told.add(queue);
            wheel.add(NOW, id, queue + "+");
            wheel.add(NOW + 2_000, id, queue + "++");
        });

        assertThat(told).containsExactly("a");
        assertThat(advance(NOW + 1_000)).containsExactly("a+");
        assertThat(advance(NOW + 2_000)).containsExactly("a++");
    }

    @Test
    void aSinkThatThrowsLosesOnlyWhatItWasTold() {
        for (String queue : List.of("a", "b", "c")) {
            wheel.add(NOW + 100, id(), queue);
        }

        assertThatIllegalStateException()
                .isThrownBy(() -> wheel.advance(NOW + 100, 9, (id, queue, due) -> {
                    throw new IllegalStateException(queue);
                }));

        assertThat(wheel.size()).isEqualTo(2);
        assertThat(advance(NOW + 100)).containsExactly("b", "c");
    }

    @Test
    void takesOutTheMessagesOfAQueue() {
        List<String> removed = new ArrayList<>();
        for (long due : new long[] {0, 50, 5_000, DAY, 100 * DAY}) {
            wheel.add(NOW + due, id(), "a");
            wheel.add(NOW + due, id(), "b");
        }

        int count = wheel.remove("a"::equals, (id, queue, due) -> removed.add(queue + (due - NOW)));

        assertThat(count).isEqualTo(5);
        assertThat(removed).containsExactlyInAnyOrder("a0", "a50", "a5000", "a" + DAY, "a" + 100 * DAY);
        assertThat(wheel.size()).isEqualTo(5);
        assertThat(wheel.nextDue()).hasValue(NOW);
        assertThat(advance(NOW + 100 * DAY)).containsExactly("b", "b", "b", "b", "b");
    }

    @Test
    void takesOutCertainMessagesOfAQueue() {
        MessageId wanted = id();
        wheel.add(NOW + 1, wanted, "a");
        wheel.add(NOW + 1, id(), "a");
        wheel.add(NOW + 1, wanted, "b");
        List<String> removed = new ArrayList<>();

        int count = wheel.remove(
                "a"::equals, (id, queue, due) -> id.equals(wanted), (id, queue, due) -> removed.add(queue + id));

        assertThat(count).isEqualTo(1);
        assertThat(removed).containsExactly("a" + wanted);
        assertThat(wheel.size()).isEqualTo(2);
    }

    @Test
    void showsTheMessagesOfAQueue() {
        for (int i = 0; i < 1_000; i++) {
            wheel.add(NOW + i * DAY / 100, id(), i % 2 == 0 ? "a" : "b");
        }
        wheel.advance(NOW + DAY, 10, (id, queue, due) -> {});
        List<Long> shown = new ArrayList<>();

        wheel.forEach("b"::equals, (id, queue, due) -> shown.add((due - NOW) / (DAY / 100)));

        assertThat(shown)
                .containsExactlyInAnyOrderElementsOf(LongStream.range(10, 1_000)
                        .filter(i -> i % 2 == 1)
                        .boxed()
                        .toList());
        assertThat(wheel.size()).isEqualTo(990);
        assertThat(advance(NOW + 10 * DAY)).hasSize(990);
    }

    @Test
    void whatIsTakenOutMayBeAddedToAnotherQueue() {
        wheel.add(NOW + DAY, id(), "a");
        wheel.add(NOW + DAY, id(), "b");

        wheel.remove("a"::equals, (id, queue, due) -> wheel.add(NOW, id, "c"));

        assertThat(advance(NOW)).containsExactly("c");
        assertThat(advance(NOW + DAY)).containsExactly("b");
    }

    @Test
    void aSinkThatThrowsLeavesTheOthersIn() {
        for (int i = 0; i < 5; i++) {
            wheel.add(NOW + DAY, id(), "a");
        }

        assertThatIllegalStateException()
                .isThrownBy(() -> wheel.remove("a"::equals, (id, queue, due) -> {
                    throw new IllegalStateException();
                }));

        assertThat(wheel.size()).isEqualTo(4);
        assertThat(advance(NOW + DAY)).hasSize(4);
    }

    @Test
    void aTickIsAMillisecondAtLeast() {
        assertThatIllegalArgumentException().isThrownBy(() -> new TimerWheel<>(Duration.ofNanos(999_999), NOW));
    }
}
