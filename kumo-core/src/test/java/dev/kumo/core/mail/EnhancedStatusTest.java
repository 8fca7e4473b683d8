package dev.kumo.core.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnhancedStatusTest {

    @ParameterizedTest
    @ValueSource(strings = {"2.0.0", "4.4.7", "5.7.1", "5.999.999", "2.10.100"})
    void printsAsItWasWritten(String text) {
        assertThat(EnhancedStatus.parse(text)).hasToString(text);
    }

    @Test
    void hasThreeParts() {
        assertThat(EnhancedStatus.parse("5.7.26")).isEqualTo(new EnhancedStatus(5, 7, 26));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "5",
                "5.7",
                "5.7.1.0",
                "5..1",
                ".7.1",
                "5.7.",
                "3.7.1",
                "1.0.0",
                "6.0.0",
                "5.1000.1",
                "5.7.1000",
                "5.07.1",
                "5.7.00",
                "05.7.1",
                "5.-7.1",
                "5.+7.1",
                "5.7.1 ",
                " 5.7.1",
                "a.b.c",
                "5,7,1",
                "٥.7.1",
                "5.99999999999.1"
            })
    void refusesWhatIsNoStatus(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> EnhancedStatus.parse(text));
    }

    @Test
    void refusesPartsOutOfRange() {
        assertThatIllegalArgumentException().isThrownBy(() -> new EnhancedStatus(3, 0, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new EnhancedStatus(5, -1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new EnhancedStatus(5, 0, 1000));
    }
}
