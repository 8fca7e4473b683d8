package dev.kumo.core.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.delivery.Outcome;
import dev.kumo.core.log.LogRecord;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.MessageId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Everything at once, on real threads: every message has one end, whatever is ordered meanwhile. */
class QueueRaceTest {

    private static final int MESSAGES = 1500;

    private final World world = new World();
    private final Map<MessageId, List<String>> ends = new HashMap<>();

    private Outcome outcome(Message message) {
        int dice =
                Math.floorMod(message.id().hashCode() * 31 + message.schedule().attempts() * 7, 10);
        if (dice < 5) {
            return FakeSites.DELIVERED;
        }
        return dice < 9 ? FakeSites.BUSY : FakeSites.NOBODY;
    }

    private void order(SplittableRandom random) {
        Queues queues = world.queues();
        QueueMatch some = QueueMatch.all().tenant("t" + random.nextInt(5));
        switch (random.nextInt(6)) {
            case 0 -> queues.suspend(some, "pause", Duration.ofMinutes(3));
            case 1 -> queues.orders().forEach(order -> queues.revoke(order.id()));
            case 2 -> queues.rebind(some, Map.of("tenant", "t" + random.nextInt(5)), "moved");
            case 3 -> queues.bounce(QueueMatch.named("t0@example3.org"), "stop", Duration.ofMinutes(1));
            case 4 ->
                queues.suspendReady(
                        "unspecified->mx.example" + random.nextInt(4) + ".org@smtp_client",
                        "pause",
                        Duration.ofMinutes(2));
            default -> queues.scheduled(QueueMatch.all());
        }
    }

    private boolean allHaveEnded() {
        return world.queues().scheduled(QueueMatch.all()).stream().allMatch(state -> state.depth() == 0);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void everyMessageHasOneEnd(long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        ThreadPoolExecutor threads = (ThreadPoolExecutor) Executors.newFixedThreadPool(16);
        world.executor = threads;
        world.queue(queue -> queue.retryInterval(Duration.ofMinutes(1)).maxRetryInterval(Duration.ofMinutes(2)))
                .egressPath(path -> path.maxReady(20).connectionLimit(3).maxMessageRate("100/s"))
                .start();
        world.sites.answer = this::outcome;
        List<MessageId> given = new ArrayList<>();
        long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        for (int step = 0; step < MESSAGES / 10 || !allHaveEnded(); step++) {
            for (int i = 0; i < 10 && given.size() < MESSAGES; i++) {
                Message message = world.message("a@example" + random.nextInt(4) + ".org");
                message.meta().put("tenant", "t" + random.nextInt(5));
                message.setDeferredSpool(random.nextBoolean());
                given.add(message.id());
                world.take(message);
            }
            if (step < MESSAGES / 10) {
                order(random);
            }
            world.now = world.now.plusSeconds(5);
            world.works().tick();
            while (!threads.getQueue().isEmpty()) {
                Thread.onSpinWait(); // or time would run away from the threads
            }
            assertThat(System.nanoTime()).as("in time").isLessThan(patience);
        }
        assertThat(world.works().close(Duration.ofSeconds(30))).isTrue();
        threads.shutdown();

        for (LogRecord record : List.copyOf(world.records)) {
            if (record instanceof LogRecord.Delivery delivery) {
                end(delivery.message().id(), record);
            } else if (record instanceof LogRecord.Bounce bounce) {
                end(bounce.message().id(), record);
            } else if (record instanceof LogRecord.AdminBounce bounce) {
                end(bounce.message().id(), record);
            } else if (record instanceof LogRecord.Expiration expiration) {
                end(expiration.message().id(), record);
            }
        }
        assertThat(ends).hasSize(MESSAGES).containsOnlyKeys(given);
        assertThat(ends.values()).allSatisfy(end -> assertThat(end).hasSize(1));
        assertThat(world.disk().ids()).isEmpty();
    }

    private void end(MessageId id, LogRecord record) {
        ends.computeIfAbsent(id, any -> new ArrayList<>()).add(record.type());
    }
}
