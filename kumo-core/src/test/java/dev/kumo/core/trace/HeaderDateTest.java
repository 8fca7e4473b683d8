package dev.kumo.core.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderDateTest {

    private final HeaderDate dates = new HeaderDate();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1970-01-01T00:00:00Z | Thu, 01 Jan 1970 00:00:00 +0000",
                "2026-08-04T03:04:05Z | Tue, 04 Aug 2026 03:04:05 +0000",
                "2024-02-29T23:59:59.999Z | Thu, 29 Feb 2024 23:59:59 +0000",
                "2026-09-30T12:00:00Z | Wed, 30 Sep 2026 12:00:00 +0000",
            })
    void isWrittenInUtcWithTwoDigits(Instant at, String date) {
        assertThat(dates.of(at)).isEqualTo(date);
    }

    @Test
    void theLastSecondIsRemembered() {
        String first = dates.of(Instant.ofEpochSecond(1_000_000));

        assertThat(dates.of(Instant.ofEpochSecond(1_000_000, 999_999_999))).isSameAs(first);
        assertThat(dates.of(Instant.ofEpochSecond(1_000_001))).isNotEqualTo(first);
        assertThat(dates.of(Instant.ofEpochSecond(1_000_000))).isEqualTo(first);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void agreesWithThePlatformsFormatter(long seed) {
        DateTimeFormatter formatter = DateTimeFormatter.ofPattern("EEE, dd MMM uuuu HH:mm:ss Z", Locale.US)
                .withZone(ZoneOffset.UTC);
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 1_000; round++) {
            Instant at = Instant.ofEpochSecond(random.nextLong(0, 8_000_000_000L));

            assertThat(dates.of(at)).as("seed %d", seed).isEqualTo(formatter.format(at));
        }
    }
}
