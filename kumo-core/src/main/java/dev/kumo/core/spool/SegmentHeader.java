package dev.kumo.core.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * The first bytes of a segment; see {@link RecordHeader} for the whole format.
 *
 * @param first the number of the segment, or of the first one that this one stands for
 * @param last the number of the last one that this one stands for
 * @param generation how often what is in it has been copied; of two that stand for the same, the greater counts
 * @param salt goes into every checksum, so that nobody can send a mail that reads like records
 * @param nextArrival no message that was stored before has this arrival number or a greater one
 * @param previous the number of the segment before this one when it was begun; 0 if there was none
 * @param previousLength how much of that one counts; what follows there was never acknowledged
 */
record SegmentHeader(
        int first, int last, int generation, long salt, long nextArrival, int previous, int previousLength) {

    static final int SIZE = 64;

    private static final long MAGIC = 0x4b554d4f_53504f4cL; // KUMOSPOL
    private static final int VERSION = 1;
    private static final int CRC_AT = SIZE - 4;

    private static final Pattern NAME = Pattern.compile("(\\d{10})-(\\d{10})-(\\d{1,9})-([0-9a-f]{16})\\.log");

    /** The name of the file: it tells enough to read on if the header is damaged. */
    String fileName() {
        return String.format(
                "%010d-%010d-%d-%s.log", first, last, generation, HexFormat.of().toHexDigits(salt));
    }

    /** What a file's name tells; empty if it is not the name of a segment. */
    static Optional<SegmentHeader> ofName(String name) {
        Matcher match = NAME.matcher(name);
        if (!match.matches()) {
            return Optional.empty();
        }
        try {
            int first = Integer.parseInt(match.group(1));
            int last = Integer.parseInt(match.group(2));
            return Optional.of(new SegmentHeader(
                    first,
                    last,
                    Integer.parseInt(match.group(3)),
                    HexFormat.fromHexDigitsToLong(match.group(4)),
                    0,
                    0,
                    0));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Whether all that counts of another segment is in this one, so that the other is to be deleted. */
    boolean replaces(SegmentHeader other) {
        return generation > other.generation && first <= other.first && other.last <= last;
    }

    ByteBuffer bytes() {
        ByteBuffer bytes = ByteBuffer.allocate(SIZE)
                .putLong(MAGIC)
                .putInt(VERSION)
                .putInt(first)
                .putInt(last)
                .putInt(generation)
                .putLong(salt)
                .putLong(nextArrival)
                .putInt(previous)
                .putInt(previousLength);
        bytes.putInt(CRC_AT, crc(bytes.array()));
        return bytes.position(0);
    }

    /**
     * Reads a header.
     *
     * @return empty if it is damaged
     * @throws IOException if it is of a version that is not known
     */
    static Optional<SegmentHeader> read(ByteBuffer bytes) throws IOException {
        byte[] header = new byte[SIZE];
        if (bytes.remaining() < SIZE) {
            return Optional.empty();
        }
        bytes.get(header);
        ByteBuffer in = ByteBuffer.wrap(header);
        if (in.getLong() != MAGIC || in.getInt(CRC_AT) != crc(header)) {
            return Optional.empty();
        }
        int version = in.getInt();
        if (version != VERSION) {
            throw new IOException("it is of version " + version + ", and this release reads version " + VERSION
                    + "; run the release that wrote it, or a newer one");
        }
        return Optional.of(new SegmentHeader(
                in.getInt(), in.getInt(), in.getInt(), in.getLong(), in.getLong(), in.getInt(), in.getInt()));
    }

    private static int crc(byte[] header) {
        CRC32C crc = new CRC32C();
        crc.update(header, 0, CRC_AT);
        return (int) crc.getValue();
    }
}
