package dev.kumo.core.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.kumo.core.queue.ConnectionLeases.Lease;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConnectionLeasesTest {

    private final ConnectionLeases leases = new ConnectionLeases();

    @Test
    void givesAsManyAsTheLimitSays() {
        assertThat(leases.acquire("mx", 2)).isCompleted();
        assertThat(leases.acquire("mx", 2)).isCompleted();
        assertThat(leases.acquire("mx", 2)).isNotDone();
        assertThat(leases.acquire("other", 2)).isCompleted();
        assertThat(leases.count("mx")).isEqualTo(2);
        assertThat(leases.waiting("mx")).isEqualTo(1);
    }

    @Test
    void theNextGoesToWhoWaitsLongest() {
        Lease held = leases.acquire("mx", 1).join();
        CompletableFuture<Lease> first = leases.acquire("mx", 1);
        CompletableFuture<Lease> second = leases.acquire("mx", 1);

        held.close();

        assertThat(first).isCompleted();
        assertThat(second).isNotDone();
        assertThat(leases.acquire("mx", 1)).as("nobody steps in between").isNotDone();

        first.join().close();
        assertThat(second).isCompleted();
        assertThat(leases.count("mx")).isEqualTo(1);
    }

    @Test
    void closingTwiceGivesRoomOnce() {
        Lease twice = leases.acquire("mx", 2).join();
        leases.acquire("mx", 2).join();
        twice.close();
        twice.close();

        assertThat(leases.count("mx")).isEqualTo(1);
    }

    @Test
    void whoGivesUpIsPassedOver() {
        Lease held = leases.acquire("mx", 1).join();
        CompletableFuture<Lease> first = leases.acquire("mx", 1);
        CompletableFuture<Lease> second = leases.acquire("mx", 1);

        first.cancel(false);
        assertThat(leases.waiting("mx")).isEqualTo(1);
        held.close();

        assertThat(second).isCompleted();
    }

    @Test
    void whoGivesUpAfterwardsStillHasTheLease() {
        CompletableFuture<Lease> taken = leases.acquire("mx", 1);
        taken.cancel(false);
        assertThat(leases.count("mx")).isEqualTo(1);

        taken.join().close();

        assertThat(leases.count("mx")).isZero();
    }

    @Test
    void whoGivesUpLetsOneWithAGreaterLimitPass() {
        leases.acquire("mx", 1).join();
        CompletableFuture<Lease> small = leases.acquire("mx", 1);
        CompletableFuture<Lease> great = leases.acquire("mx", 2);

        small.cancel(false);

        assertThat(great).isCompleted();
    }

    @Test
    void aFutureCompletedByAnotherTakesNoLease() {
        Lease held = leases.acquire("mx", 1).join();
        CompletableFuture<Lease> mine = leases.acquire("mx", 1);
        CompletableFuture<Lease> next = leases.acquire("mx", 1);
        mine.complete(() -> {});

        held.close();

        assertThat(next).isCompleted();
        assertThat(leases.count("mx")).isEqualTo(1);
    }

    @Test
    void aLimitThatBecameSmallerTakesNothingAway() {
        Deque<Lease> held = new ArrayDeque<>();
        for (int i = 0; i < 3; i++) {
            held.add(leases.acquire("mx", 3).join());
        }
        CompletableFuture<Lease> next = leases.acquire("mx", 1);

        held.remove().close();
        held.remove().close();
        assertThat(next).isNotDone();
        held.remove().close();
        assertThat(next).isCompleted();
    }

    @Test
    void aLimitIsOneAtLeast() {
        assertThatIllegalArgumentException().isThrownBy(() -> leases.acquire("mx", 0));
    }

    /** On the stack, this would be some hundred thousand calls deep. */
    @Test
    void manyMayCloseAsSoonAsTheyAreTold() {
        Lease held = leases.acquire("mx", 1).join();
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            int place = i;
            leases.acquire("mx", 1).thenAccept(lease -> {
                order.add(place);
                lease.close();
            });
        }

        held.close();

        assertThat(order).hasSize(100_000).isSorted();
        assertThat(leases.count("mx")).isZero();
    }

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 100);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void servesInTheOrderOfAsking(long seed) {
        Random random = new Random(seed);
        int limit = random.nextInt(1, 5);
        List<CompletableFuture<Lease>> held = new ArrayList<>();
        Deque<CompletableFuture<Lease>> waiting = new ArrayDeque<>();
        for (int i = 0; i < 500; i++) {
            int what = random.nextInt(5);
            if (what < 2) {
                waiting.add(leases.acquire("mx", limit));
            } else if (what == 2 && !waiting.isEmpty()) {
                List<CompletableFuture<Lease>> all = new ArrayList<>(waiting);
                CompletableFuture<Lease> tired = all.get(random.nextInt(all.size()));
                tired.cancel(false);
                waiting.removeIf(CompletableFuture::isCancelled);
            } else if (!held.isEmpty()) {
                held.remove(random.nextInt(held.size())).join().close();
            }
            while (held.size() < limit && !waiting.isEmpty()) {
                held.add(waiting.remove());
            }
            assertThat(held).as("seed %d, step %d", seed, i).allMatch(CompletableFuture::isDone);
            assertThat(waiting).as("seed %d, step %d", seed, i).noneMatch(CompletableFuture::isDone);
            assertThat(leases.count("mx")).as("seed %d, step %d", seed, i).isEqualTo(held.size());
        }
    }

    @Test
    void manyThreadsNeverHaveMoreThanTheLimit() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        AtomicInteger open = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch served = new CountDownLatch(4_000);
        for (int i = 0; i < 4_000; i++) {
            threads.execute(() -> leases.acquire("mx", 3)
                    .thenAcceptAsync(
                            lease -> {
                                most.accumulateAndGet(open.incrementAndGet(), Math::max);
                                open.decrementAndGet();
                                lease.close();
                                served.countDown();
                            },
                            threads));
        }

        assertThat(served.await(30, TimeUnit.SECONDS)).isTrue();
        threads.shutdown();
        assertThat(most.get()).isBetween(1, 3);
        assertThat(leases.count("mx")).isZero();
        assertThat(leases.waiting("mx")).isZero();
    }
}
