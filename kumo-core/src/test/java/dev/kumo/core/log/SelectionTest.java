package dev.kumo.core.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SelectionTest {

    @Test
    void headersAreChosenInAnyCaseAndSpelledAsTheyWereAskedFor() {
        Selection selection = Selection.ofHeaders(List.of("Subject"));

        assertThat(selection.spelling("SUBJECT")).contains("Subject");
        assertThat(selection.spelling("Subjects")).isEmpty();
    }

    @Test
    void metaDataIsChosenAsItIsWritten() {
        Selection selection = Selection.ofMeta(List.of("tenant", "x_*"));

        assertThat(selection.spelling("tenant")).contains("tenant");
        assertThat(selection.spelling("Tenant")).isEmpty();
        assertThat(selection.spelling("x_")).contains("x_");
        assertThat(selection.spelling("x_one")).contains("x_one");
        assertThat(selection.spelling("X_one")).isEmpty();
    }

    @Test
    void whatIsChosenByItsBeginningKeepsItsSpelling() {
        assertThat(Selection.ofHeaders(List.of("X-*")).spelling("x-oNe")).contains("x-oNe");
    }

    @Test
    void aStarAloneChoosesAll() {
        assertThat(Selection.ofMeta(List.of("*")).spelling("anything")).contains("anything");
    }

    @Test
    void twoTogetherChooseWhatEitherDoes() {
        Selection both = Selection.ofHeaders(List.of("Subject"))
                .or(Selection.NONE)
                .or(Selection.ofHeaders(List.of("x-*", "subject")));

        assertThat(both).hasToString("[Subject, x-*]");
        assertThat(both.spelling("X-A")).contains("X-A");
        assertThat(Selection.NONE.or(both)).isEqualTo(both);
    }

    @Test
    void noneChoosesNothing() {
        assertThat(Selection.NONE.isEmpty()).isTrue();
        assertThat(Selection.ofMeta(List.of()).isEmpty()).isTrue();
        assertThat(Selection.ofMeta(List.of("a*")).isEmpty()).isFalse();
        assertThat(Selection.NONE.spelling("")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a*b", "**", "*a"})
    void aStarMayOnlyEndAName(String pattern) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Selection.ofHeaders(List.of("ok", pattern)))
                .withMessage("must be names, each with a * at its end at most, not '" + pattern + "'");
    }
}
