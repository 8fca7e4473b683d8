package dev.kumo.core.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimestampTest {

    private final Timestamp timestamp = new Timestamp();

    private String text(Instant time) {
        return new String(timestamp.text(), 0, timestamp.set(time), StandardCharsets.US_ASCII);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-08-04T03:04:05Z",
                "2026-08-04T03:04:05.100Z",
                "2026-08-04T03:04:05.000100Z",
                "2026-08-04T03:04:05.123456789Z",
                "1970-01-01T00:00:00Z",
                "1969-12-31T23:59:59.999Z",
                "0000-01-01T00:00:00Z",
                "9999-12-31T23:59:59.999999999Z"
            })
    void isAsJavaWritesIt(String time) {
        assertThat(text(Instant.parse(time))).isEqualTo(time);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-0001-12-31T23:59:59Z", "+10000-01-01T00:00:00Z"})
    void aYearOfAnotherLengthIsNotWritten(String time) {
        text(Instant.EPOCH);

        assertThat(timestamp.set(Instant.parse(time))).isZero();
        assertThat(text(Instant.EPOCH)).isEqualTo("1970-01-01T00:00:00Z");
        assertThat(timestamp.set(Instant.MAX)).isZero();
        assertThat(timestamp.set(Instant.MIN)).isZero();
    }

    @Test
    void anyTimeAfterAnyOther() {
        SplittableRandom random = new SplittableRandom(20261122);
        long end = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();
        for (int i = 0; i < 10_000; i++) {
            Instant time = Instant.ofEpochSecond(
                    random.nextLong(-60_000_000_000L, end), random.nextBoolean() ? 0 : random.nextInt(1_000_000_000));

            assertThat(text(time)).isEqualTo(time.toString());
        }
    }
}
