package dev.kumo.lua;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Threads on which scripts run: those of the platform. A call into native code holds the carrier of a virtual thread until it ends, so a few
 * scripts that loop, or wait for the DNS, would hold up every virtual thread of the process.
 */
final class LuaThreads {

    /** As many steps of sessions can be at work at once; further ones wait for a thread. */
    private static final int MOST_SESSIONS = 512;

    private static final @Nullable MethodHandle IS_VIRTUAL = isVirtual();

    private LuaThreads() {}

    /** There since Java 21. */
    private static @Nullable MethodHandle isVirtual() {
        try {
            return MethodHandles.publicLookup()
                    .findVirtual(Thread.class, "isVirtual", MethodType.methodType(boolean.class));
        } catch (ReflectiveOperationException beforeJava21) {
            return null;
        }
    }

    private static boolean onVirtualThread() {
        try {
            return IS_VIRTUAL != null && (boolean) IS_VIRTUAL.invokeExact(Thread.currentThread());
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** For the listeners of a script. */
    static ExecutorService ofSessions() {
        return create("kumo-session-", MOST_SESSIONS);
    }

    /** For calls that come on virtual threads. */
    static ExecutorService ofCalls(int most) {
        return create("kumo-lua-", most);
    }

    private static ExecutorService create(String name, int most) {
        AtomicInteger count = new AtomicInteger();
        ThreadFactory threads = task -> {
            Thread thread = new Thread(task, name + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
        // A queue that takes a task only if a thread already waits for one makes the pool grow before it queues.
        LinkedTransferQueue<Runnable> queue = new LinkedTransferQueue<>() {
            private static final long serialVersionUID = 1L;

            @Override
            public boolean offer(Runnable task) {
                return tryTransfer(task);
            }
        };
        return new ThreadPoolExecutor(0, most, 30, TimeUnit.SECONDS, queue, threads, (task, pool) -> {
            if (pool.isShutdown()) {
                throw new RejectedExecutionException("the policy script was closed");
            }
            queue.put(task);
        });
    }

    /** Runs work here, or, on a virtual thread, elsewhere; ends when that has ended, even if it is interrupted. */
    static <T extends @Nullable Object> T run(ExecutorService calls, Supplier<T> work) {
        if (!onVirtualThread()) {
            return work.get();
        }
        FutureTask<T> task = new FutureTask<>(work::get);
        calls.execute(task);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException e) {
                    interrupted = true; // the state is in use until the work ends, which it does in time
                }
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
