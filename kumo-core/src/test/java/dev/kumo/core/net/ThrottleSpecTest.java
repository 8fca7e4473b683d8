package dev.kumo.core.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ThrottleSpecTest {

    private static ThrottleSpec rate(long limit, Duration period) {
        return new ThrottleSpec(limit, period, limit, false);
    }

    @ParameterizedTest
    @CsvSource({
        "s, PT1S",
        "sec, PT1S",
        "second, PT1S",
        "m, PT1M",
        "min, PT1M",
        "minute, PT1M",
        "h, PT1H",
        "hr, PT1H",
        "hour, PT1H",
        "d, PT24H",
        "day, PT24H",
        "30min, PT30M",
        "2d, PT48H"
    })
    void readsEveryPeriod(String period, Duration length) {
        assertThat(ThrottleSpec.parse("20/" + period)).isEqualTo(rate(20, length));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1000000/h", "1,000,000/h", "1_000_000/h"})
    void digitsMayBeGrouped(String text) {
        assertThat(ThrottleSpec.parse(text)).isEqualTo(rate(1_000_000, Duration.ofHours(1)));
    }

    @Test
    void readsBurstAndLocal() {
        assertThat(ThrottleSpec.parse("local:100/min,max_burst=1_0"))
                .isEqualTo(new ThrottleSpec(100, Duration.ofMinutes(1), 10, true));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1/1s|1/s",
                "1/60s|1/min",
                "1/90s|1/90s",
                "1/120m|1/2h",
                "1/24h|1/d",
                "1,000/hr,max_burst=1000|1000/h",
                "local:7/30min,max_burst=2|local:7/30min,max_burst=2"
            })
    void isWrittenInItsShortestForm(String read, String written) {
        assertThat(ThrottleSpec.parse(read)).hasToString(written);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "|is not a rate: write a number",
                "100|is not a rate: write a number, '/' and a period, such as '100/min'",
                "100 / min|write a number",
                "-1/min|write a number",
                "1.5/min|write a number",
                ",1/min|write a number",
                "1/min,burst=3|write a number",
                "1/min,max_burst=|write a number",
                "remote:1/min|write a number",
                "100/mins|'mins' is not a period (the periods are s, min, h, d)",
                "100/M|'M' is not a period",
                "0/min|a rate allows 1 to 1,000,000,000 in its period, not 0",
                "1000000001/s|1 to 1,000,000,000",
                "99999999999999999999/s|too many digits",
                "1/0s|whole number of seconds up to 366 days",
                "1/367d|whole number of seconds up to 366 days",
                "1/9999999999d|whole number of seconds up to 366 days",
                "1/min,max_burst=0|max_burst is 1 to 1,000,000,000, not 0",
                "1/d,max_burst=36601|would take longer than 36600 days"
            })
    void saysWhatIsWrong(String text, String why) {
        String wrong = text == null ? "" : text;

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ThrottleSpec.parse(wrong))
                .withMessageStartingWith("'" + wrong + "' is not a rate: ")
                .withMessageContaining(why);
    }

    @Test
    void takesThePeriodInWholeSeconds() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ThrottleSpec(1, Duration.ofMillis(1500), 1, false))
                .withMessageContaining("PT1.5S");
    }

    @Test
    void theGreatestBurstIsTaken() {
        assertThat(ThrottleSpec.parse("1/d,max_burst=36600").maxBurst()).isEqualTo(36_600);
        assertThat(ThrottleSpec.parse("1000000000/s").spacing()).isEqualTo(Duration.ofNanos(1));
    }

    @Test
    void spacingIsRoundedUp() {
        assertThat(ThrottleSpec.parse("3/s").spacing()).isEqualTo(Duration.ofNanos(333_333_334));
    }

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 200);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whatIsWrittenIsReadBack(long seed) {
        Random random = new Random(seed);
        long limit = random.nextLong(1, 2L << random.nextInt(29));
        int[] units = {1, 60, 3_600, 86_400};
        Duration period = Duration.ofSeconds((long) random.nextInt(1, 366) * units[random.nextInt(4)]);
        long burst = random.nextBoolean() ? limit : random.nextLong(1, 2 * limit + 1);
        ThrottleSpec spec = new ThrottleSpec(limit, period, burst, random.nextBoolean());

        assertThat(ThrottleSpec.parse(spec.toString()))
                .as("seed %d: %s", seed, spec)
                .isEqualTo(spec);
    }
}
