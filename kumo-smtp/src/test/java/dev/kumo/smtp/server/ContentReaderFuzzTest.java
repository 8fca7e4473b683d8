package dev.kumo.smtp.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.stream.IntStream;

class ContentReaderFuzzTest {

    private static final int PARAMETERS = 6;

    /**
     * The first bytes are mode, largest size, line length limit and three lengths of reads, used by turns; the rest is
     * what the client sends.
     */
    @FuzzTest(maxDuration = "30s")
    void agreesWithTheOracle(byte[] data) {
        if (data.length < PARAMETERS) {
            return;
        }
        InvalidLineEndings mode = switch (data[0] & 3) {
            case 0 -> InvalidLineEndings.DENY;
            case 1 -> InvalidLineEndings.ALLOW;
            default -> InvalidLineEndings.FIX;
        };
        int maxSize = data[1] < 0 ? 1 << 20 : data[1];
        int lineLengthLimit = data[2] & 0xff;
        byte[] input = Arrays.copyOfRange(data, PARAMETERS, data.length);

        ReadOutcome expected = ContentOracle.read(input, mode, maxSize, lineLengthLimit);

        assertThat(ReadOutcome.of(input, mode, maxSize, lineLengthLimit))
                .as("in one read")
                .isEqualTo(expected);
        assertThat(ReadOutcome.of(input, mode, maxSize, lineLengthLimit, cuts(data, input.length)))
                .as("in split reads")
                .isEqualTo(expected);
        assertThat(ReadOutcome.of(
                        input,
                        mode,
                        maxSize,
                        lineLengthLimit,
                        IntStream.range(0, input.length).toArray()))
                .as("byte by byte")
                .isEqualTo(expected);
    }

    private static int[] cuts(byte[] data, int length) {
        int[] cuts = new int[length];
        int count = 0;
        for (int at = 0; at < length; count++) {
            at = Math.min(length, at + 1 + (data[3 + count % 3] & 0x1f));
            cuts[count] = at;
        }
        return Arrays.copyOf(cuts, count);
    }
}
