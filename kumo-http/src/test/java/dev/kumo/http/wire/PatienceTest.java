package dev.kumo.http.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Deadlines that move on, without a clock. */
class PatienceTest {

    private final MockTicker time = Ticker.newMockTicker();
    private final EmbeddedChannel channel =
            EmbeddedChannel.builder().ticker(time).build();
    private final AtomicInteger ended = new AtomicInteger();
    private final Patience patience = new Patience(channel.eventLoop(), ended::incrementAndGet);

    private void pass(int seconds) {
        time.advance(seconds, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
    }

    @Test
    void endsOnceAtItsDeadline() {
        patience.expect(Duration.ofSeconds(10));
        pass(9);
        assertThat(ended).hasValue(0);
        pass(1);
        assertThat(ended).hasValue(1);
        pass(100);
        assertThat(ended).hasValue(1);
    }

    @Test
    void aLaterDeadlineTakesThePlaceOfTheFirst() {
        patience.expect(Duration.ofSeconds(10));
        pass(9);
        patience.expect(Duration.ofSeconds(10));
        pass(9);
        assertThat(ended).hasValue(0);
        pass(1);
        assertThat(ended).hasValue(1);
    }

    @Test
    void anEarlierDeadlineTakesThePlaceOfTheFirst() {
        patience.expect(Duration.ofSeconds(60));
        patience.expect(Duration.ofSeconds(10));
        pass(10);
        assertThat(ended).hasValue(1);
    }

    @Test
    void whileItIsTheServersTurnNothingEnds() {
        patience.expect(Duration.ofSeconds(10));
        patience.suspend();
        pass(100);
        assertThat(ended).hasValue(0);
        patience.expect(Duration.ofSeconds(10));
        pass(10);
        assertThat(ended).hasValue(1);
    }

    @Test
    void aTimeWithoutEndNeverEnds() {
        patience.expect(Duration.ofSeconds(Long.MAX_VALUE));
        pass(Integer.MAX_VALUE);
        assertThat(ended).hasValue(0);
    }
}
