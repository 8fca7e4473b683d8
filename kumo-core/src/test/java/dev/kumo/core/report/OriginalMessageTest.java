package dev.kumo.core.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class OriginalMessageTest {

    @Test
    void textHasUnixLineEndsInJson() {
        assertThat(original("Subject: é\r\n\r\na\rb\n").asJson()).isEqualTo("Subject: é\n\na\rb\n");
    }

    @Test
    void whatIsNotUtf8IsAListOfOctets() {
        byte[] latin = "\u00e9\r\na\r".getBytes(StandardCharsets.ISO_8859_1);

        assertThat(OriginalMessage.of(latin, false).asJson()).isEqualTo(List.of(0xe9, 10, 'a' + 0, 13));
    }

    @Test
    void isCutAfterAWholeLine() {
        OriginalMessage cut = OriginalMessage.of("Subject: x\r\nX-Half: é".getBytes(StandardCharsets.UTF_8), true);

        assertThat(cut.isCut()).isTrue();
        assertThat(cut.asJson()).isEqualTo("Subject: x\n");
    }

    @Test
    void aSingleLineIsCutSomewhere() {
        assertThat(OriginalMessage.of("abc".getBytes(StandardCharsets.UTF_8), true)
                        .bytes())
                .hasSize(3);
    }

    @Test
    void aLongOriginalIsCut() {
        String original = "Subject: x\n\n" + "0123456789\n".repeat(20_000);

        OriginalMessage kept = ReportMail.bounce()
                .status(ReportMail.STATUS)
                .original(original)
                .readBounce()
                .orElseThrow()
                .originalMessage()
                .orElseThrow();

        assertThat(kept.isCut()).isTrue();
        assertThat(kept.bytes()).hasSizeBetween(OriginalMessage.MOST_BYTES - 12, OriginalMessage.MOST_BYTES);
        assertThat(kept.headers().first("Subject")).contains("x");
    }

    @Test
    void anOriginalOfJustTheLimitIsNot() {
        String original = "X: " + "x".repeat(OriginalMessage.MOST_BYTES - 3);

        assertThat(ReportMail.bounce()
                        .status(ReportMail.STATUS)
                        .original(original)
                        .readBounce()
                        .orElseThrow()
                        .originalMessage()
                        .orElseThrow()
                        .isCut())
                .isFalse();
    }

    @Test
    void doesNotShowSomebodysMail() {
        assertThat(original("Subject: secret\r\n")).hasToString("OriginalMessage of 17 bytes");
    }

    @Test
    void isEqualIfTheBytesAre() {
        assertThat(original("a"))
                .isEqualTo(original("a"))
                .hasSameHashCodeAs(original("a"))
                .isNotEqualTo(original("b"));
    }

    private static OriginalMessage original(String text) {
        return OriginalMessage.of(text.getBytes(StandardCharsets.UTF_8), false);
    }
}
