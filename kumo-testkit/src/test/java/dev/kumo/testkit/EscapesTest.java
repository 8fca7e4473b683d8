package dev.kumo.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EscapesTest {

    @Test
    void standForWhatALineCannotHold() {
        assertThat(Escapes.undo("\\r\\n\\t\\0\\s\\\\r")).isEqualTo("\r\n\t\0 \\r");
    }

    @Test
    void showABlankOnlyWhereItCouldNotBeSeen() {
        assertThat(Escapes.show(" a b ")).isEqualTo(" a b\\s");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\\", "a\\nb", "\r\n.\r\n", "\0\t Grüße 八 "})
    void areUndoneAsTheyAreShown(String line) {
        assertThat(Escapes.undo(Escapes.show(line))).isEqualTo(line);
    }
}
