package dev.kumo.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EsmtpParametersTest {

    private static String numbered(int count) {
        return IntStream.range(0, count).mapToObj(i -> "X" + i).collect(Collectors.joining(" "));
    }

    @Test
    void keywordsHaveNoCase() throws Exception {
        EsmtpParameters parameters = EsmtpParameters.parse(" ret=Full \t X-flag");

        assertThat(parameters.names()).containsExactly("RET", "X-FLAG");
        assertThat(parameters.value("Ret")).contains("Full");
        assertThat(parameters.has("x-Flag")).isTrue();
        assertThat(parameters.value("x-flag")).isEmpty();
        assertThat(parameters.has("SIZE")).isFalse();
        assertThat(parameters.value("SIZE")).isEmpty();
    }

    @Test
    void blanksAloneAreNone() throws Exception {
        assertThat(EsmtpParameters.parse(" \t")).isEqualTo(EsmtpParameters.NONE);
        assertThat(EsmtpParameters.NONE.names()).isEmpty();
        assertThat(EsmtpParameters.NONE).hasToString("");
    }

    @Test
    void aValueMayBeUtf8() throws Exception {
        assertThat(EsmtpParameters.parse("ORCPT=utf-8;jürgen@x😀").value("ORCPT"))
                .contains("utf-8;jürgen@x😀");
    }

    @Test
    void printsAndReadsBackEqual() throws Exception {
        EsmtpParameters parameters = EsmtpParameters.parse("a=b c  d=<>");

        assertThat(parameters).hasToString("A=b C D=<>");
        assertThat(EsmtpParameters.parse(parameters.toString()))
                .isEqualTo(parameters)
                .hasSameHashCodeAs(parameters);
    }

    @Test
    void thereAreAtMost16() throws Exception {
        assertThat(EsmtpParameters.parse(numbered(16)).names()).hasSize(16);
        assertThatExceptionOfType(SyntaxException.class)
                .isThrownBy(() -> EsmtpParameters.parse(numbered(17)))
                .satisfies(e -> assertThat(e.reply()).hasToString("501 5.5.4 Syntax error in a parameter"));
    }

    @Test
    void noneComesTwice() {
        assertThatExceptionOfType(SyntaxException.class).isThrownBy(() -> EsmtpParameters.parse("X x"));
        assertThatExceptionOfType(SyntaxException.class).isThrownBy(() -> EsmtpParameters.parse("X=1 x=1"));
    }
}
