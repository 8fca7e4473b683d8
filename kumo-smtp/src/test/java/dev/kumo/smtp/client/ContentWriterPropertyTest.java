package dev.kumo.smtp.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.mail.Content;
import dev.kumo.core.mail.Envelope;
import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.MessageId;
import dev.kumo.core.mail.Meta;
import dev.kumo.smtp.server.Unstuffed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContentWriterPropertyTest {

    private static final String[] PIECES = {"\r\n", "\r\n.", ".", "\r", "\n", "a", "\u00e4", "\r\n.\r\n", "text"};

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void whatIsSentIsWhatOurListenerReads(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 2_000; i++) {
            String content = content(random, i % 50 == 0 ? 20_000 : 40);

            byte[] wire = written(content, true, random);

            // An empty line in front: our listener has one for content that begins with a blank, and so nothing of it
            // shows.
            assertThat(new String(Unstuffed.of(wire), ISO_8859_1)).as(content).isEqualTo(normal(content));
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {6, 7})
    void theSizeThatIsDeclaredIsTheSizeOfTheChunk(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 2_000; i++) {
            String content = content(random, 40);

            byte[] chunk = written(content, false, random);

            assertThat(new String(chunk, ISO_8859_1)).as(content).isEqualTo(normal(content));
            assertThat(ContentFacts.of(message(content)).size()).as(content).isEqualTo(chunk.length);
        }
    }

    /** Each CR, LF and CRLF is the end of a line, and the last line has one. */
    private static String normal(String content) {
        String lines = content.replace("\r\n", "\n").replace('\r', '\n').replace("\n", "\r\n");
        return lines.isEmpty() || lines.endsWith("\r\n") ? lines : lines + "\r\n";
    }

    private static byte[] written(String content, boolean stuffing, SplittableRandom random) throws IOException {
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        try (ContentWriter writer = new ContentWriter(wire, stuffing)) {
            byte[] bytes = content.getBytes(ISO_8859_1);
            for (int from = 0; from < bytes.length; ) {
                int length = Math.min(bytes.length - from, 1 + random.nextInt(bytes.length));
                writer.write(bytes, from, length);
                from += length;
            }
            writer.finish();
        }
        return wire.toByteArray();
    }

    private static String content(SplittableRandom random, int longest) {
        StringBuilder content = new StringBuilder();
        for (int i = random.nextInt(longest); i > 0; i--) {
            content.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return content.toString();
    }

    private static Message message(String content) {
        return new Message(
                MessageId.next(Instant.EPOCH.plusSeconds(1), new SplittableRandom(1)),
                Envelope.of(EnvelopeAddress.NULL_SENDER, EnvelopeAddress.parse("b@example.com")),
                new Meta(),
                Content.of(content.getBytes(ISO_8859_1)));
    }
}
