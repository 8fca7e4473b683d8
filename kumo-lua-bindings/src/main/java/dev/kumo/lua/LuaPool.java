package dev.kumo.lua;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** States of one script: as many as there are calls at once, up to a bound. Those just used are used again first. */
final class LuaPool implements AutoCloseable {

    private enum Life {
        SERVING,
        /** Serves those that stay with it, and keeps no state for later. */
        RETIRED,
        CLOSED
    }

    /** A state that waits, upon those that have waited longer. */
    private record Idle(LuaEngine engine, @Nullable Idle below) {}

    private final Supplier<LuaEngine> maker;
    private final int most;
    private final Duration patience;
    private final Semaphore free;
    private final ExecutorService threads;
    private final AtomicReference<@Nullable Idle> idle = new AtomicReference<>();
    private volatile Life life = Life.SERVING;

    LuaPool(Supplier<LuaEngine> maker, int most, Duration patience) {
        this.maker = maker;
        this.most = most;
        this.patience = patience;
        this.free = new Semaphore(most);
        this.threads = LuaThreads.ofCalls(most);
    }

    /**
     * Calls a function with a state.
     *
     * @throws LuaFailure if none becomes free in time, or the pool is closed
     */
    <T extends @Nullable Object> T with(Function<LuaEngine, T> use) {
        acquire();
        try {
            return LuaThreads.run(threads, () -> withState(use));
        } finally {
            free.release();
        }
    }

    private <T extends @Nullable Object> T withState(Function<LuaEngine, T> use) {
        LuaEngine used = takeIdle();
        LuaEngine engine = used == null ? maker.get() : used;
        try {
            return use.apply(engine);
        } finally {
            giveBack(engine);
        }
    }

    private @Nullable LuaEngine takeIdle() {
        Idle first = idle.getAndUpdate(top -> top == null ? null : top.below());
        return first == null ? null : first.engine();
    }

    private void acquire() {
        if (life == Life.CLOSED) {
            throw new LuaFailure("the policy script was closed", null);
        }
        try {
            // Those who come may overtake those who wait: to hand each state over to a thread that sleeps costs more
            // than the call.
            if (!free.tryAcquire() && !free.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new LuaFailure(
                        "all " + most + " states of the policy script were busy for " + patience.toMillis()
                                + " ms; its handlers are slow, or more states are needed",
                        null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LuaFailure("interrupted while waiting for a state of the policy script", e);
        }
    }

    private void giveBack(LuaEngine engine) {
        if (engine.isSpoiled() || life != Life.SERVING) {
            engine.close();
            return;
        }
        idle.updateAndGet(top -> new Idle(engine, top));
        if (life != Life.SERVING) {
            closeIdle();
        }
    }

    /** Adds a state that exists already. */
    void add(LuaEngine engine) {
        giveBack(engine);
    }

    int idle() {
        return (int) Stream.iterate(idle.get(), Objects::nonNull, Idle::below).count();
    }

    /** From now on states end after each call. */
    void retire() {
        if (life == Life.SERVING) {
            life = Life.RETIRED;
        }
        closeIdle();
    }

    private void closeIdle() {
        for (LuaEngine engine = takeIdle(); engine != null; engine = takeIdle()) {
            engine.close();
        }
    }

    /** Those in use end when their calls do. */
    @Override
    public void close() {
        life = Life.CLOSED;
        threads.shutdown();
        closeIdle();
    }
}
