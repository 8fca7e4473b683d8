package dev.kumo.core.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FoldedTest {

    @Test
    void aShortFieldIsOneLine() {
        assertThat(field("Status", "5.1.1")).isEqualTo("Status: 5.1.1\r\n");
    }

    @Test
    void aFieldWithoutTextIsNone() {
        assertThat(field("Status", " \r\n ")).isEmpty();
    }

    @Test
    void aLongFieldIsFoldedAtBlanks() {
        String field = field("X", "word ".repeat(40));

        assertThat(field.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(76));
        assertThat(field.replace("\r\n ", " "))
                .isEqualTo("X: " + "word ".repeat(40).strip() + "\r\n");
    }

    @Test
    void aWordLongerThanALineIsBroken() {
        assertThat(field("X", "y".repeat(3000)).lines()).hasSize(4).allMatch(line -> line.length() <= 998);
    }

    @Test
    void aWordOfJustALineEndsWithoutALineOfBlanks() {
        for (int length = 890; length < 910; length++) {
            assertThat(field("X", "y".repeat(length)).lines()).noneMatch(String::isBlank);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'a\r\nBcc: b', a Bcc: b",
        "'a\rb\nc', a b c",
        "'a\u0000\u001b[31mb', a [31mb",
        "'a\u0085b', a b",
        "a   b, a b",
    })
    void noTextBreaksOutOfItsLine(String text, String value) {
        assertThat(field("X", text)).isEqualTo("X: " + value + "\r\n");
    }

    @Test
    void onlyInUtf8IsACharacterShownAsItIs() {
        assertThat(field("X", "ü\ud83d\ude00\ud83d")).isEqualTo("X: \\x{FC}\\x{1F600}\\x{D83D}\r\n");
        Folded utf8 = new Folded(true);
        utf8.field("X", "ü\ud83d\ude00\ud83d");
        assertThat(new String(utf8.bytes(), StandardCharsets.UTF_8)).isEqualTo("X: ü\ud83d\ude00\\x{D83D}\r\n");
    }

    @Test
    void aParagraphIsIndented() {
        Folded text = new Folded(false);
        text.paragraph(4, "word ".repeat(30));

        assertThat(new String(text.bytes(), StandardCharsets.US_ASCII).lines())
                .hasSize(3)
                .allMatch(line -> line.startsWith("    word"));
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void whateverTheTextTheLinesAreSound(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        String[] pieces = {" ", "\r", "\n", "\t", "x", ":", "ü", "\ud83d\ude00", "long".repeat(60), "     ", "\ud83d"};
        for (int round = 0; round < 500; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(60); i > 0; i--) {
                text.append(pieces[random.nextInt(pieces.length)]);
            }
            Folded folded = new Folded(random.nextBoolean());
            folded.field("X", text.toString());
            String field = new String(folded.bytes(), StandardCharsets.UTF_8);

            assertThat(field.isEmpty() || field.startsWith("X: ") && field.endsWith("\r\n"))
                    .isTrue();
            assertThat(field.split("\r\n"))
                    .allSatisfy(line ->
                            assertThat(line.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(998))
                    .noneMatch(line -> line.contains("\r") || line.contains("\n"));
            assertThat(field.lines().skip(1)).allMatch(line -> line.startsWith(" ") && !line.isBlank());
        }
    }

    private static String field(String name, String text) {
        Folded folded = new Folded(false);
        folded.field(name, text);
        return new String(folded.bytes(), StandardCharsets.US_ASCII);
    }
}
