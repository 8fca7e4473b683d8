package dev.kumo.core.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where damaged pieces of segments are copied to, for somebody to look at. */
final class Damage {

    private static final Logger LOG = LoggerFactory.getLogger(Damage.class);

    private static final int PIECE = 1 << 16;

    private final Disk disk;
    private final Path directory;

    Damage(Disk disk, Path spool) {
        this.disk = disk;
        this.directory = spool.resolve("damaged");
    }

    /** Copies a piece, unless it was before. That this fails is no reason to stop. */
    void setAside(Segment segment, long offset, long length, String what) {
        Path copy = directory.resolve(segment + "-" + offset + ".bin");
        try {
            disk.makeDirectory(directory);
            if (disk.list(directory).contains(copy)) {
                LOG.warn("damage in the spool: {} in {} at offset {}, {} bytes, still", what, segment, offset, length);
                return;
            }
            copy(segment, offset, length, copy);
            LOG.error(
                    "damage in the spool: {} in {} at offset {}, {} bytes; copied to {}. Check the disk",
                    what,
                    segment,
                    offset,
                    length,
                    copy);
        } catch (IOException e) {
            LOG.error(
                    "damage in the spool: {} in {} at offset {}, {} bytes, which cannot be copied to {}. Check the disk",
                    what,
                    segment,
                    offset,
                    length,
                    copy,
                    e);
        }
    }

    /** Copies a piece that a crash or the disk has spoiled, and that is left out from now on, as what stands behind it is whole. */
    void leaveOut(Segment segment, long offset, long length) {
        Path copy = directory.resolve(segment + "-" + offset + ".bin");
        try {
            disk.makeDirectory(directory);
            if (!disk.list(directory).contains(copy)) {
                copy(segment, offset, length, copy);
            }
            LOG.warn(
                    "left out {} bytes of {} at offset {}, spoiled by the crash or by the disk; copied to {}. What follows"
                            + " them is kept",
                    length,
                    segment.file,
                    offset,
                    copy);
        } catch (IOException e) {
            LOG.warn(
                    "left out {} bytes of {} at offset {}, which cannot be copied to {}",
                    length,
                    segment.file,
                    offset,
                    copy,
                    e);
        }
    }

    private void copy(Segment segment, long offset, long length, Path copy) throws IOException {
        ByteBuffer piece = ByteBuffer.allocate((int) Math.min(length, PIECE));
        try (Disk.Input in = disk.open(segment.file);
                Disk.Output out = disk.create(copy)) {
            long at = offset;
            while (at < offset + length) {
                piece.clear().limit((int) Math.min(PIECE, offset + length - at));
                int read = in.read(piece, at);
                if (read <= 0) {
                    break;
                }
                at += read;
                out.write(piece.flip());
            }
            out.force();
        }
    }

    /** Where the copies are. */
    @Override
    public String toString() {
        return directory.toString();
    }
}
