package dev.kumo.core.queue;

import static dev.kumo.core.queue.FakeSites.DELIVERED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.mail.Message;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The end of the queues. */
class CloseTest {

    private final World world = new World();

    @Test
    void connectionsThatRestAreClosed() {
        ExecutorService threads = Executors.newCachedThreadPool();
        world.executor = threads;
        CountDownLatch delivered = new CountDownLatch(1);
        world.start();
        world.sites.answer = message -> {
            delivered.countDown();
            return DELIVERED;
        };
        world.take(world.message("a@example.org"));
        await(delivered);

        assertThat(world.works().close(Duration.ofSeconds(30))).isTrue();
        assertThat(world.sites.open).isEmpty();
        assertThat(world.disk().ids()).isEmpty();
        threads.shutdown();
    }

    @Test
    void waitsForWhatIsBeingSentAndBeginsNothing() {
        ExecutorService threads = Executors.newCachedThreadPool();
        world.executor = threads;
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch closing = new CountDownLatch(1);
        world.egressPath(path -> path.connectionLimit(1)).start();
        world.sites.answer = message -> {
            begun.countDown();
            await(closing);
            return DELIVERED;
        };
        Message first = world.message("a@example.org");
        Message second = world.message("a@example.org");
        world.take(first, second);
        await(begun);
        assertThat(world.works().close(Duration.ZERO)).isFalse();
        closing.countDown();

        assertThat(world.works().close(Duration.ofSeconds(30))).isTrue();
        assertThat(world.sites.received).containsExactly(first.id().text());
        assertThat(world.disk().ids()).containsExactly(second.id());
        threads.shutdown();
    }

    @Test
    void whatHangsIsWrittenToo() {
        ExecutorService threads = Executors.newCachedThreadPool();
        world.executor = threads;
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        world.start();
        world.sites.answer = message -> {
            begun.countDown();
            await(never);
            return DELIVERED;
        };
        Message message = world.giveDeferred("a@example.org");
        await(begun);

        assertThat(world.works().close(Duration.ofMillis(1))).isFalse();
        assertThat(world.disk().ids()).containsExactly(message.id());
        never.countDown();
        threads.shutdown();
    }

    @Test
    void anExecutorThatIsBusyIsAskedAgain() {
        List<Runnable> taken = new java.util.ArrayList<>();
        boolean[] busy = {true};
        Executor moody = task -> {
            if (busy[0]) {
                throw new java.util.concurrent.RejectedExecutionException("busy");
            }
            taken.add(task);
        };
        world.executor = moody;
        world.start();
        try (dev.kumo.core.TestMail.Log log = new dev.kumo.core.TestMail.Log(QueueWorks.class)) {
            world.take(world.message("a@example.org"));
            assertThat(log.lines()).hasSize(1);
        }
        busy[0] = false;
        world.now = world.now.plusSeconds(2);
        world.goOn();

        assertThat(taken).hasSize(1);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
