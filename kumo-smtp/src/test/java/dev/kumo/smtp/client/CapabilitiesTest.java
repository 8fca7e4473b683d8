package dev.kumo.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CapabilitiesTest {

    @Test
    void keywordsAreOfAnyCaseAndTheFirstLineIsNone() {
        Capabilities offered = of("PIPELINING greets you", "Starttls", "auth  LOGIN plain ");

        assertThat(offered.has("STARTTLS")).isTrue();
        assertThat(offered.has("PIPELINING")).isFalse();
        assertThat(offered.hasAuth("PLAIN")).isTrue();
        assertThat(offered.hasAuth("CRAM-MD5")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"SIZE 1000,1000", "SIZE,9223372036854775807", "SIZE 0,9223372036854775807", "SIZE x,9223372036854775807"
    })
    void theSizeIsThatOfTheLargestMessageIfOneIsSaid(String line, long size) {
        assertThat(of("mx", line).largestMessage()).isEqualTo(size);
    }

    @Test
    void limitsAreThoseThatAreNumbersAboveZero() {
        Capabilities offered = of("mx", "LIMITS rcptmax=20 MAILMAX=0 RCPTDOMAINMAX=1");

        assertThat(offered.limit("RCPTMAX")).hasValue(20);
        assertThat(offered.limit("MAILMAX")).isEmpty();
    }

    private static Capabilities of(String... lines) {
        return Capabilities.of(new ServerReply(250, List.of(lines)));
    }
}
