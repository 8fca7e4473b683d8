package dev.kumo.core.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HeadersTest {

    private static Headers read(String message) throws IOException {
        return Headers.read(new ByteArrayInputStream(message.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void readsFieldsInTheirOrder() throws Exception {
        Headers headers = read("Received: b\r\nReceived: a\r\nSubject:  Hi there \r\n\r\nTo: body\r\n");

        assertThat(headers.fields())
                .containsExactly(
                        new Headers.Field("Received", "b"),
                        new Headers.Field("Received", "a"),
                        new Headers.Field("Subject", "Hi there"));
    }

    @Test
    void findsFieldsInAnyCase() throws Exception {
        Headers headers = read("X-A: 1\r\nx-a: 2\r\n\r\n");

        assertThat(headers.first("X-a")).contains("1");
        assertThat(headers.all("x-A")).containsExactly("1", "2");
        assertThat(headers.first("X-B")).isEmpty();
        assertThat(headers.all("X-B")).isEmpty();
    }

    @Test
    void unfolds() throws Exception {
        assertThat(read("Subject: a\r\n b\r\n\tc\r\nTo: d\r\n\r\n").first("subject"))
                .contains("a b\tc");
    }

    @Test
    void readsFieldsWithoutABody() throws Exception {
        assertThat(read("Subject: a").first("Subject")).contains("a");
        assertThat(read("Subject: a\r\n").first("Subject")).contains("a");
    }

    @Test
    void readsBareLineFeeds() throws Exception {
        assertThat(read("A: 1\nB: 2\n\nC: 3\n").fields()).hasSize(2);
    }

    @Test
    void aBareCarriageReturnEndsNoLine() throws Exception {
        assertThat(read("A: 1\rB: 2\r\nSub\rject: 3\r\n\r\r\nC: 4\r\n\r\n").fields())
                .containsExactly(new Headers.Field("A", "1 B: 2"), new Headers.Field("C", "4"));
    }

    @Test
    void aMessageMayHaveNoHeader() throws Exception {
        assertThat(read("").fields()).isEmpty();
        assertThat(read("\r\nSubject: a\r\n").fields()).isEmpty();
    }

    @Test
    void leavesOutWhatIsNoField() throws Exception {
        Headers headers =
                read("From a@b Thu Jan 1 00:00:00\r\nno colon\r\n: no name\r\na b: c\r\nü: d\r\nA : 1\r\nB:\r\n\r\n");

        assertThat(headers.fields()).containsExactly(new Headers.Field("A", "1"), new Headers.Field("B", ""));
    }

    @Test
    void aContinuationOfNothingIsNoField() throws Exception {
        assertThat(read(" Subject: a\r\nTo: b\r\n\r\n").fields()).containsExactly(new Headers.Field("To", "b"));
    }

    @Test
    void readsUtf8() throws Exception {
        assertThat(read("Subject: Grüße\r\n\r\n").first("Subject")).contains("Grüße");
    }

    @Test
    void stopsAfterOneMebibyteOfFields() throws Exception {
        String field = "X: " + "a".repeat(1019) + "\r\n";

        assertThat(read(field.repeat(2000)).fields()).hasSize(1024);
    }

    @Test
    void stopsAfterTenThousandFields() throws Exception {
        assertThat(read("a:\n".repeat(10_000)).fields()).hasSize(10_000);
        assertThat(read("a:\n".repeat(20_000)).fields()).hasSize(10_000);
    }

    @Test
    void tellsThatFieldsWereLeftOut() throws Exception {
        assertThat(read("a:\n".repeat(10_000)).isTruncated()).isFalse();
        assertThat(read("a:\n".repeat(10_000) + "\nbody\n").isTruncated()).isFalse();
        assertThat(read("a:\n".repeat(10_000) + "Subject: x\n\nbody\n").isTruncated())
                .isTrue();
        assertThat(read("a:\n".repeat(10_001) + "Subject: x\n\nbody\n").isTruncated())
                .isTrue();
    }

    @Test
    void tellsThatTheEndOfTheHeaderWasNotReached() throws Exception {
        String longest = "a: " + "x".repeat(1 << 20);

        assertThat(read(longest + "\n\nbody\n").isTruncated()).isTrue();
        assertThat(read(longest.substring(0, (1 << 20) - 2) + "\n\nbody\n").isTruncated())
                .isFalse();
        assertThat(read("a: b\n\n" + longest).isTruncated()).isFalse();
    }

    @Test
    void decodesEncodedWordsWithoutTheirLineBreaks() throws Exception {
        Headers headers = read("Subject: =?utf-8?q?gr=C3=BC=C3=9Fe?= =?utf-8?b?IQo=?=\na: a\tb\n\n");

        assertThat(headers.fields()).extracting(Headers.Field::decoded).containsExactly("grüße! ", "a\tb");
    }

    @Test
    void stopsAfterOneMebibyteOfAnything() throws Exception {
        for (int octet : new int[] {'\r', 'a', 0xff}) {
            Endless endless = new Endless(octet);

            assertThat(Headers.read(endless).fields()).isEmpty();
            assertThat(endless.read).isBetween(1L << 20, (1L << 20) + 8192);
        }
    }

    @Test
    void neverFailsOnJunk() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 2000; i++) {
            byte[] junk = new byte[random.nextInt(200)];
            for (int j = 0; j < junk.length; j++) {
                junk[j] = (byte) (random.nextInt(3) == 0 ? "\r\n :\t".charAt(random.nextInt(5)) : random.nextInt());
            }
            for (Headers.Field field :
                    Headers.read(new ByteArrayInputStream(junk)).fields()) {
                assertThat(field.name()).as("seed %d", seed).matches("[!-9;-~]+");
                assertThat(field.value()).as("seed %d", seed).doesNotContain("\r", "\n");
            }
        }
    }

    private static final class Endless extends InputStream {

        private final int octet;
        private long read;

        Endless(int octet) {
            this.octet = octet;
        }

        @Override
        public int read() {
            read++;
            return octet;
        }

        @Override
        public int read(byte[] into, int from, int length) {
            Arrays.fill(into, from, from + length, (byte) octet);
            read += length;
            return length;
        }
    }
}
