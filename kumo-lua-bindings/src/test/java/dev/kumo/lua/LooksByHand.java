package dev.kumo.lua;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Hands what is to be run from time to time to a test, which runs it when it likes. */
final class LooksByHand extends ScheduledThreadPoolExecutor {

    private final Consumer<Runnable> keeper;

    LooksByHand(Consumer<Runnable> keeper) {
        super(0);
        this.keeper = keeper;
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, long initial, long delay, TimeUnit unit) {
        keeper.accept(task);
        return super.schedule(() -> {}, 1, TimeUnit.DAYS);
    }
}
