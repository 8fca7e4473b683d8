package dev.kumo.smtp.server;

import static dev.kumo.smtp.server.InvalidLineEndings.ALLOW;
import static dev.kumo.smtp.server.InvalidLineEndings.DENY;
import static dev.kumo.smtp.server.InvalidLineEndings.FIX;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.kumo.core.mail.Content;
import dev.kumo.core.spool.Draft;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContentReaderTest {

    private static final String BARE = "554 5.6.0 message data must use CRLF for line endings";
    private static final String TOO_BIG = "552 5.3.4 message too big";
    private static final String TOO_LONG_9 = "554 5.6.0 message data has a line longer than 9 octets";
    private static final int ANY_SIZE = 1_000_000;

    @ParameterizedTest
    @CsvSource(
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                ".\\r\\n,",
                "\\r\\n.\\r\\n,\\r\\n",
                "hi\\r\\n.\\r\\n,hi\\r\\n",
                "..\\r\\n.\\r\\n,.\\r\\n",
                ".a\\r\\n.\\r\\n,a\\r\\n",
                "...\\r\\n.\\r\\n,..\\r\\n",
                "a.\\r\\n.\\r\\n,a.\\r\\n",
                "a..\\r\\n..b\\r\\n.\\r\\n,a..\\r\\n.b\\r\\n",
                "\\r\\n..\\r\\n.\\r\\n,\\r\\n.\\r\\n",
                "Subject: x\\r\\n\\r\\n.a longer line\\r\\n..\\r\\nand the last one.\\r\\n.\\r\\n"
                        + ",Subject: x\\r\\n\\r\\na longer line\\r\\n.\\r\\nand the last one.\\r\\n",
            })
    void unstuffsToTheEndHoweverReadsAreSplit(String sent, String expected) {
        String wire = unescape(sent);
        String content = expected == null ? "" : unescape(expected);
        for (InvalidLineEndings mode : InvalidLineEndings.values()) {
            inEverySplit(wire + "QUIT\r\n", mode, ANY_SIZE, 998, taken(wire, content));
        }
    }

    /** Else a stranger's first line would continue our Received field. */
    @ParameterizedTest
    @CsvSource({
        "' a\\r\\n.\\r\\n', '\\r\\n a\\r\\n'",
        "'\ta\\r\\n.\\r\\n', '\\r\\n\ta\\r\\n'",
        "'. a\\r\\n.\\r\\n', '\\r\\n a\\r\\n'",
        "'a\\r\\n b\\r\\n.\\r\\n', 'a\\r\\n b\\r\\n'"
    })
    void whatBeginsWithABlankContinuesNoHeaderField(String sent, String stored) {
        String wire = unescape(sent);
        for (InvalidLineEndings mode : InvalidLineEndings.values()) {
            inEverySplit(wire, mode, ANY_SIZE, 998, taken(wire, unescape(stored)));
        }
    }

    /**
     * No sequence but CRLF.CRLF ends the content, in any mode, at any split: what an attacker puts behind it stays text.
     */
    @ParameterizedTest
    @CsvSource(
            nullValues = "same",
            value = {
                // sent, stored by ALLOW, stored by FIX
                "\\n.\\n, same, \\r\\n.\\r\\n",
                "\\n.\\r\\n, same, \\r\\n.\\r\\n",
                "\\r\\n.\\n, \\r\\n\\n, \\r\\n\\r\\n",
                "\\r.\\r, same, \\r\\n.\\r\\n",
                "\\r.\\r\\n, same, \\r\\n.\\r\\n",
                "\\r\\n.\\r, \\r\\n\\r, \\r\\n\\r\\n",
                "\\r.\\n, same, \\r\\n.\\r\\n",
                "\\n.\\r, same, \\r\\n.\\r\\n",
                "\\r, same, \\r\\n",
                "\\n, same, \\r\\n",
                "\\n\\r, same, \\r\\n\\r\\n",
                "\\r\\r, same, \\r\\n\\r\\n",
                "\\n\\n.\\n\\n, same, \\r\\n\\r\\n.\\r\\n\\r\\n",
                "\\r\\r\\n.\\r\\r\\n, \\r\\r\\n\\r\\r\\n, \\r\\n\\r\\n\\r\\n\\r\\n",
                "\\r\\n.\\r\\r\\n, \\r\\n\\r\\r\\n, \\r\\n\\r\\n\\r\\n",
                "\\n\\r\\n.\\n\\r\\n, \\n\\r\\n\\n\\r\\n, \\r\\n\\r\\n\\r\\n\\r\\n",
                "\\n\\r.\\n\\r, same, \\r\\n\\r\\n.\\r\\n\\r\\n",
                "\\n..\\r\\n, same, \\r\\n..\\r\\n",
                "\\r..\\r\\n, same, \\r\\n..\\r\\n",
                "\\r\\n.\\r.\\r\\n, \\r\\n\\r.\\r\\n, \\r\\n\\r\\n.\\r\\n",
                "\\r\\n.\\n.\\r\\n, \\r\\n\\n.\\r\\n, \\r\\n\\r\\n.\\r\\n",
                "\\r\\n.\\r\\0\\n, \\r\\n\\r\\0\\n, \\r\\n\\r\\n\\0\\r\\n",
                "\\r\\0\\n.\\r\\0\\n, same, \\r\\n\\0\\r\\n.\\r\\n\\0\\r\\n",
                "\\r\\n\\0.\\n, same, \\r\\n\\0.\\r\\n",
            })
    void aBareLineEndingNeverEndsTheContent(String sent, String allowed, String fixed) {
        String sequence = unescape(sent);
        String before = "Subject: x\r\n\r\nhello";
        String after = "MAIL FROM:<evil@x>\r\nRCPT TO:<victim@x>\r\nDATA\r\nevil\r\n";
        String wire = before + sequence + after + ".\r\n";

        inEverySplit(wire + "QUIT\r\n", DENY, ANY_SIZE, 998, refused(wire, BARE));
        inEverySplit(
                wire + "QUIT\r\n",
                ALLOW,
                ANY_SIZE,
                998,
                taken(wire, before + (allowed == null ? sequence : unescape(allowed)) + after));
        inEverySplit(wire + "QUIT\r\n", FIX, ANY_SIZE, 998, taken(wire, before + unescape(fixed) + after));
    }

    @ParameterizedTest
    @CsvSource({
        "\\r\\n..\\r\\n, \\r\\n.\\r\\n",
        "\\r\\n.\\0\\r\\n, \\r\\n\\0\\r\\n",
        "\\r\\n\\0.\\r\\n, \\r\\n\\0.\\r\\n",
        "\\r\\n.\\0.\\r\\n, \\r\\n\\0.\\r\\n",
        "\\r\\n. \\r\\n, \\r\\n \\r\\n",
        "\\r\\n...\\r\\n, \\r\\n..\\r\\n",
    })
    void aDotWithCompanyNeverEndsTheContent(String sent, String stored) {
        String before = "Subject: x\r\n\r\nhello";
        String after = "MAIL FROM:<evil@x>\r\n";
        String wire = before + unescape(sent) + after + ".\r\n";
        for (InvalidLineEndings mode : InvalidLineEndings.values()) {
            inEverySplit(wire + "QUIT\r\n", mode, ANY_SIZE, 998, taken(wire, before + unescape(stored) + after));
        }
    }

    /** The same sequences as the very first bytes, where the CRLF of the DATA line counts as sent. */
    @ParameterizedTest
    @CsvSource({".\\n", ".\\r", ".\\r\\r\\n", "\\n.\\r\\n", "\\r.\\r\\n", ".\\0\\r\\n", ".\\n.\\r\\n", "..\\r\\n"})
    void nothingButDotAndCrlfEndsTheContentAtItsStart(String sent) {
        String wire = unescape(sent) + "MAIL FROM:<evil@x>\r\n.\r\n";
        for (InvalidLineEndings mode : InvalidLineEndings.values()) {
            ReadOutcome expected = ContentOracle.read(bytes(wire + "QUIT\r\n"), mode, ANY_SIZE, 998);
            assertThat(expected.received()).isEqualTo(wire.length());
            inEverySplit(wire + "QUIT\r\n", mode, ANY_SIZE, 998, expected);
        }
    }

    @ParameterizedTest
    @EnumSource
    void contentWithoutAnEndNeverEnds(InvalidLineEndings mode) {
        for (String wire :
                List.of("", ".", ".\r", "a", "a\r\n", "a\r\n.", "a\r\n.\r", "a\n.\n", "a\r.\r", "a\n.\r\n")) {
            inEverySplit(wire, mode, ANY_SIZE, 998, new ReadOutcome(wire.length(), false, "", ""));
        }
    }

    @ParameterizedTest
    @CsvSource({
        // the stored size is what counts: without stuffing and end, with what FIX adds
        "DENY, ab\\r\\ncd\\r\\n.\\r\\n, ab\\r\\ncd\\r\\n",
        "DENY, ab\\r\\n..\\r\\n.\\r\\n, ab\\r\\n.\\r\\n",
        "DENY, .ab\\r\\n.\\r\\n, ab\\r\\n",
        "ALLOW, a\\nb\\rc\\r\\n.\\r\\n, a\\nb\\rc\\r\\n",
        "ALLOW, .\\rc\\r\\n.\\r\\n, \\rc\\r\\n",
        "FIX, a\\nb\\r\\n.\\r\\n, a\\r\\nb\\r\\n",
        "FIX, a\\rb\\r\\n.\\r\\n, a\\r\\nb\\r\\n",
        "FIX, .\\rb\\r\\n.\\r\\n, \\r\\nb\\r\\n",
        "FIX, a\\n\\r\\n.\\r\\n, a\\r\\n\\r\\n",
    })
    void takesExactlyTheLargestSizeAndNotOneMore(InvalidLineEndings mode, String sent, String expected) {
        String wire = unescape(sent);
        String content = unescape(expected);
        int size = content.length();

        inEverySplit(wire, mode, size + 1, 998, taken(wire, content));
        inEverySplit(wire, mode, size, 998, taken(wire, content));
        for (int less = 0; less < size; less++) {
            inEverySplit(wire, mode, less, 998, refused(wire, TOO_BIG));
        }
    }

    @Test
    void anEmptyMessageFitsInNoSpace() {
        inEverySplit(".\r\n", DENY, 0, 998, taken(".\r\n", ""));
    }

    @ParameterizedTest
    @EnumSource
    void takesLinesOfExactlyTheLongestLength(InvalidLineEndings mode) {
        for (String line : List.of("12345678", "123456789")) {
            String content = "a\r\n" + line + "\r\nb\r\n" + line + "\r\n";
            inEverySplit(content + ".\r\n", mode, ANY_SIZE, 9, taken(content + ".\r\n", content));
            inEverySplit("." + line + "\r\n.\r\n", mode, ANY_SIZE, 9, taken("." + line + "\r\n.\r\n", line + "\r\n"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void refusesALineOneOctetTooLong(InvalidLineEndings mode) {
        for (String content : List.of(
                "1234567890\r\n", "a\r\n1234567890\r\n", "1234567890\r\na\r\n", "..234567890\r\n", ".1234567890\r\n")) {
            inEverySplit(content + ".\r\n", mode, ANY_SIZE, 9, refused(content + ".\r\n", TOO_LONG_9));
        }
    }

    @Test
    void aBareLfEndsALineWhereItIsAllowed() {
        String content = "12345678\n123456789\n\n123456789\n\r\n";
        inEverySplit(content + ".\r\n", ALLOW, ANY_SIZE, 9, taken(content + ".\r\n", content));
        inEverySplit("a\n1234567890\r\n.\r\n", ALLOW, ANY_SIZE, 9, refused("a\n1234567890\r\n.\r\n", TOO_LONG_9));
    }

    @Test
    void aBareCrIsAnOctetOfTheLineWhereItIsAllowed() {
        String content = "1234\r6789\r\n12345678\r\r\n";
        inEverySplit(content + ".\r\n", ALLOW, ANY_SIZE, 9, taken(content + ".\r\n", content));
        for (String more : List.of("1234\r67890\r\n", "123456789\r\r\n", "123456789\ra\r\n", ".\r234567890\r\n")) {
            inEverySplit(more + ".\r\n", ALLOW, ANY_SIZE, 9, refused(more + ".\r\n", TOO_LONG_9));
        }
    }

    @Test
    void aFixedLineEndingEndsALine() {
        String wire = "123456789\n123456789\r123456789\r\n.\r\n";
        inEverySplit(wire, FIX, ANY_SIZE, 9, taken(wire, "123456789\r\n123456789\r\n123456789\r\n"));
        for (String more : List.of("a\n1234567890\r\n", "a\r1234567890\r\n", ".\r1234567890\r\n")) {
            inEverySplit(more + ".\r\n", FIX, ANY_SIZE, 9, refused(more + ".\r\n", TOO_LONG_9));
        }
    }

    /** Long enough that a line spans several eight-byte steps, around the limit of RFC 5321. */
    @ParameterizedTest
    @ValueSource(ints = {997, 998, 999})
    void holdsTheLimitOfTheStandardAtEveryCut(int length) {
        String wire = "x".repeat(length) + "\r\n.\r\n";
        ReadOutcome expected = length <= 998
                ? taken(wire, "x".repeat(length) + "\r\n")
                : refused(wire, "554 5.6.0 message data has a line longer than 998 octets");
        for (int cut = 0; cut <= wire.length(); cut++) {
            assertThat(ReadOutcome.of(bytes(wire), DENY, ANY_SIZE, 998, cut))
                    .as("cut at %d", cut)
                    .isEqualTo(expected);
        }
    }

    @Test
    void saysTheFirstProblemOfSeveral() {
        record Case(String wire, int maxSize, String failure) {}
        for (Case one : List.of(
                new Case("1234567890\n\r\n.\r\n", 100, TOO_LONG_9),
                new Case("1\n2345678901\r\n.\r\n", 100, BARE),
                new Case("1\r2345678901\r\n.\r\n", 100, BARE),
                new Case("12345678901234\r\n.\r\n", 9, TOO_LONG_9), // one octet breaks both
                new Case("12345678901234\r\n.\r\n", 8, TOO_BIG),
                new Case("1234\n\r\n.\r\n", 4, BARE),
                new Case("1234\n\r\n.\r\n", 3, TOO_BIG),
                new Case("1234\rx\r\n.\r\n", 5, BARE),
                new Case("1234\rx\r\n.\r\n", 4, TOO_BIG))) {
            inEverySplit(one.wire, DENY, one.maxSize, 9, refused(one.wire, one.failure));
        }
    }

    @Test
    void noOtherOctetIsALineEnding() {
        for (int octet = 0; octet < 256; octet++) {
            if (octet != '\r' && octet != '\n') {
                String content = "-" + Character.toString(octet).repeat(20) + "\r\n" + (char) octet + "\r\n";
                String wire = content.replace("\n.", "\n..") + ".\r\n";
                for (int cut = 0; cut < 9; cut++) {
                    assertThat(ReadOutcome.of(bytes(wire), DENY, ANY_SIZE, 998, cut))
                            .as("octet %d, cut at %d", octet, cut)
                            .isEqualTo(taken(wire, content));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void leavesOrderLimitAndContentOfTheBufferAlone(boolean direct) {
        byte[] wire = bytes("a\nb\r\n..c\r\n.\r\nNOOP\r\n");
        ByteBuffer bytes = direct ? ByteBuffer.allocateDirect(64) : ByteBuffer.allocate(64);
        bytes.order(ByteOrder.BIG_ENDIAN).position(3).put(wire).flip().position(3);
        ContentReader reader = new ContentReader(Draft.inMemory(), true, FIX, ANY_SIZE, 998);

        assertThat(reader.accept(bytes)).isTrue();

        assertThat(bytes.order()).isEqualTo(ByteOrder.BIG_ENDIAN);
        assertThat(bytes.limit()).isEqualTo(3 + wire.length);
        assertThat(bytes.remaining()).isEqualTo("NOOP\r\n".length());
        byte[] after = new byte[wire.length];
        bytes.position(3).get(after);
        assertThat(after).isEqualTo(wire);
    }

    @Test
    void readsReadOnlyBuffers() throws IOException {
        ContentReader reader = new ContentReader(Draft.inMemory(), true, DENY, ANY_SIZE, 998);

        assertThat(reader.accept(ByteBuffer.wrap(bytes("hello\r\n.\r\n")).asReadOnlyBuffer()))
                .isTrue();
        assertThat(reader.content().size()).isEqualTo(7);
    }

    @Test
    void countsWhatItStoresAndWhatItReceives() {
        ContentReader reader = new ContentReader(Draft.inMemory(), true, DENY, ANY_SIZE, 998);

        reader.accept(ByteBuffer.wrap(bytes("..a\r\n.")));
        assertThat(reader.size()).isEqualTo(4);
        assertThat(reader.received()).isEqualTo(6);

        reader.accept(ByteBuffer.wrap(bytes("\r\nQUIT\r\n")));
        assertThat(reader.size()).isEqualTo(4);
        assertThat(reader.received()).isEqualTo(8);
    }

    @Test
    void storesManyLinesInOneRun() {
        RecordingDraft draft = new RecordingDraft();

        new ContentReader(draft, true, DENY, ANY_SIZE, 998)
                .accept(ByteBuffer.wrap(bytes("a\r\nb\r\n\r\n..c\r\nd\r\n.\r\n")));

        assertThat(draft.calls).containsExactly("a\r\nb\r\n\r\n", ".c\r\nd\r\n");
    }

    @Test
    void dropsTheDraftAtTheFirstProblemAndReadsOn() {
        RecordingDraft draft = new RecordingDraft();
        ContentReader reader = new ContentReader(draft, true, DENY, 10, 998);

        assertThat(reader.accept(ByteBuffer.wrap(bytes("12345\r\n")))).isFalse();
        assertThat(reader.accept(ByteBuffer.wrap(bytes("12345\r\n")))).isFalse();
        assertThat(draft.calls).containsExactly("12345\r\n", "discard");
        assertThat(reader.failure()).contains(ContentReader.TOO_BIG);
        assertThat(reader.size()).isZero();

        assertThat(reader.accept(ByteBuffer.wrap(bytes("1\n.\n..\r\n.\r\n")))).isTrue();
        assertThat(draft.calls).containsExactly("12345\r\n", "discard");
        assertThat(reader.failure()).contains(ContentReader.TOO_BIG);
        assertThat(reader.received()).isEqualTo(25);
    }

    @Test
    void aDraftThatFailsIsNoInsufficiencyOfTheClient() {
        RecordingDraft draft = new RecordingDraft();
        draft.broken = true;
        ContentReader reader = new ContentReader(draft, true, DENY, ANY_SIZE, 998);

        assertThat(reader.accept(ByteBuffer.wrap(bytes("a\r\n")))).isFalse();
        assertThat(reader.accept(ByteBuffer.wrap(bytes("b\r\n.\r\n")))).isTrue();

        assertThat(reader.failure())
                .hasValueSatisfying(reply -> assertThat(reply).hasToString("452 4.3.1 insufficient system storage"));
        assertThat(draft.calls).containsExactly("discard");
        assertThatIllegalStateException().isThrownBy(reader::content);
    }

    @Test
    void aDraftThatFailsToFinishIsAFailure() {
        RecordingDraft draft = new RecordingDraft();
        ContentReader reader = new ContentReader(draft, true, DENY, ANY_SIZE, 998);
        assertThat(reader.accept(ByteBuffer.wrap(bytes("a\r\n.\r\n")))).isTrue();
        draft.broken = true;

        assertThatIOException().isThrownBy(reader::content);

        assertThat(reader.failure()).contains(ContentReader.STORAGE_FAILED);
        assertThat(draft.calls).containsExactly("a\r\n", "discard");
    }

    @Test
    void aConnectionThatDiesDropsTheDraft() {
        RecordingDraft draft = new RecordingDraft();
        ContentReader reader = new ContentReader(draft, true, DENY, ANY_SIZE, 998);
        reader.accept(ByteBuffer.wrap(bytes("a\r\n")));

        reader.discard();

        assertThat(draft.calls).containsExactly("a\r\n", "discard");
    }

    @Test
    void hasNoContentBeforeTheEnd() {
        ContentReader reader = new ContentReader(Draft.inMemory(), true, DENY, ANY_SIZE, 998);
        reader.accept(ByteBuffer.wrap(bytes("a\r\n.\r")));

        assertThatIllegalStateException().isThrownBy(reader::content);
    }

    @Test
    void readsOneMessageOnly() {
        ContentReader reader = new ContentReader(Draft.inMemory(), true, DENY, ANY_SIZE, 998);
        reader.accept(ByteBuffer.wrap(bytes(".\r\n")));

        assertThatIllegalStateException().isThrownBy(() -> reader.accept(ByteBuffer.wrap(bytes(".\r\n"))));
    }

    private static ReadOutcome taken(String wire, String content) {
        return new ReadOutcome(wire.length(), true, "", content);
    }

    private static ReadOutcome refused(String wire, String failure) {
        return new ReadOutcome(wire.length(), true, failure, "");
    }

    /** Reads in one go, cut at every place, at every two places, and byte by byte. */
    private static void inEverySplit(
            String input, InvalidLineEndings mode, int maxSize, int lineLengthLimit, ReadOutcome expected) {
        byte[] bytes = bytes(input);
        for (int first = 0; first <= bytes.length; first++) {
            for (int second = first; second <= bytes.length; second++) {
                ReadOutcome outcome = ReadOutcome.of(bytes, mode, maxSize, lineLengthLimit, first, second);
                if (!outcome.equals(expected)) {
                    assertThat(outcome)
                            .as("%s, at most %d, cut at %d and %d", mode, maxSize, first, second)
                            .isEqualTo(expected);
                }
            }
        }
        int[] everywhere = IntStream.range(1, Math.max(1, bytes.length)).toArray();
        assertThat(ReadOutcome.of(bytes, mode, maxSize, lineLengthLimit, everywhere))
                .as("%s, at most %d, byte by byte", mode, maxSize)
                .isEqualTo(expected);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }

    private static String unescape(String text) {
        return text.replace("\\r", "\r").replace("\\n", "\n").replace("\\0", "\0");
    }

    private static final class RecordingDraft implements Draft {

        private final List<String> calls = new ArrayList<>();
        private boolean broken;

        @Override
        public void append(ByteBuffer bytes) throws IOException {
            requireSound();
            calls.add(ISO_8859_1.decode(bytes).toString());
        }

        @Override
        public Content finish() throws IOException {
            requireSound();
            return Content.of(new byte[0]);
        }

        @Override
        public void discard() {
            calls.add("discard");
        }

        private void requireSound() throws IOException {
            if (broken) {
                throw new IOException("disk full");
            }
        }
    }
}
