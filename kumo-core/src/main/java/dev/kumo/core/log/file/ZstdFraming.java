package dev.kumo.core.log.file;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.nio.ByteBuffer;

/** Each piece is a frame of Zstandard (RFC 8878) with its checksum; frames one after the other are one text. */
final class ZstdFraming implements Framing {

    private final ZstdCompressCtx zstd;
    private byte[] frame = new byte[0];

    /**
     * Loads the library.
     *
     * @throws IllegalArgumentException if it is not there, or does not know the level
     */
    static ZstdFraming open(int level) {
        try {
            if (level < Zstd.minCompressionLevel() || level > Zstd.maxCompressionLevel()) {
                throw new IllegalArgumentException("compression_level is " + Zstd.minCompressionLevel() + " to "
                        + Zstd.maxCompressionLevel() + ", not " + level);
            }
            return new ZstdFraming(level);
        } catch (LinkageError e) {
            throw new IllegalArgumentException(
                    "compression \"zstd\" needs the library com.github.luben:zstd-jni, which is not there or does not fit"
                            + " this machine; add it, or set compression to \"none\"",
                    e);
        }
    }

    private ZstdFraming(int level) {
        zstd = new ZstdCompressCtx();
        zstd.setLevel(level);
        zstd.setChecksum(true);
    }

    @Override
    public ByteBuffer frame(byte[] piece, int length) {
        int most = Math.toIntExact(Zstd.compressBound(length));
        if (frame.length < most) {
            frame = new byte[most];
        }
        int size = zstd.compressByteArray(frame, 0, frame.length, piece, 0, length);
        return ByteBuffer.wrap(frame, 0, size);
    }

    @Override
    public void close() {
        zstd.close();
    }
}
