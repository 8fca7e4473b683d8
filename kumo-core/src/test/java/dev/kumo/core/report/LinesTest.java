package dev.kumo.core.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinesTest {

    @Test
    void aLineEndsWithLfWhateverComesBefore() throws IOException {
        assertThat(pieces("a\r\nb\n\r\n\nc\rd\r")).containsExactly("a\r\n", "b\n", "\r\n", "\n", "c\rd\r");
    }

    @Test
    void noBytesAreNoLines() throws IOException {
        assertThat(pieces("")).isEmpty();
    }

    @Test
    void onlyALineEndIsAnEmptyLine() throws IOException {
        Lines lines = lines("\r\n\n\r");

        assertThat(lines.next() && lines.isEmpty()).isTrue();
        assertThat(lines.next() && lines.isEmpty()).isTrue();
        assertThat(lines.next() && lines.isEmpty()).isFalse();
    }

    @Test
    void aLongLineComesInPieces() throws IOException {
        Lines lines = lines("x".repeat(20_000) + "\nshort\n");

        assertThat(lines.next() && lines.isWhole()).isFalse();
        assertThat(lines.next() && lines.isWhole()).isFalse();
        assertThat(lines.next() && lines.isWhole()).isFalse();
        assertThat(lines.next() && lines.isWhole()).isTrue();
    }

    @Test
    void aPieceNeverEndsBetweenCrAndLf() throws IOException {
        for (int length = 8188; length < 8196; length++) {
            String line = "x".repeat(length) + "\r\n";

            List<String> pieces = pieces(line + "y\r\n");

            assertThat(String.join("", pieces)).isEqualTo(line + "y\r\n");
            assertThat(pieces).noneMatch(piece -> piece.endsWith("\r") || piece.startsWith("\n"));
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void nothingIsLostHoweverTheBytesCome(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 50; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(20); i > 0; i--) {
                text.append("x".repeat(random.nextInt(random.nextBoolean() ? 10 : 20_000)))
                        .append(random.nextBoolean() ? "\r\n" : random.nextBoolean() ? "\n" : "\r");
            }
            InputStream trickle = new ByteArrayInputStream(text.toString().getBytes(StandardCharsets.US_ASCII)) {
                @Override
                public synchronized int read(byte[] target, int offset, int length) {
                    return super.read(target, offset, Math.min(length, 1 + random.nextInt(3000)));
                }
            };

            assertThat(String.join("", pieces(new Lines(trickle)))).isEqualTo(text.toString());
        }
    }

    private static Lines lines(String text) {
        return new Lines(new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII)));
    }

    private static List<String> pieces(String text) throws IOException {
        return pieces(lines(text));
    }

    private static List<String> pieces(Lines lines) throws IOException {
        List<String> pieces = new ArrayList<>();
        while (lines.next()) {
            pieces.add(new String(lines.buffer, lines.from, lines.to - lines.from, StandardCharsets.US_ASCII));
        }
        return pieces;
    }
}
