package dev.kumo.auth.dkim;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class BodyHashTest {

    private static final String ALPHABET = "ab.  \t\t\r\n\r\n\r\n\u00e4\u0000";

    /** A digest that gives back what it was given. */
    private static final class Everything extends MessageDigest {

        private final ByteArrayOutputStream all = new ByteArrayOutputStream();

        Everything() {
            super("everything");
        }

        @Override
        protected void engineUpdate(byte input) {
            all.write(input);
        }

        @Override
        protected void engineUpdate(byte[] input, int offset, int length) {
            all.write(input, offset, length);
        }

        @Override
        protected byte[] engineDigest() {
            return all.toByteArray();
        }

        @Override
        protected void engineReset() {
            all.reset();
        }
    }

    /** The canonical form of a body, given in pieces that end at some of its places. */
    static String canonical(Canonicalization form, String body, int... cuts) {
        BodyHash hash = new BodyHash(form, new Everything());
        byte[] bytes = body.getBytes(ISO_8859_1);
        int from = 0;
        for (int cut : cuts) {
            hash.add(bytes, from, cut);
            from = cut;
        }
        hash.add(bytes, from, bytes.length);
        return new String(hash.end(), ISO_8859_1);
    }

    private static String naive(Canonicalization form, String body) {
        String sent = body.replaceAll("\r\n|\r|\n", "\r\n");
        return form == Canonicalization.RELAXED ? NaiveVerifier.relaxedBody(sent) : NaiveVerifier.simpleBody(sent);
    }

    @ParameterizedTest(name = "{0}, seed {1}")
    @CsvSource({"SIMPLE, 1", "SIMPLE, 2", "RELAXED, 1", "RELAXED, 2"})
    void isWhatWholeTextsComeTo(Canonicalization form, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 5_000; i++) {
            StringBuilder body = new StringBuilder();
            for (int length = random.nextInt(30); length > 0; length--) {
                body.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
            }
            int[] cuts = random.ints(random.nextInt(4), 0, body.length() + 1)
                    .sorted()
                    .toArray();

            assertThat(canonical(form, body.toString(), cuts))
                    .as("%s, cut at %s", body, cuts)
                    .isEqualTo(naive(form, body.toString()));
        }
    }

    @ParameterizedTest
    @EnumSource
    void linesOfAnyLengthAreWhole(Canonicalization form) {
        for (int length : new int[] {8189, 8190, 8191, 8192, 8193, 20_000}) {
            String body = "x".repeat(length) + " \r\n\r\n" + "y".repeat(length) + "\t \r\n\r\n";

            assertThat(canonical(form, body)).isEqualTo(naive(form, body));
            assertThat(canonical(form, body, 1, length, length + 2)).isEqualTo(naive(form, body));
        }
    }

    @ParameterizedTest
    @EnumSource
    void emptyLinesWithoutEndTakeNoMemory(Canonicalization form) {
        BodyHash hash = new BodyHash(form, SigningKey.sha256());
        byte[] lines = "\r\n".repeat(50_000).getBytes(ISO_8859_1);
        for (int i = 0; i < 100; i++) {
            hash.add(lines, 0, lines.length);
        }

        BodyHash empty = new BodyHash(form, SigningKey.sha256());
        assertThat(hash.end()).isEqualTo(empty.end());
    }

    @Test
    void aBodyOfBlanksIsEmptyInRelaxedForm() {
        assertThat(canonical(Canonicalization.RELAXED, " \t \r\n \r\n\t")).isEmpty();
        assertThat(canonical(Canonicalization.SIMPLE, " \t \r\n\r\n")).isEqualTo(" \t \r\n");
    }
}
