package dev.kumo.core.spool;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.kumo.core.mail.Content;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MemoryDraftTest {

    @ParameterizedTest
    @MethodSource("seeds")
    void givesBackWhatWasAppended(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        Draft draft = new MemoryDraft();
        int largest = 1 << random.nextInt(1, 19);
        for (int i = random.nextInt(40); i > 0; i--) {
            byte[] bytes = new byte[random.nextInt(largest)];
            random.nextBytes(bytes);
            expected.writeBytes(bytes);
            ByteBuffer buffer = random.nextBoolean()
                    ? ByteBuffer.wrap(bytes)
                    : ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
            draft.append(buffer);
            assertThat(buffer.hasRemaining()).as("seed %d", seed).isFalse();
        }
        byte[] all = expected.toByteArray();

        Content content = draft.finish();

        assertThat(content.size()).as("seed %d", seed).isEqualTo(all.length);
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        content.writeTo(written);
        assertThat(written.toByteArray()).as("writeTo, seed %d", seed).isEqualTo(all);
        try (InputStream in = content.open()) {
            assertThat(in.readAllBytes()).as("open, seed %d", seed).isEqualTo(all);
        }
        assertThat(readAnyhow(content, random)).as("mixed reads, seed %d", seed).isEqualTo(all);
    }

    static LongStream seeds() {
        return LongStream.range(0, 100);
    }

    /** Reads by every method of a stream in turn; skipped bytes are read through a second stream. */
    private static byte[] readAnyhow(Content content, SplittableRandom random) throws IOException {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        try (InputStream in = content.open();
                InputStream shadow = content.open()) {
            int largest = 1 << random.nextInt(4, 18);
            while (in.available() > 0) {
                int before = in.available();
                int length = random.nextInt(1, largest);
                switch (random.nextInt(20)) {
                    case 0 -> read.write(in.read());
                    case 1 -> read.writeBytes(shadow.readNBytes((int) in.skip(length)));
                    case 2 -> in.transferTo(read);
                    default -> {
                        byte[] target = new byte[length + 2];
                        int count = in.read(target, 1, length);
                        assertThat(target[0]).isZero();
                        read.write(target, 1, count);
                    }
                }
                shadow.skipNBytes(before - in.available() - (before - shadow.available()));
            }
            assertThat(in.read()).isEqualTo(-1);
            assertThat(in.read(new byte[1])).isEqualTo(-1);
            assertThat(in.read(new byte[0])).isZero();
            assertThat(in.skip(1)).isZero();
        }
        return read.toByteArray();
    }

    @Test
    void readsOctetsAsUnsigned() throws IOException {
        Draft draft = new MemoryDraft();
        draft.append(ByteBuffer.wrap(new byte[] {(byte) 0xff}));

        try (InputStream in = draft.finish().open()) {
            assertThat(in.read()).isEqualTo(0xff);
        }
    }

    @Test
    void emptyDraftIsEmptyContent() throws IOException {
        Content content = new MemoryDraft().finish();

        assertThat(content.size()).isZero();
        try (InputStream in = content.open()) {
            assertThat(in.read()).isEqualTo(-1);
        }
    }

    @Test
    void copiesWhatItIsGiven() throws IOException {
        byte[] bytes = "before".getBytes(US_ASCII);
        Draft draft = new MemoryDraft();
        draft.append(ByteBuffer.wrap(bytes));
        bytes[0] = 'X';

        try (InputStream in = draft.finish().open()) {
            assertThat(in.readAllBytes()).isEqualTo("before".getBytes(US_ASCII));
        }
    }

    @Test
    void takesPositionToLimitOnly() throws IOException {
        Draft draft = new MemoryDraft();
        draft.append(ByteBuffer.wrap("abcdef".getBytes(US_ASCII)).position(2).limit(4));

        try (InputStream in = draft.finish().open()) {
            assertThat(in.readAllBytes()).isEqualTo("cd".getBytes(US_ASCII));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 700, 1460, 4096})
    void chunksGrowFromTheFirstReadToTheLargest(int read) throws IOException {
        int size = 1_000_000;
        Draft draft = new MemoryDraft();
        for (int left = size; left > 0; left -= read) {
            draft.append(ByteBuffer.allocate(Math.min(left, read)));
        }

        List<Integer> chunks = chunkSizes(draft.finish());

        assertThat(chunks).first().isEqualTo((read + 1023) / 1024 * 1024);
        assertThat(chunks.subList(0, chunks.size() - 1)).isSorted();
        assertThat(chunks.get(chunks.size() - 2)).isEqualTo(MemoryDraft.LARGEST_CHUNK);
        assertThat(chunks).hasSizeLessThan(30);
    }

    @Test
    void aLargePieceGetsAChunkOfItsSize() throws IOException {
        Draft draft = new MemoryDraft();
        draft.append(ByteBuffer.allocate(40_000));
        draft.append(ByteBuffer.allocate(20_001));

        assertThat(chunkSizes(draft.finish())).containsExactly(40_000, 20_001);
    }

    @Test
    void noChunkIsLargerThanTheLargest() throws IOException {
        Draft draft = new MemoryDraft();
        draft.append(ByteBuffer.allocate(300_000));

        assertThat(chunkSizes(draft.finish())).containsExactly(65536, 65536, 65536, 65536, 300_000 - 4 * 65536);
    }

    /** What each write of the content hands over, which is what each chunk holds. */
    private static List<Integer> chunkSizes(Content content) throws IOException {
        List<Integer> sizes = new ArrayList<>();
        content.writeTo(new OutputStream() {
            @Override
            public void write(int octet) {
                throw new AssertionError("content is written in bulk");
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                sizes.add(length);
            }
        });
        return sizes;
    }

    @Test
    void discardAfterFinishLeavesTheContent() throws IOException {
        Draft draft = new MemoryDraft();
        draft.append(ByteBuffer.wrap("kept".getBytes(US_ASCII)));
        Content content = draft.finish();

        draft.discard();

        try (InputStream in = content.open()) {
            assertThat(in.readAllBytes()).isEqualTo("kept".getBytes(US_ASCII));
        }
    }

    @Test
    void discardTwiceDoesNothing() {
        Draft draft = new MemoryDraft();
        draft.discard();
        draft.discard();

        assertThatIllegalStateException().isThrownBy(draft::finish);
    }

    @Test
    void refusesBytesAfterItsEnd() throws IOException {
        Draft draft = new MemoryDraft();
        draft.finish();

        assertThatIllegalStateException().isThrownBy(() -> draft.append(ByteBuffer.allocate(1)));
        assertThatIllegalStateException().isThrownBy(draft::finish);
    }
}
