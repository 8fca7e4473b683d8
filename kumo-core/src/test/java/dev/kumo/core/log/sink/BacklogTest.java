package dev.kumo.core.log.sink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.TestMail;
import dev.kumo.core.log.LogRecord;
import dev.kumo.core.log.MessageFacts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BacklogTest {

    private static final long AGES = TimeUnit.SECONDS.toNanos(30);

    private final AtomicReference<Instant> now = new AtomicReference<>(TestMail.NOW);
    private final TestMail.Log log = new TestMail.Log(Losses.class);
    private final Losses losses = new Losses("the test", now::get);
    private final Backlog backlog = new Backlog(3, losses);

    @AfterEach
    void closeLog() {
        log.close();
    }

    private static LogRecord record(int number) {
        return new LogRecord.Reception(TestMail.NOW.plusMillis(number), MessageFacts.of(TestMail.message(number)));
    }

    private void offer(int from, int to) {
        IntStream.range(from, to).mapToObj(BacklogTest::record).forEach(backlog::offer);
    }

    @Test
    void givesAllThatWaitInOrder() throws Exception {
        offer(0, 3);

        assertThat(backlog.take(1, 9, AGES)).containsExactly(record(0), record(1), record(2));
        assertThat(backlog.take(1, 9, 0)).isEmpty();
    }

    @Test
    void losesTheNewestBeyondItsBoundAndCountsThem() throws Exception {
        offer(0, 5);

        assertThat(backlog.take(1, 9, AGES)).hasSize(3);
        assertThat(losses.total()).isEqualTo(2);
        assertThat(log.lines())
                .containsExactly("the test: 1 records lost since the start; now because more than 3 wait");
    }

    @Test
    void whatIsWorkedOnCountsToo() throws Exception {
        offer(0, 2);
        backlog.take(1, 9, AGES);
        offer(2, 5);
        assertThat(losses.total()).isEqualTo(2);
        assertThat(backlog.size()).isEqualTo(3);

        assertThat(backlog.take(1, 9, AGES)).containsExactly(record(2));
        offer(5, 7);
        assertThat(losses.total()).isEqualTo(2);
    }

    @Test
    void saysSoOnceAMinute() {
        losses.add(1, "of a");
        now.set(TestMail.NOW.plusSeconds(59));
        losses.add(5, "of b");
        now.set(TestMail.NOW.plusSeconds(60));
        losses.add(0, "of nothing");
        losses.add(1, "of c");

        assertThat(log.lines())
                .containsExactly(
                        "the test: 1 records lost since the start; now because of a",
                        "the test: 7 records lost since the start; now because of c");
    }

    @Test
    void waitsForAsManyAsAreWorthIt() throws Exception {
        List<LogRecord> taken = new ArrayList<>();
        Thread taker = new Thread(() -> {
            try {
                taken.addAll(backlog.take(2, 9, AGES));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        taker.start();
        offer(0, 2);
        taker.join();

        assertThat(taken).hasSize(2);
    }

    @Test
    void canBeWaitedForWithoutTakingAnything() throws Exception {
        assertThat(backlog.await(1)).isFalse();
        offer(0, 1);

        assertThat(backlog.await(AGES)).isTrue();
        assertThat(backlog.abandon()).isEqualTo(1);
        assertThat(backlog.isOver()).isTrue();
        assertThat(backlog.await(AGES)).isFalse();
    }

    @Test
    void givesNoMoreThanAreWanted() throws Exception {
        offer(0, 3);

        assertThat(backlog.take(1, 2, AGES)).containsExactly(record(0), record(1));
        assertThat(backlog.take(1, 2, AGES)).containsExactly(record(2));
    }

    @Test
    void theTimeEndsAWait() throws Exception {
        offer(0, 1);

        assertThat(backlog.take(2, 9, 1)).hasSize(1);
    }

    @Test
    void closingEndsAWaitAndTakesNoMore() throws Exception {
        Thread taker = new Thread(() -> {
            try {
                backlog.take(1, 9, AGES);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        taker.start();
        backlog.close();
        taker.join();
        backlog.offer(record(1));

        assertThat(backlog.isOver()).isTrue();
        assertThat(backlog.take(1, 9, AGES)).isEmpty();
        assertThat(losses.total()).isZero();
    }

    @Test
    void isOverOnlyOnceAllIsTaken() throws Exception {
        offer(0, 1);
        backlog.close();
        assertThat(backlog.isOver()).isFalse();

        backlog.take(1, 9, AGES);
        assertThat(backlog.isOver()).isTrue();
    }
}
