package dev.kumo.core.queue;

import static dev.kumo.core.queue.FakeSites.BUSY;
import static dev.kumo.core.queue.FakeSites.DELIVERED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.mail.Message;
import dev.kumo.core.spool.Spool;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The queues over the spool on disk. */
class DiskRestartTest {

    @TempDir
    Path directory;

    private final World world = new World();

    @Test
    void takesUpWhereItWas() throws IOException {
        List<String> acknowledged = new ArrayList<>();
        try (Spool spool = Spool.onDisk(directory.resolve("spool"))) {
            world.spool = spool;
            world.start();
            world.sites.answer = message -> BUSY;
            for (int i = 0; i < 20; i++) {
                Message message = world.message("a@example" + i % 3 + ".org");
                world.take(message).toCompletableFuture().join();
                acknowledged.add(message.id().text());
            }
            world.goOn();
            world.works().close(Duration.ofSeconds(30));
        }
        try (Spool spool = Spool.onDisk(directory.resolve("spool"))) {
            world.spool = spool;
            world.now = World.START.plus(Duration.ofMinutes(19)); // 20 minutes, less or more 30 seconds of jitter
            world.sites.received.clear();
            world.sites.answer = message -> DELIVERED;
            world.restart();
            assertThat(world.sites.received).isEmpty();
            world.pass(Duration.ofMinutes(2));
            assertThat(world.sites.received).containsExactlyInAnyOrderElementsOf(acknowledged);
            world.works().close(Duration.ofSeconds(30));
            try (Stream<Spool.Stored> left = spool.enumerate()) {
                assertThat(left).isEmpty();
            }
        }
    }
}
