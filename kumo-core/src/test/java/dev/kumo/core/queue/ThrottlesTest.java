package dev.kumo.core.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.kumo.core.net.ThrottleSpec;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ThrottlesTest {

    private static final ThrottleSpec HOURLY = ThrottleSpec.parse("1/h");

    private final VirtualTime time = new VirtualTime();
    private final Throttles throttles = new Throttles(time, 100);

    @Test
    void eachNameHasItsOwn() {
        assertThat(throttles.acquire("a", HOURLY)).isZero();
        assertThat(throttles.acquire("b", HOURLY)).isZero();
        assertThat(throttles.acquire("a", HOURLY)).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void aChangedRateStartsAfresh() {
        throttles.acquire("a", HOURLY);

        assertThat(throttles.acquire("a", ThrottleSpec.parse("2/h"))).isZero();
        assertThat(throttles.acquire("a", HOURLY)).isPositive();
    }

    @Test
    void takesBackWhatWasNotUsed() {
        throttles.acquire("a", HOURLY);
        throttles.giveBack("a", HOURLY);
        throttles.giveBack("never seen", HOURLY);

        assertThat(throttles.acquire("a", HOURLY)).isZero();
        assertThat(throttles.acquire("a", HOURLY)).isPositive();
    }

    @Test
    void forgetsTheIdleAndKeepsTheOthers() {
        throttles.acquire("busy", HOURLY);
        time.pass(Duration.ofMinutes(59));
        for (int i = 0; i < 95; i++) {
            throttles.acquire("second " + i, ThrottleSpec.parse("1/s"));
        }
        time.pass(Duration.ofSeconds(1));
        for (int i = 0; i < 95; i++) {
            throttles.acquire("minute " + i, ThrottleSpec.parse("1/min"));
        }

        assertThat(throttles.size()).isLessThanOrEqualTo(100);
        assertThat(throttles.acquire("busy", HOURLY)).isEqualTo(Duration.ofSeconds(59));
        assertThat(throttles.acquire("minute 0", ThrottleSpec.parse("1/min"))).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void ofTooManyTheNearestToIdleAreForgotten() {
        throttles.acquire("busy", ThrottleSpec.parse("1/d"));
        for (int i = 0; i < 1_000; i++) {
            throttles.acquire("other " + i, HOURLY);
            assertThat(throttles.size()).isLessThanOrEqualTo(100);
        }

        assertThat(throttles.size()).isGreaterThan(50);
        assertThat(throttles.acquire("busy", ThrottleSpec.parse("1/d"))).isEqualTo(Duration.ofDays(1));
        assertThat(throttles.acquire("other 999", HOURLY)).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void worksWithRoomForOne() {
        Throttles one = new Throttles(time, 1);

        assertThat(one.acquire("a", HOURLY)).isZero();
        assertThat(one.acquire("b", HOURLY)).isZero();
        assertThat(one.size()).isLessThanOrEqualTo(1);
        assertThatIllegalArgumentException().isThrownBy(() -> new Throttles(time, 0));
    }

    /** The clock stands still, so a throttle that has given a permit is never idle, and all permits are counted. */
    @Test
    void sweepingGivesNoPermitTwice() throws Exception {
        Throttles many = new Throttles(time, 10_000);
        AtomicInteger taken = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        for (int thread = 0; thread < 4; thread++) {
            threads.execute(() -> {
                for (int i = 0; i < 8_000; i++) {
                    if (many.acquire("name " + i, HOURLY).isZero()) {
                        taken.incrementAndGet();
                    }
                }
            });
        }
        threads.shutdown();

        assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        assertThat(taken).hasValue(8_000);
    }
}
