package dev.kumo.http.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumo.http.answer.RefusedException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class BroadcastTest {

    private final AtomicInteger snapshots = new AtomicInteger();
    private final Broadcast broadcast = new Broadcast(this::snapshot, Duration.ofMillis(1));

    private byte[] snapshot() {
        return Integer.toString(snapshots.incrementAndGet()).getBytes(UTF_8);
    }

    @AfterEach
    void close() {
        broadcast.close();
    }

    private static final class Watcher implements Broadcast.Watcher {

        final BlockingQueue<byte[]> events = new LinkedBlockingQueue<>();
        volatile boolean ended;

        @Override
        public void offer(byte[] event) {
            events.add(event);
        }

        @Override
        public void end() {
            ended = true;
        }

        byte @Nullable [] next() throws InterruptedException {
            return events.poll(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void anEventIsASnapshotInItsFormat() throws InterruptedException {
        Watcher watcher = new Watcher();
        broadcast.join(watcher);

        assertThat(watcher.next()).asString(UTF_8).isEqualTo("data: 1\n\n");
        assertThat(watcher.next()).asString(UTF_8).isEqualTo("data: 2\n\n");
    }

    @Test
    @SuppressWarnings("ReferenceEquality") // made once for all is what it means
    void allWhoWatchAreShownTheSameSnapshot() throws InterruptedException {
        Watcher first = new Watcher();
        Watcher second = new Watcher();
        broadcast.join(first);
        broadcast.join(second);
        byte[] shown = second.next();

        for (byte[] event = first.next(); event != shown; event = first.next()) {
            assertThat(event).isNotNull();
        }
    }

    @Test
    void nothingIsComputedWhileNobodyWatches() throws InterruptedException {
        Watcher watcher = new Watcher();
        broadcast.join(watcher);
        assertThat(watcher.next()).isNotNull();
        broadcast.leave(watcher);
        while (broadcast.isTicking()) {
            Thread.onSpinWait();
        }

        int before = snapshots.get();
        Watcher next = new Watcher();
        broadcast.join(next);
        assertThat(next.next()).asString(UTF_8).isEqualTo("data: " + (before + 1) + "\n\n");
    }

    @Test
    void whoWatchesIsToldOfTheEndAndNobodyJoinsAfterIt() {
        Watcher watcher = new Watcher();
        broadcast.join(watcher);
        broadcast.close();

        assertThat(watcher.ended).isTrue();
        assertThatThrownBy(() -> broadcast.join(new Watcher()))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> assertThat(refused.answer().status()).isEqualTo(503));
    }

    @Test
    void aSnapshotThatFailsIsNotTheLast() throws InterruptedException {
        AtomicInteger tries = new AtomicInteger();
        try (Broadcast failing = new Broadcast(
                () -> {
                    if (tries.incrementAndGet() < 3) {
                        throw new IllegalStateException("not yet");
                    }
                    return new byte[] {'1'};
                },
                Duration.ofMillis(1))) {
            Watcher watcher = new Watcher();
            failing.join(watcher);
            assertThat(List.of(new String(watcher.next(), UTF_8))).containsExactly("data: 1\n\n");
        }
    }
}
