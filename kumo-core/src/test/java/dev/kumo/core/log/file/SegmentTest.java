package dev.kumo.core.log.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumo.core.TestMail;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentTest {

    @TempDir
    Path folder;

    private Segment segment(Path file, long room) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        return new Segment(file, TestMail.NOW, new FullDisk(channel, room), Framing.none());
    }

    private static void write(Segment segment, String text) throws IOException {
        segment.line(TestMail.NOW).write(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void aPieceThatDoesNotFitIsCutOffAgain() throws IOException {
        Path file = folder.resolve("segment");
        Segment segment = segment(file, 15);
        write(segment, "0123456789\n");
        segment.flush();
        write(segment, "abc\n");
        write(segment, "def\n");
        assertThatThrownBy(segment::flush).hasMessage("No space left on device");
        assertThat(file).hasContent("0123456789\nabc\n");
        assertThat(segment.waiting()).isEqualTo(2);

        segment.abandon();
        assertThat(file).hasContent("0123456789\n");
    }

    @Test
    void aFileThatNothingFitsIntoDoesNotStay() throws IOException {
        Path file = folder.resolve("segment");
        Segment segment = segment(file, 3);
        write(segment, "0123456789\n");
        assertThatThrownBy(segment::end).isInstanceOf(IOException.class);
        segment.abandon();

        assertThat(file).doesNotExist();
    }

    @Test
    void aLargePieceIsWrittenWhole() throws IOException {
        Path file = folder.resolve("segment");
        Segment segment = segment(file, Long.MAX_VALUE);
        String large = "x".repeat(3_000_000);
        write(segment, large);
        segment.flush();
        write(segment, "y");
        segment.end();

        assertThat(file).hasContent(large + "y");
        assertThat(segment.length()).isEqualTo(3_000_001);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .doesNotContain("w");
    }

    /** Takes so many bytes and no more, as a disk does. */
    private static final class FullDisk extends FileChannel {

        private final FileChannel file;
        private long room;

        FullDisk(FileChannel file, long room) {
            this.file = file;
            this.room = room;
        }

        @Override
        public int write(ByteBuffer bytes) throws IOException {
            if (room == 0) {
                throw new IOException("No space left on device");
            }
            int limit = bytes.limit();
            bytes.limit((int) Math.min(limit, bytes.position() + room));
            int written = file.write(bytes);
            bytes.limit(limit);
            room -= written;
            return written;
        }

        @Override
        public long position() throws IOException {
            return file.position();
        }

        @Override
        public FileChannel truncate(long size) throws IOException {
            file.truncate(size);
            return this;
        }

        @Override
        public void force(boolean metaData) throws IOException {
            file.force(metaData);
        }

        @Override
        protected void implCloseChannel() throws IOException {
            file.close();
        }

        @Override
        public int read(ByteBuffer bytes) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long read(ByteBuffer[] bytes, int offset, int length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long write(ByteBuffer[] bytes, int offset, int length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileChannel position(long position) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long size() {
            throw new UnsupportedOperationException();
        }

        @Override
        public long transferTo(long position, long count, WritableByteChannel target) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long transferFrom(ReadableByteChannel source, long position, long count) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int read(ByteBuffer bytes, long position) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int write(ByteBuffer bytes, long position) {
            throw new UnsupportedOperationException();
        }

        @Override
        public MappedByteBuffer map(MapMode mode, long position, long size) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileLock lock(long position, long size, boolean shared) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileLock tryLock(long position, long size, boolean shared) {
            throw new UnsupportedOperationException();
        }
    }
}
