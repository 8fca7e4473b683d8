package dev.kumo.core.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class RetryScheduleTest {

    private static final Instant CREATED = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration MINUTES_20 = Duration.ofMinutes(20);

    private static RetrySchedule schedule(QueueOptions.Builder options) {
        return new RetrySchedule(options.build(), new Random(1));
    }

    private static List<Long> delays(QueueOptions.Builder options, int count) {
        RetrySchedule schedule = schedule(options);
        return IntStream.range(0, count)
                .mapToObj(attempts -> schedule.delay(attempts).toSeconds())
                .toList();
    }

    @Test
    void doublesUpToTheLongest() {
        assertThat(delays(QueueOptions.builder().maxRetryInterval(Duration.ofDays(1)), 9))
                .containsExactly(1200L, 2400L, 4800L, 9600L, 19200L, 38400L, 76800L, 86400L, 86400L);
    }

    @Test
    void doublesForEverWithoutALongest() {
        assertThat(delays(QueueOptions.builder(), 9))
                .containsExactly(1200L, 2400L, 4800L, 9600L, 19200L, 38400L, 76800L, 153600L, 307200L);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 62, 4611686018427387904",
        "1, 63, 9223372036854775807",
        "1, 2147483647, 9223372036854775807",
        "1200, 52, 5404319552844595200",
        "1200, 53, 9223372036854775807",
        "1200, 64, 9223372036854775807"
    })
    void saturates(long interval, int attempts, long seconds) {
        assertThat(schedule(QueueOptions.builder().retryInterval(Duration.ofSeconds(interval)))
                        .delay(attempts))
                .isEqualTo(Duration.ofSeconds(seconds));
    }

    @Test
    void countsInWholeSeconds() {
        assertThat(schedule(QueueOptions.builder().retryInterval(Duration.ofMillis(90_999)))
                        .delay(1))
                .isEqualTo(Duration.ofMinutes(3));
    }

    @Test
    void retriesForFiveDaysAndThenExpires() {
        RetrySchedule schedule = schedule(QueueOptions.builder()
                .retryInterval(Duration.ofSeconds(30)) // without jitter
                .maxRetryInterval(Duration.ofHours(12))
                .maxAge(Duration.ofDays(5)));
        List<Long> seconds = new ArrayList<>();
        Instant now = CREATED;
        Optional<Instant> next = schedule.next(CREATED, now, 0);
        while (next.isPresent()) {
            now = next.get();
            seconds.add(Duration.between(CREATED, now).toSeconds());
            next = schedule.next(CREATED, now, seconds.size());
        }

        assertThat(seconds)
                .containsExactly(
                        30L, 90L, 210L, 450L, 930L, 1890L, 3810L, 7650L, 15330L, 30690L, 61410L, 104610L, 147810L,
                        191010L, 234210L, 277410L, 320610L, 363810L, 407010L);
        assertThat(schedule.expiry(CREATED, now, seconds.size()).wire())
                .isEqualTo(
                        "551 5.4.7 Next delivery time would be 5d 5h 3m 30s after creation, which exceeds max_age 5d\r\n");
    }

    @Test
    void expiresBeforeItsTimeIfTheNextAttemptWouldComeAfterIt() {
        RetrySchedule schedule = schedule(QueueOptions.builder().maxAge(Duration.ofMinutes(30)));

        assertThat(schedule.next(CREATED, CREATED.plusSeconds(600), 0)).isPresent();
        assertThat(schedule.next(CREATED, CREATED.plusSeconds(601), 0)).isEmpty();
    }

    @Test
    void jitterNeverReachesPastTheEnd() {
        for (int seed = 0; seed < 50; seed++) {
            RetrySchedule schedule =
                    new RetrySchedule(QueueOptions.builder().maxAge(MINUTES_20).build(), new Random(seed));

            assertThat(schedule.next(CREATED, CREATED, 0))
                    .hasValueSatisfying(due -> assertThat(due).isBeforeOrEqualTo(CREATED.plus(MINUTES_20)));
        }
    }

    @Test
    void oldMailExpiresAtOnce() {
        assertThat(schedule(QueueOptions.builder()).next(CREATED, CREATED.plus(Duration.ofDays(400)), 0))
                .isEmpty();
    }

    @Test
    void tellsOfADelayOfEver() {
        assertThat(schedule(QueueOptions.builder())
                        .expiry(CREATED, CREATED, 1_000)
                        .wire())
                .startsWith("551 5.4.7 Next delivery time would be 2485513d")
                .endsWith("which exceeds max_age 7d\r\n");
    }

    @Test
    void aClockThatWasSetBackMakesNothingExpire() {
        Instant now = CREATED.minus(Duration.ofDays(400));

        assertThat(schedule(QueueOptions.builder().retryInterval(Duration.ofSeconds(30)))
                        .next(CREATED, now, 0))
                .contains(now.plusSeconds(30));
    }

    @ParameterizedTest
    @CsvSource({"39, 0", "40, 1", "79, 1", "80, 2", "600, 15", "1200, 30", "100000, 30"})
    void jitterIsATwentiethOfTheIntervalWide(long interval, long most) {
        RetrySchedule schedule = schedule(QueueOptions.builder()
                .retryInterval(Duration.ofSeconds(interval))
                .maxAge(Duration.ofDays(30)));
        Instant due = CREATED.plusSeconds(interval);

        List<Long> seen = IntStream.range(0, 2_000)
                .mapToObj(i -> Duration.between(
                                due, schedule.next(CREATED, CREATED, 0).orElseThrow())
                        .toSeconds())
                .distinct()
                .sorted()
                .toList();

        assertThat(seen)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(-most, most).boxed().toList());
    }

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 200);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void isDueAfterTheDelayAndBeforeTheEndOrExpires(long seed) {
        Random random = new Random(seed);
        long interval = random.nextLong(1, 10_000);
        QueueOptions.Builder builder = QueueOptions.builder()
                .retryInterval(Duration.ofSeconds(interval))
                .maxAge(Duration.ofMillis(random.nextLong(1, 700_000_000)));
        if (random.nextBoolean()) {
            builder.maxRetryInterval(Duration.ofSeconds(interval + random.nextLong(100_000)));
        }
        QueueOptions options = builder.build();
        RetrySchedule schedule = new RetrySchedule(options, random);
        for (int i = 0; i < 100; i++) {
            int attempts = random.nextInt(70);
            Instant now = CREATED.plusMillis(random.nextLong(800_000_000));
            Duration delay = schedule.delay(attempts);
            boolean late = delay.compareTo(options.maxAge().minus(Duration.between(CREATED, now))) > 0;

            Optional<Instant> next = schedule.next(CREATED, now, attempts);

            assertThat(next.isEmpty())
                    .as("seed %d, attempt %d at %s", seed, attempts, now)
                    .isEqualTo(late);
            next.ifPresent(due -> assertThat(due)
                    .as("seed %d, attempt %d at %s", seed, attempts, now)
                    .isBetween(now.plus(delay).minusSeconds(30), now.plus(delay).plusSeconds(30))
                    .isAfter(now)
                    .isBeforeOrEqualTo(CREATED.plus(options.maxAge())));
        }
    }
}
