package dev.kumo.core.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DurationTextTest {

    @ParameterizedTest
    @CsvSource({
        "1 minute, PT1M",
        "1m30s, PT1M30S",
        "2h 37min, PT2H37M",
        "1 m 5 s, PT1M5S",
        "'  1\tm\n5 s ', PT1M5S",
        "500ms, PT0.5S",
        "0, PT0S",
        "' 0 ', PT0S",
        "0s, PT0S",
        "1.5 minutes, PT1M30S",
        "0.5s, PT0.5S",
        "1.500 us, PT0.0000015S",
        "1s 1s, PT2S",
        "5s 1m, PT1M5S",
        "007 s, PT7S",
        "10000 s, PT10000S",
        "1ns, PT0.000000001S",
        "0.000000001s, PT0.000000001S",
        "292000000000y, PT2559672000000000H",
        "9223372036854775807s 999999999ns, PT2562047788015215H30M7.999999999S",
    })
    void reads(String text, Duration duration) {
        assertThat(DurationText.parse(text)).isEqualTo(duration);
    }

    @ParameterizedTest
    @CsvSource({
        "ns nsec nanos, PT0.000000001S",
        "us usec µs, PT0.000001S",
        "ms msec millis, PT0.001S",
        "s sec secs second seconds, PT1S",
        "m min mins minute minutes, PT1M",
        "h hr hrs hour hours, PT1H",
        "d day days, P1D",
        "w wk wks week weeks, P7D",
        "M month months, PT2630016S",
        "y yr yrs year years, PT31557600S",
    })
    void knowsTheUnits(String units, Duration duration) {
        for (String unit : units.split(" ", -1)) {
            assertThat(DurationText.parse("1" + unit)).as(unit).isEqualTo(duration);
            assertThat(DurationText.parse("3 " + unit)).as(unit).isEqualTo(duration.multipliedBy(3));
        }
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "\"\", \"it is empty: write a number and a unit, such as '1 minute'\"",
                "\"  \", it is empty",
                "90, 90 has no unit: write '90 s'",
                "1.5, 1.5 has no unit: write '1.5 s'",
                "1 min 30, 30 has no unit: write '30 s'",
                "10 000 s, 10 has no unit: write '10 s'",
                "00, 00 has no unit",
                "0 0, 0 has no unit",
                "1 Minute, 'Minute' is not a unit (did you mean 'minute'?)",
                "1 fortnight, \"'fortnight' is not a unit (the units are ns, us, ms, s, m, h, d, w, M for month, y)\"",
                "-5s, it must not be negative",
                "1m -5s, it must not be negative",
                "+5s, write numbers with units",
                ".5s, write numbers with units",
                "5.s, write numbers with units",
                "1.2.3s, write numbers with units",
                "1e3s, 'e' is not a unit",
                "\"1,5 s\", write numbers with units",
                "PT1M, write numbers with units",
                "minute, write numbers with units",
                "１s, write numbers with units",
                "0.5ns, it is finer than a nanosecond",
                "0.0000000001s, it is finer than a nanosecond",
                "9223372036854775808s, it is longer than 9223372036854775807 seconds",
                "9223372036854775807s 1s, it is longer than",
                "999999999999999999999999999999y, it is longer than",
                "99999999999999999999999999999999999999999s, a number in it has too many digits",
            })
    void refuses(String text, String mend) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DurationText.parse(text))
                .withMessageContaining("is not a duration: ")
                .withMessageContaining(mend);
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S, 0s",
        "PT1M, 1m",
        "PT1M30S, 1m 30s",
        "PT1H, 1h",
        "P1D, 1d",
        "P400D, 400d",
        "PT0.5S, 500ms",
        "PT0.001002003S, 1ms 2us 3ns",
        "P1DT2H3M4.5S, 1d 2h 3m 4s 500ms",
    })
    void writesTheCompactForm(Duration duration, String text) {
        assertThat(DurationText.format(duration)).isEqualTo(text);
    }

    @Test
    void writesNothingNegative() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DurationText.format(Duration.ofSeconds(-1)))
                .withMessageContaining("PT-1S");
    }

    @RepeatedTest(5)
    void readsWhatItWrites(RepetitionInfo repetition) {
        SplittableRandom random = new SplittableRandom(repetition.getCurrentRepetition());
        for (int i = 0; i < 2_000; i++) {
            long seconds = random.nextLong() >>> random.nextInt(1, 64);
            Duration duration = Duration.ofSeconds(seconds, random.nextBoolean() ? random.nextInt(1_000_000_000) : 0);
            assertThat(DurationText.parse(DurationText.format(duration)))
                    .as("seed %d", repetition.getCurrentRepetition())
                    .isEqualTo(duration);
        }
    }
}
