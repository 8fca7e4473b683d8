package dev.kumo.core.log.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.kumo.core.options.OptionException;
import dev.kumo.core.options.OptionTable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class WebhookOptionsTest {

    private static WebhookOptions of(Map<String, ?> table) {
        return OptionTable.apply("webhook", table, WebhookOptions.builder()).build();
    }

    @Test
    void readsItsKeys() {
        assertThat(OptionTable.keys(WebhookOptions.Builder.class))
                .containsExactlyInAnyOrder(
                        "url",
                        "authorization",
                        "batch_size",
                        "max_batch_latency",
                        "timeout",
                        "retry_interval",
                        "max_retry_interval",
                        "max_retry_time",
                        "back_pressure",
                        "records",
                        "headers",
                        "meta");
        WebhookOptions options = of(Map.of(
                "url",
                "https://log.example.com/kumo",
                "batch_size",
                100,
                "max_batch_latency",
                "2s",
                "records",
                List.of("OOB"),
                "meta",
                List.of("tenant")));
        assertThat(options.batchSize()).isEqualTo(100);
        assertThat(options.maxBatchLatency()).isEqualTo(Duration.ofSeconds(2));
        assertThat(options.wants("OOB")).isTrue();
        assertThat(options.wants("Delivery")).isFalse();
    }

    @Test
    void showsNoSecret() {
        WebhookOptions options =
                of(Map.of("url", "https://log.example.com/hunter2", "authorization", "Bearer hunter2"));

        assertThat(options.headerFields()).containsEntry("Authorization", "Bearer hunter2");
        assertThat(options.toString()).contains("https://log.example.com").doesNotContain("hunter2");
    }

    @Test
    void needsAnAddress() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> of(Map.of()))
                .withMessage("url is missing; say where records are sent");
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                arguments("url", "ftp://log.example.com/hunter2", "webhook.url: must be an address such as"),
                arguments("url", "log.example.com/hunter2", "webhook.url: must be an address such as"),
                arguments("url", "https://log example.com/hunter2", "webhook.url: must be an address such as"),
                arguments("url", "https://user:hunter2@log.example.com", "webhook.url: must name no user"),
                arguments("authorization", "Bearer hunter2\r\nX: y", "webhook.authorization: is refused: (hidden)"),
                arguments("authorization", List.of("hunter2"), "webhook.authorization: must be a string, not a list"),
                arguments("batch_size", 0, "webhook.batch_size: must be 1 to 10000 records, not 0"),
                arguments("timeout", 0, "webhook.timeout: must be more than 0"),
                arguments("back_pressure", 0, "webhook.back_pressure: must be at least 1 record"));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void namesWhereAndTheMendAndNoSecret(String key, Object value, String error) {
        assertThatThrownBy(() -> of(Map.of(key, value)))
                .isInstanceOf(OptionException.class)
                .hasMessageStartingWith(error)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("hunter2"));
    }

    @Test
    void aHeaderFieldOfTheClientsOwnIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WebhookOptions.builder().headerField("Content-Length", "1"))
                .withMessageContaining("Content-Length");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WebhookOptions.builder().headerField("a b", "1"))
                .withMessageContaining("'a b'");
    }
}
