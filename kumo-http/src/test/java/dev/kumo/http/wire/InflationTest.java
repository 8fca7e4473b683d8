package dev.kumo.http.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.kumo.http.answer.RefusedException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** Decompressing what a stranger has compressed. */
class InflationTest {

    private static final int LIMIT = 10_000;

    private static byte[] compressed(byte[] body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream compressed = new GZIPOutputStream(out)) {
            compressed.write(body);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toByteArray();
    }

    @Test
    void aBombIsInflatedNoFurtherThanTheLimit() {
        byte[] bomb = compressed(new byte[100_000_000]);
        Capacity capacity = new Capacity(1, LIMIT); // more than that at any moment would be another refusal
        BodyBuffer out = new BodyBuffer(capacity, LIMIT, LIMIT);

        assertThat(catchThrowableOfType(
                                RefusedException.class, () -> Inflation.run(Encoding.GZIP, bomb, bomb.length, out))
                        .answer()
                        .status())
                .isEqualTo(413);
        assertThat(capacity.memory()).isLessThanOrEqualTo(LIMIT);
        out.release();
        assertThat(capacity.memory()).isZero();
    }

    @Test
    void aHundredThousandEmptyMembersAreNoTrouble() {
        byte[] member = compressed(new byte[0]);
        ByteArrayOutputStream many = new ByteArrayOutputStream();
        for (int i = 0; i < 100_000; i++) {
            many.writeBytes(member);
        }
        BodyBuffer out = new BodyBuffer(new Capacity(1, 1_000_000), LIMIT, LIMIT);
        Inflation.run(Encoding.GZIP, many.toByteArray(), many.size(), out);
        assertThat(out.size()).isZero();
    }

    @Test
    void aCutOrChangedBodyIsRefused() {
        byte[] whole = compressed("some text, and some more".getBytes(StandardCharsets.US_ASCII));
        for (int length = 1; length < whole.length; length++) {
            assertThat(inflates(whole, length)).as("cut at %s", length).isFalse();
        }
        for (int at = whole.length - 8; at < whole.length; at++) {
            byte[] changed = whole.clone();
            changed[at] ^= 1;
            assertThat(inflates(changed, changed.length))
                    .as("changed at %s", at)
                    .isFalse();
        }
        assertThat(inflates(whole, whole.length)).isTrue();
    }

    private static boolean inflates(byte[] in, int length) {
        try {
            Inflation.run(Encoding.GZIP, in, length, new BodyBuffer(new Capacity(1, 1_000_000), LIMIT, LIMIT));
            return true;
        } catch (RefusedException e) {
            return false;
        }
    }

    @Test
    void whatIsCompressedHereCanBeReadByOthers() throws IOException {
        byte[] body = "x".repeat(5000).getBytes(StandardCharsets.US_ASCII);
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(Encoding.GZIP.compress(body)))) {
            assertThat(in.readAllBytes()).isEqualTo(body);
        }
    }
}
