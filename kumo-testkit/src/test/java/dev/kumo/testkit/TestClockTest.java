package dev.kumo.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TestClockTest {

    private final TestClock clock = new TestClock();

    @Test
    void standsStill() {
        assertThat(clock.instant()).isEqualTo(TestClock.START).isEqualTo(clock.instant());
    }

    @Test
    void isMovedForward() {
        clock.advance(Duration.ofMinutes(1));
        clock.advance(Duration.ofMillis(1));

        assertThat(clock).hasToString("2026-01-01T00:01:00.001Z");
    }

    @Test
    void isNeverMovedBack() {
        assertThatThrownBy(() -> clock.advance(Duration.ofNanos(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("forward");
    }
}
