package dev.kumo.http;

import dev.kumo.core.thread.WorkerThreads;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/** Where handlers and policies run: on the embedder's executor, or else on threads that are there while the listener is open. */
final class HandlerThreads {

    /** On Java 17 as many handlers can wait at once; further ones wait for a thread. */
    private static final int MOST_THREADS = 512;

    private final @Nullable Executor given;
    private @Nullable ExecutorService own;

    HandlerThreads(@Nullable Executor given) {
        this.given = given;
    }

    Executor open() {
        if (given != null) {
            return given;
        }
        ExecutorService threads = WorkerThreads.create("kumo-http-worker", MOST_THREADS);
        own = threads;
        return threads;
    }

    /** Takes nothing more; what runs ends. */
    void close() {
        if (own != null) {
            own.shutdown();
            own = null;
        }
    }
}
