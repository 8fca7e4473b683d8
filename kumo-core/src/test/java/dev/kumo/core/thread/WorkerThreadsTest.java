package dev.kumo.core.thread;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

@Timeout(60)
class WorkerThreadsTest {

    private final List<ExecutorService> made = new ArrayList<>();

    private ExecutorService keep(ExecutorService threads) {
        made.add(threads);
        return threads;
    }

    @AfterEach
    void end() {
        made.forEach(ExecutorService::shutdown);
    }

    @Test
    void areNamedAfterTheirPurpose() {
        assertThat(on(keep(WorkerThreads.create("kumo-test", 1)), Thread::currentThread)
                        .getName())
                .startsWith("kumo-test-");
    }

    @Test
    void keepNoProcessFromEnding() {
        assertThat(on(keep(WorkerThreads.platform("kumo-test", 1)), Thread::currentThread)
                        .isDaemon())
                .isTrue();
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void areVirtualWhereThereAreSuch() throws Exception {
        Thread thread = on(keep(WorkerThreads.create("kumo-test", 1)), Thread::currentThread);

        assertThat(Thread.class.getMethod("isVirtual").invoke(thread)).isEqualTo(true);
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void areThoseOfThePlatformWhereThatIsAskedFor() throws Exception {
        Thread thread = on(keep(WorkerThreads.platform("kumo-test", 1)), Thread::currentThread);

        assertThat(Thread.class.getMethod("isVirtual").invoke(thread)).isEqualTo(false);
    }

    @Test
    void asManyTasksWaitAtOnceAsThereMayBeThreads() {
        ExecutorService threads = keep(WorkerThreads.platform("kumo-test", 4));
        CyclicBarrier all = new CyclicBarrier(4);
        List<CompletableFuture<Void>> tasks = new ArrayList<>();

        for (int i = 0; i < 12; i++) {
            tasks.add(CompletableFuture.runAsync(() -> meet(all), threads));
        }

        tasks.forEach(CompletableFuture::join);
    }

    @Test
    void whatTheyHaveIsRunAfterTheyWereShutDown() {
        ExecutorService threads = keep(WorkerThreads.platform("kumo-test", 1));
        CompletableFuture<Void> open = new CompletableFuture<>();
        CompletableFuture<Void> first = CompletableFuture.runAsync(open::join, threads);
        CompletableFuture<Void> second = CompletableFuture.runAsync(() -> {}, threads);

        threads.shutdown();
        open.complete(null);

        first.join();
        second.join();
    }

    @Test
    void takeNothingOnceTheyAreShutDown() {
        for (ExecutorService threads :
                List.of(WorkerThreads.create("kumo-test", 1), WorkerThreads.platform("kumo-test", 1))) {
            threads.shutdown();

            assertThatThrownBy(() -> threads.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
        }
    }

    private static <T> T on(Executor threads, Supplier<T> task) {
        return CompletableFuture.supplyAsync(task, threads).join();
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
