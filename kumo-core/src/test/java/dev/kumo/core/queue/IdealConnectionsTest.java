package dev.kumo.core.queue;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdealConnectionsTest {

    @ParameterizedTest
    @CsvSource({
        "0, 32, 0",
        "1, 32, 1",
        "2, 32, 2",
        "10, 32, 7",
        "20, 32, 12",
        "30, 32, 16",
        "100, 32, 29",
        "400, 32, 32",
        "1000000, 32, 32",
        "2147483647, 2147483647, 2147483647",
        "1, 1, 1",
        "5, 1, 1",
        "3, 1000, 3",
        "10, 0, 0",
        "-1, 32, 0"
    })
    void growsLessAndLess(int waiting, int limit, int connections) {
        assertThat(IdealConnections.of(waiting, limit)).isEqualTo(connections);
    }

    @Test
    void neverShrinksAndNeverPassesEitherBound() {
        for (int limit = 1; limit <= 64; limit++) {
            for (int waiting = 1; waiting < 500; waiting++) {
                assertThat(IdealConnections.of(waiting, limit))
                        .as("%d messages, limit %d", waiting, limit)
                        .isBetween(1, Math.min(waiting, limit))
                        .isGreaterThanOrEqualTo(IdealConnections.of(waiting - 1, limit));
            }
        }
    }
}
