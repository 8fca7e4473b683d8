package dev.kumo.smtp.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.mail.Reply;
import dev.kumo.core.spool.Draft;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Content that comes in chunks is read as the same content that comes, stuffed and ended, after DATA. */
class ChunkReaderPropertyTest {

    private static final int CASES = 20_000;
    private static final String[] PIECES = {"\r\n", "\r\n.", "\r", "\n", ".", "a", " ", "\t", "\0", "\u00ff"};

    @ParameterizedTest
    @EnumSource
    void readsAsAfterData(InvalidLineEndings mode) throws IOException {
        for (int seed = 0; seed < CASES; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(16); i > 0; i--) {
                text.append(PIECES[random.nextInt(PIECES.length)]);
            }
            int lineLengthLimit = random.nextBoolean() ? 998 : 1 + random.nextInt(6);

            String inChunks = inChunks(text.toString(), mode, lineLengthLimit, random);
            String afterData = afterData(text.toString(), mode, lineLengthLimit);

            assertThat(inChunks).as("seed %d", seed).isEqualTo(afterData);
        }
    }

    private static String inChunks(String text, InvalidLineEndings mode, int lineLengthLimit, SplittableRandom random)
            throws IOException {
        ContentReader reader = new ContentReader(Draft.inMemory(), false, mode, 1 << 20, lineLengthLimit);
        byte[] bytes = text.getBytes(ISO_8859_1);
        int from = 0;
        while (from < bytes.length) {
            int length = 1 + random.nextInt(bytes.length - from);
            assertThat(reader.accept(ByteBuffer.wrap(bytes, from, length)))
                    .as("an end, seen in chunks")
                    .isFalse();
            from += length;
        }
        reader.end();
        if (reader.failure().isPresent()) {
            return reader.failure().map(Reply::toString).get();
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        reader.content().writeTo(out);
        return out.toString(ISO_8859_1);
    }

    private static String afterData(String text, InvalidLineEndings mode, int lineLengthLimit) {
        String whole = text;
        if (text.endsWith("\r") && mode == InvalidLineEndings.FIX) {
            whole = text + "\n";
        } else if (!text.isEmpty() && !text.endsWith("\r\n")) {
            whole = text + "\r\n";
        }
        String stuffed = ("\r\n" + whole).replace("\r\n.", "\r\n..").substring(2) + ".\r\n";
        ReadOutcome outcome = ReadOutcome.of(stuffed.getBytes(ISO_8859_1), mode, 1 << 20, lineLengthLimit);
        assertThat(outcome.ended()).isTrue();
        return outcome.failure().isEmpty() ? outcome.content() : outcome.failure();
    }
}
