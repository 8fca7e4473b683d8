package dev.kumo.core.queue;

import dev.kumo.core.mail.Reply;
import dev.kumo.core.net.DurationText;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * When a message is tried again. The delay doubles with each attempt; the {@code attempts} of the methods are those
 * that had failed before the one that failed just now, so that the first failure counts 0.
 */
final class RetrySchedule {

    private static final Duration WIDEST_JITTER = Duration.ofSeconds(60);

    private final long interval;
    private final long longest;
    private final Duration maxAge;
    private final int jitter;
    private final RandomGenerator random;

    /** Uses retry_interval, max_retry_interval and max_age; one at a time may use the generator. */
    RetrySchedule(QueueOptions options, RandomGenerator random) {
        this.interval = options.retryInterval().toSeconds();
        this.longest = options.maxRetryInterval().map(Duration::toSeconds).orElse(Long.MAX_VALUE);
        this.maxAge = options.maxAge();
        this.jitter = (int) Math.min(interval / 20, WIDEST_JITTER.toSeconds()) / 2;
        this.random = random;
    }

    /** The time to the next attempt, without jitter: whole seconds. */
    Duration delay(int attempts) {
        boolean saturates = attempts >= Long.numberOfLeadingZeros(interval);
        return Duration.ofSeconds(Math.min(saturates ? Long.MAX_VALUE : interval << attempts, longest));
    }

    /**
     * When the next attempt is due; empty if the message would be too old by then. Whether it is does not depend on the
     * jitter, which never makes it so either.
     */
    Optional<Instant> next(Instant created, Instant now, int attempts) {
        Duration delay = delay(attempts);
        Duration left = maxAge.minus(age(created, now));
        if (delay.compareTo(left) > 0) {
            return Optional.empty();
        }
        Duration jittered = delay.plusSeconds(jitter == 0 ? 0 : random.nextInt(-jitter, jitter + 1));
        return Optional.of(now.plus(jittered.compareTo(left) < 0 ? jittered : left));
    }

    /** What is said of a message for which there is no {@link #next}. */
    Reply expiry(Instant created, Instant now, int attempts) {
        // Saturates: a delay of ever is shown as what is as good.
        Duration delay = Duration.ofSeconds(Math.min(delay(attempts).toSeconds(), Integer.MAX_VALUE * 100L));
        Duration age = Duration.ofSeconds(age(created, now).plus(delay).toSeconds());
        return Reply.of(
                551,
                "5.4.7",
                "Next delivery time would be " + DurationText.format(age) + " after creation, which exceeds max_age "
                        + DurationText.format(maxAge));
    }

    /** A clock that was set back has made nothing younger than new. */
    private static Duration age(Instant created, Instant now) {
        return now.isBefore(created) ? Duration.ZERO : Duration.between(created, now);
    }
}
