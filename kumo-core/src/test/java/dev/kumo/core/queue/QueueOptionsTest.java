package dev.kumo.core.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.kumo.core.delivery.Protocol;
import dev.kumo.core.delivery.SmartHost;
import dev.kumo.core.net.ThrottleSpec;
import dev.kumo.core.options.OptionException;
import dev.kumo.core.options.OptionTable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class QueueOptionsTest {

    private static QueueOptions of(Map<String, ?> table) {
        return OptionTable.apply("make_queue_config", table, QueueOptions.builder())
                .build();
    }

    @Test
    void theDefaultsAreTheDocumentedOnes() {
        assertThat(QueueOptions.DEFAULT)
                .isEqualTo(of(Map.of()))
                .isEqualTo(new QueueOptions(
                        Duration.ofMinutes(20),
                        Optional.empty(),
                        Duration.ofDays(7),
                        "unspecified",
                        Optional.empty(),
                        Duration.ofMinutes(10),
                        Protocol.DEFAULT));
    }

    @Test
    void everyKeyIsASetter() {
        assertThat(OptionTable.keys(QueueOptions.Builder.class))
                .containsExactly(
                        "egress_pool",
                        "max_age",
                        "max_message_rate",
                        "max_retry_interval",
                        "protocol",
                        "reap_interval",
                        "retry_interval");
    }

    @Test
    void readsEveryKey() {
        QueueOptions options = of(Map.of(
                "retry_interval", "1m",
                "max_retry_interval", "1h",
                "max_age", 86_400,
                "egress_pool", "warm",
                "max_message_rate", "1,000/hr,max_burst=10",
                "reap_interval", "30s",
                "protocol", Map.of("smtp", Map.of("mx_list", List.of("relay:587")))));

        assertThat(options)
                .isEqualTo(new QueueOptions(
                        Duration.ofMinutes(1),
                        Optional.of(Duration.ofHours(1)),
                        Duration.ofDays(1),
                        "warm",
                        Optional.of(new ThrottleSpec(1_000, Duration.ofHours(1), 10, false)),
                        Duration.ofSeconds(30),
                        new Protocol.Smtp(List.of(SmartHost.parse("relay:587")), false)));
        assertThat(options.toBuilder().build()).isEqualTo(options);
        assertThat(options.toBuilder().egressPool("cold").build()).isNotEqualTo(options);
    }

    @Test
    void aMistypedKeyNamesTheNearest() {
        assertThatExceptionOfType(OptionException.class)
                .isThrownBy(() -> of(Map.of("retry_intervall", "1m")))
                .withMessageContaining("retry_intervall")
                .withMessageContaining("did you mean 'retry_interval'?");
    }

    @Test
    void aRateThatIsNoneNamesItsKey() {
        assertThatExceptionOfType(OptionException.class)
                .isThrownBy(() -> of(Map.of("max_message_rate", "100/fortnight")))
                .withMessageContaining("max_message_rate")
                .withMessageContaining("'fortnight' is not a period");
    }

    @Test
    void retriesAreASecondApartAtLeast() {
        refuses(QueueOptions.builder().retryInterval(Duration.ofMillis(999)), "retry_interval must be 1s to 36500d");
        refuses(QueueOptions.builder().retryInterval(Duration.ofDays(36_501)), "not 36501d");
        refuses(QueueOptions.builder().retryInterval(Duration.ofSeconds(-1)), "retry_interval must be 1s");
        assertThat(QueueOptions.builder()
                        .retryInterval(Duration.ofSeconds(1))
                        .build()
                        .retryInterval())
                .isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void theLongestIntervalIsNotShorterThanTheFirst() {
        refuses(
                QueueOptions.builder().maxRetryInterval(Duration.ofMinutes(19)),
                "max_retry_interval 19m is shorter than retry_interval 20m; raise the one or lower the other");
        assertThat(QueueOptions.builder()
                        .maxRetryInterval(Duration.ofMinutes(20))
                        .build()
                        .maxRetryInterval())
                .contains(Duration.ofMinutes(20));
    }

    @Test
    void nothingThatWouldEndAtOnceIsTaken() {
        refuses(QueueOptions.builder().maxAge(Duration.ZERO), "max_age must be above 0 to 36500d, not 0s");
        refuses(QueueOptions.builder().reapInterval(Duration.ZERO), "reap_interval must be above 0");
        refuses(QueueOptions.builder().egressPool(""), "egress_pool must name a pool");
    }

    private static void refuses(QueueOptions.Builder builder, String why) {
        assertThatIllegalArgumentException().isThrownBy(builder::build).withMessageContaining(why);
    }
}
