package dev.kumo.core.options;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NearestTest {

    private static final List<String> KEYS =
            List.of("banner", "client_timeout", "relay_from", "relay_to", "ttl", "via");

    @ParameterizedTest
    @CsvSource({
        "relayto, relay_to",
        "relay-to, relay_to",
        "RELAY_TO, relay_to",
        "relay_ot, relay_to",
        "relay_form, relay_from",
        "clientTimeout, client_timeout",
        "timeout_client_, ''",
        "baner, banner",
        "tll, ttl",
    })
    void findsWhatWasMeant(String typed, String meant) {
        assertThat(Nearest.to(typed, KEYS).orElse("")).isEqualTo(meant);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "policy", "hostname", "abc"})
    void doesNotGuessWildly(String typed) {
        assertThat(Nearest.to(typed, KEYS)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"abc, abc, 0", "abc, acb, 1", "abc, ab, 1", "ab, abc, 1", "abc, xbc, 1", "'', abc, 3", "abcd, badc, 2"})
    void countsMistakes(String from, String to, int distance) {
        assertThat(Nearest.distance(from, to)).isEqualTo(distance);
    }
}
