package dev.kumo.core.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.net.ThrottleSpec;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ThrottleTest {

    private final VirtualTime time = new VirtualTime();

    private Throttle throttle(String spec) {
        return new Throttle(ThrottleSpec.parse(spec), time);
    }

    private static long taken(Throttle throttle, int tries) {
        return IntStream.range(0, tries).filter(i -> throttle.tryAcquire() == 0).count();
    }

    @Test
    void allMayGoAtOnceAndThenOneAfterAnother() {
        Throttle throttle = throttle("60/min");

        assertThat(taken(throttle, 100)).isEqualTo(60);
        assertThat(throttle.tryAcquire()).isEqualTo(1_000_000_000);

        time.pass(Duration.ofSeconds(1));
        assertThat(taken(throttle, 10)).isEqualTo(1);
    }

    @Test
    void aBurstOfOneSpacesEvenly() {
        Throttle throttle = throttle("4/s,max_burst=1");

        assertThat(taken(throttle, 10)).isEqualTo(1);
        time.pass(Duration.ofMillis(249));
        assertThat(throttle.tryAcquire()).isEqualTo(1_000_000);
        time.pass(Duration.ofMillis(1));
        assertThat(taken(throttle, 10)).isEqualTo(1);
    }

    @Test
    void aRefusalReservesNothing() {
        Throttle throttle = throttle("1/s");
        throttle.tryAcquire();

        assertThat(taken(throttle, 1_000)).isZero();
        time.pass(Duration.ofSeconds(1));
        assertThat(throttle.tryAcquire()).isZero();
    }

    @Test
    void idleTimeEarnsNoMoreThanABurst() {
        Throttle throttle = throttle("60/min,max_burst=5");
        taken(throttle, 5);

        time.pass(Duration.ofDays(30));

        assertThat(taken(throttle, 100)).isEqualTo(5);
    }

    @Test
    void aPermitGivenBackCanBeTakenAgain() {
        Throttle throttle = throttle("3/h");
        taken(throttle, 3);

        throttle.giveBack();

        assertThat(taken(throttle, 10)).isEqualTo(1);
    }

    @Test
    void permitsGivenBackNeverAddUpToMoreThanABurst() {
        Throttle throttle = throttle("3/h");
        for (int i = 0; i < 10; i++) {
            throttle.giveBack();
        }

        assertThat(taken(throttle, 10)).isEqualTo(3);
    }

    @Test
    void aClockThatIsSetBackStopsNothingForLong() {
        Throttle throttle = throttle("60/min,max_burst=5");
        taken(throttle, 5);

        time.pass(Duration.ofDays(-1));

        assertThat(throttle.tryAcquire()).isEqualTo(1_000_000_000);
        time.pass(Duration.ofSeconds(1));
        assertThat(taken(throttle, 10)).isEqualTo(1);
    }

    @Test
    void canBeRetiredOnlyWhileItIsAsIfNew() {
        Throttle throttle = throttle("2/s");
        throttle.tryAcquire();
        assertThat(throttle.toIdle()).isEqualTo(500_000_000);
        assertThat(throttle.retireIfIdle()).isFalse();

        time.pass(Duration.ofMillis(500));

        assertThat(throttle.retireIfIdle()).isTrue();
        assertThat(throttle.tryAcquire()).isEqualTo(Throttle.GONE);
        throttle.giveBack();
        assertThat(throttle.tryAcquire()).isEqualTo(Throttle.GONE);
    }

    @Test
    void noTwoThreadsGetTheSamePermit() throws Exception {
        Throttle throttle = throttle("10000/h");
        AtomicInteger taken = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        for (int i = 0; i < 4; i++) {
            threads.execute(() -> taken.addAndGet((int) taken(throttle, 5_000)));
        }
        threads.shutdown();

        assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        assertThat(taken).hasValue(10_000);
    }

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 100);
    }

    /** Held against a bucket that counts drops one by one, in a rate without a remainder. */
    @ParameterizedTest
    @MethodSource("seeds")
    void grantsWhatABucketGrants(long seed) {
        Random random = new Random(seed);
        int[] limits = {1, 2, 4, 5, 10, 20, 25, 50, 100};
        int limit = limits[random.nextInt(limits.length)];
        long spacing = 1_000_000_000 / limit;
        int burst = random.nextInt(1, 2 * limit + 1);
        Throttle throttle = throttle(limit + "/s,max_burst=" + burst);
        ArrayDeque<Long> comingBack = new ArrayDeque<>(); // when each permit that is out is back in the bucket
        long now = 0;
        for (int i = 0; i < 500; i++) {
            long step = random.nextInt(3) == 0 ? 0 : random.nextLong(2 * spacing);
            now += step;
            time.pass(Duration.ofNanos(step));
            while (!comingBack.isEmpty() && comingBack.peek() <= now) {
                comingBack.remove();
            }
            long wait = throttle.tryAcquire();

            long expected = comingBack.size() < burst ? 0 : comingBack.peek() - now;
            assertThat(wait)
                    .as("seed %d, %d/s, burst %d, step %d", seed, limit, burst, i)
                    .isEqualTo(expected);
            if (wait == 0) {
                comingBack.add((comingBack.isEmpty() ? now : comingBack.peekLast()) + spacing);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whoWaitsAsLongAsIsSaidIsServed(long seed) {
        Random random = new Random(seed);
        Throttle throttle = throttle(
                random.nextInt(1, 1_000) + "/" + random.nextInt(1, 10) + "s,max_burst=" + random.nextInt(1, 20));
        for (int i = 0; i < 200; i++) {
            long wait = throttle.tryAcquire();
            if (wait > 1) {
                time.pass(Duration.ofNanos(wait - 1));
                assertThat(throttle.tryAcquire()).as("seed %d", seed).isEqualTo(1);
                time.pass(Duration.ofNanos(1));
                assertThat(throttle.tryAcquire()).as("seed %d", seed).isZero();
            }
        }
    }
}
