package dev.kumo.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.Mta;
import dev.kumo.core.policy.Verdict;
import dev.kumo.core.spool.Spool;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code deferred_generation} has promised outlives the process. */
@Timeout(60)
class DeferredRestartTest extends LaterMail {

    @Test
    void afterARestartTheRestIsMadeForTheSameCaller(@TempDir Path folder) throws IOException {
        Mta first = start(Spool.onDisk(folder), InstantSource.system());
        suspend(first);
        post(request(users(120)), "Authorization: Basic c2hvcDpzM2NyZXQ=\r\n");
        while (waiting(first) < 3) {
            Thread.onSpinWait();
        }
        int port = listener.address().getPort();
        first.close();
        assertThat(delivered).isEmpty();

        List<Caller> callers = Collections.synchronizedList(new ArrayList<>());
        policy = (caller, message) -> {
            callers.add(caller);
            return Verdict.proceed();
        };
        start(Spool.onDisk(folder), InstantSource.system());
        awaitDelivered(120);
        assertThat(delivered.stream().map(Map.Entry::getKey).distinct()).hasSize(120);
        assertThat(callers).hasSize(120).allSatisfy(caller -> {
            assertThat(caller.user()).contains("shop");
            assertThat(caller.trusted()).isTrue();
            assertThat(caller.client().getAddress().isLoopbackAddress()).isTrue();
            assertThat(caller.server().getPort()).isEqualTo(port);
        });
    }

    @Test
    void whatCloseInterruptsIsMadeAfterTheNextStartAndNothingTwice(@TempDir Path folder) throws IOException {
        AtomicInteger made = new AtomicInteger();
        CountDownLatch answered = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        policy = (caller, message) -> {
            int count = made.incrementAndGet();
            await(answered);
            if (count == 20) {
                listener.close();
                closed.countDown();
            } else if (count > 20) {
                await(closed);
            }
            return Verdict.proceed();
        };
        Mta first = start(Spool.onDisk(folder), InstantSource.system());
        post(request(users(200)));
        answered.countDown();
        awaitDelivered(1);
        while (made.get() < 20) {
            Thread.onSpinWait();
        }
        first.close();
        assertThat(made.get()).isBetween(20, 40);

        start(Spool.onDisk(folder), InstantSource.offset(InstantSource.system(), Duration.ofMinutes(1)));
        awaitDelivered(200);
        awaitEmpty(running);
        assertThat(delivered)
                .extracting(Map.Entry::getKey)
                .doesNotHaveDuplicates()
                .hasSize(200);
    }
}
