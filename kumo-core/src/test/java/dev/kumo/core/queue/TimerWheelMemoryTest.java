package dev.kumo.core.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TimerWheelMemoryTest {

    private static final int MILLION = 1_000_000;

    /** What is allocated is at least what is held, and does not depend on a collector. */
    @Test
    void aMillionMessagesTakeSome30BytesEach() throws ReflectiveOperationException {
        SplittableRandom random = new SplittableRandom(1);
        @SuppressWarnings("unchecked")
        Waiting<Object>[] slots = (Waiting<Object>[]) new Waiting<?>[256];
        Object queue = new Object();
        long before = allocated();
        for (int i = 0; i < MILLION; i++) {
            int slot = i % slots.length;
            if (slots[slot] == null) {
                slots[slot] = new Waiting<>();
            }
            slots[slot].add(random.nextLong(), random.nextLong(), random.nextLong(), queue);
        }

        assertThat((allocated() - before) / MILLION).isBetween(24L, 33L);
    }

    /** By reflection, as the module does not read java.management. */
    private static long allocated() throws ReflectiveOperationException {
        Object threads = Class.forName("java.lang.management.ManagementFactory")
                .getMethod("getThreadMXBean")
                .invoke(null);
        return (long) Class.forName("com.sun.management.ThreadMXBean")
                .getMethod("getCurrentThreadAllocatedBytes")
                .invoke(threads);
    }

    @Test
    void aMillionMessagesComeInOrderThroughDays() {
        TimerWheel<Object> wheel = new TimerWheel<>(Duration.ofMillis(100), 0);
        SplittableRandom random = new SplittableRandom(1);
        long end = Duration.ofDays(5).toMillis();
        for (int i = 0; i < MILLION; i++) {
            wheel.add(random.nextLong(end), TimerWheelTest.id(), wheel);
        }
        long[] last = {0};
        long now = 0;
        while (wheel.size() > 0) {
            long reached = now;
            wheel.advance(now, Integer.MAX_VALUE, (id, queue, due) -> {
                if (due > reached || due < last[0] - 99) {
                    throw new AssertionError(due + " at " + reached + " after " + last[0]);
                }
                last[0] = due;
            });
            now = wheel.nextDue().orElse(now);
        }

        assertThat(now).isBetween(end - 10_000, end);
    }
}
