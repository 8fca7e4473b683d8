package dev.kumo.core.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class QuotedTest {

    @Test
    void plainTextStaysAsItIs() {
        assertThat(Quoted.of("10.0.0.0/24")).isEqualTo("'10.0.0.0/24'");
    }

    @Test
    void noLineEndsInIt() {
        assertThat(Quoted.of("a\r\nb\u2028\u001b[2J")).isEqualTo("'a\\u000d\\u000ab\\u2028\\u001b[2J'");
    }

    @Test
    void theQuoteCannotBeClosedFromWithin() {
        assertThat(Quoted.of("it's \\ it")).isEqualTo("'it\\'s \\\\ it'");
    }

    @Test
    void longTextIsCut() {
        assertThat(Quoted.of("x".repeat(80))).hasSize(82);
        assertThat(Quoted.of("x".repeat(1000))).hasSize(85).endsWith("x...'");
    }
}
