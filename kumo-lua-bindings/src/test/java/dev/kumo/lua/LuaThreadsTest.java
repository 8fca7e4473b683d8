package dev.kumo.lua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** Where calls of scripts run. */
@Timeout(60)
class LuaThreadsTest {

    private final ExecutorService calls = LuaThreads.ofCalls(2);

    @AfterEach
    void close() {
        calls.shutdownNow();
    }

    private String nameOfTheThread() {
        return LuaThreads.run(calls, () -> Thread.currentThread().getName());
    }

    private static ExecutorService virtual() throws ReflectiveOperationException {
        return (ExecutorService)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    }

    private static <T> T onVirtualThread(Callable<T> work) throws Exception {
        ExecutorService virtual = virtual();
        try {
            return virtual.submit(work).get(30, TimeUnit.SECONDS);
        } finally {
            virtual.shutdown();
        }
    }

    @Test
    void runsHereOnAThreadOfThePlatform() {
        assertThat(nameOfTheThread()).isEqualTo(Thread.currentThread().getName());
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void leavesVirtualThreads() throws Exception {
        assertThat(onVirtualThread(this::nameOfTheThread)).startsWith("kumo-lua-");
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void throwsWhatWasThrown() {
        LuaFailure failure = new LuaFailure("policy.lua:1: boom", null);

        assertThatThrownBy(() -> onVirtualThread(() -> LuaThreads.<Object>run(calls, () -> {
                    throw failure;
                })))
                .isInstanceOf(ExecutionException.class)
                .hasCause(failure);
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void endsNoSoonerThanTheWorkWhenItIsInterrupted() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        AtomicBoolean stillInterrupted = new AtomicBoolean();
        ExecutorService virtual = virtual();
        Future<String> result = virtual.submit(() -> {
            Thread.currentThread().interrupt();
            String text = LuaThreads.run(calls, () -> {
                begun.countDown();
                try {
                    mayEnd.await();
                } catch (InterruptedException e) {
                    return "interrupted";
                }
                return "done";
            });
            stillInterrupted.set(Thread.currentThread().isInterrupted());
            return text;
        });

        begun.await();
        assertThat(result.isDone()).isFalse();
        mayEnd.countDown();
        assertThat(result.get(30, TimeUnit.SECONDS)).isEqualTo("done");
        assertThat(stillInterrupted).isTrue();
        virtual.shutdown();
    }
}
