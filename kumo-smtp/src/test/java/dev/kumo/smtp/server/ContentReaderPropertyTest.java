package dev.kumo.smtp.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Random content, random reads, random limits: always what {@link ContentOracle} says. */
class ContentReaderPropertyTest {

    private static final int CASES = 20_000;
    private static final int[] DANGEROUS = {'\r', '\n', '.', 'a', 0x00, 0xff};
    // 0x0b and 0x0c differ from LF and CR by one bit, the case that a borrow between bytes would get wrong.
    private static final int[] MOSTLY_TEXT = {'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a', '.', 0x0b, 0x0c, '\r', '\n'};

    @ParameterizedTest
    @EnumSource
    void agreesWithTheOracleOnDangerousContent(InvalidLineEndings mode) {
        for (int seed = 0; seed < CASES; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            agrees(content(random, DANGEROUS, 24), mode, random, seed);
        }
    }

    @ParameterizedTest
    @EnumSource
    void agreesWithTheOracleOnLongerContent(InvalidLineEndings mode) {
        for (int seed = 0; seed < CASES / 4; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            agrees(content(random, MOSTLY_TEXT, 200), mode, random, seed);
        }
    }

    private static byte[] content(SplittableRandom random, int[] alphabet, int longest) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(longest); i > 0; i--) {
            switch (random.nextInt(8)) {
                case 0 -> text.append("\r\n");
                case 1 -> text.append("\r\n.");
                default -> text.append((char) alphabet[random.nextInt(alphabet.length)]);
            }
        }
        return text.append("\r\n.\r\nQUIT\r\n").toString().getBytes(ISO_8859_1);
    }

    private static void agrees(byte[] input, InvalidLineEndings mode, SplittableRandom random, int seed) {
        long maxSize = random.nextBoolean() ? input.length * 2L : random.nextInt(input.length);
        int lineLengthLimit = random.nextBoolean() ? 998 : random.nextInt(12);
        ReadOutcome expected = ContentOracle.read(input, mode, maxSize, lineLengthLimit);
        for (int i = 0; i < 4; i++) {
            int[] cuts = IntStream.generate(() -> random.nextInt(input.length + 1))
                    .limit(i * 2L)
                    .sorted()
                    .toArray();
            ReadOutcome outcome = ReadOutcome.of(input, mode, maxSize, lineLengthLimit, cuts);
            if (!outcome.equals(expected)) {
                assertThat(outcome)
                        .as("seed %d, at most %d bytes, lines of %d, cuts %s", seed, maxSize, lineLengthLimit, cuts)
                        .isEqualTo(expected);
            }
        }
    }
}
