package dev.kumo.core.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The header of a record.
 *
 * <h2>The format of a spool on disk</h2>
 *
 * <p>A spool is a directory of segments, files to which records are appended, and which are only ever read once the next one has
 * been begun. All numbers are big-endian. A file is named {@code first-last-generation-salt.log}; it begins with a
 * {@link SegmentHeader} of 64 bytes:
 *
 * <pre>
 *  0 magic KUMOSPOL      8 version (1)      12 first    16 last    20 generation
 * 24 salt (8 bytes)     32 next arrival (8 bytes)       40 previous segment's number    44 its length
 * 48 zero               60 CRC32C of bytes 0 to 59
 * </pre>
 *
 * <p>Then come records without gaps, each a header of 56 bytes and a body:
 *
 * <pre>
 *  0 magic 9B 4B 52 0A   4 version (1)       5 type      6 flags (2 bytes)    8 length of the body
 * 12 forced             16 id (16 bytes)    32 arrival (8 bytes)             40 content (8 bytes)
 * 48 CRC32C of the salt and the body        52 CRC32C of the salt and bytes 0 to 51
 * </pre>
 *
 * <ul>
 *   <li>{@link #CONTENT}: a content, whose number is {@code content}; the body is the bytes as they came.
 *   <li>{@link #MESSAGE}: a message as it is now ({@link MessageCodec}), whose content has the number {@code content}. Of those
 *       with the same id, the last one counts.
 *   <li>{@link #REMOVE}: the message with this id, if its arrival is not greater, is gone. No body.
 *   <li>{@link #END}: nothing; all before it was forced when the spool was closed.
 * </ul>
 *
 * <p>Every message gets an arrival number, the next greater one, and keeps it. A content has the arrival number of the first
 * message that had it. The records of one call of {@link Spool#store} stand together in one segment, contents before
 * messages; flags mark the {@linkplain #FIRST first} and the {@linkplain #LAST last}.
 *
 * <p>Everything in the segment before the offset {@code forced} was on the disk when a record was written, and perhaps
 * acknowledged. What follows the greatest such offset may never have been
 * acknowledged; a bad or missing piece there is what a crash leaves, or damage, and nothing tells which. So whole transactions
 * there count, wherever they stand: the segment is cut after the last one, and made anew without the bad pieces and the
 * remains of transactions in front of others. A bad piece anywhere else is damage, and is set aside.
 *
 * <p>A segment that has little left in it is copied, alone or with its neighbours, into one that takes their place in the order and
 * a generation greater than theirs; it has its name from the moment it is complete. A REMOVE is dropped
 * once no segment before it can have a record of its message.
 *
 * @param type what it is
 * @param flags its place in its transaction
 * @param bodyLength in bytes
 * @param forced the offset before which all was on the disk
 * @param idHigh of the message
 * @param idLow of the message
 * @param arrival of the message
 * @param content the content's number
 * @param bodyCrc of the salt and the body
 */
record RecordHeader(
        int type,
        int flags,
        int bodyLength,
        int forced,
        long idHigh,
        long idLow,
        long arrival,
        long content,
        int bodyCrc) {

    static final int SIZE = 56;

    static final int CONTENT = 1;
    static final int MESSAGE = 2;
    static final int REMOVE = 3;
    static final int END = 4;

    static final int FIRST = 1;
    static final int LAST = 2;
    static final int ALONE = FIRST | LAST;

    static final int MAGIC = 0x9b4b520a;

    private static final int VERSION = 1;
    private static final int CRC_AT = SIZE - 4;

    /** Header and body together. */
    int length() {
        return SIZE + bodyLength;
    }

    boolean is(int flag) {
        return (flags & flag) != 0;
    }

    /** The same record at another place, where it stands alone. */
    RecordHeader movedTo(int offset) {
        return new RecordHeader(type, ALONE, bodyLength, offset, idHigh, idLow, arrival, content, bodyCrc);
    }

    byte[] bytes(long salt) {
        byte[] bytes = new byte[SIZE];
        ByteBuffer.wrap(bytes)
                .putInt(MAGIC)
                .put((byte) VERSION)
                .put((byte) type)
                .putShort((short) flags)
                .putInt(bodyLength)
                .putInt(forced)
                .putLong(idHigh)
                .putLong(idLow)
                .putLong(arrival)
                .putLong(content)
                .putInt(bodyCrc)
                .putInt(crc(bytes, salt));
        return bytes;
    }

    /**
     * Reads a header from a buffer's position on.
     *
     * @return null if none stands there
     * @throws IOException if a record of a version that is not known stands there
     */
    static @Nullable RecordHeader read(ByteBuffer in, long salt) throws IOException {
        if (in.remaining() < SIZE || in.getInt(in.position()) != MAGIC) {
            return null;
        }
        byte[] bytes = new byte[SIZE];
        in.get(bytes);
        ByteBuffer fields = ByteBuffer.wrap(bytes);
        if (fields.getInt(CRC_AT) != crc(bytes, salt)) {
            return null;
        }
        int version = fields.get(4);
        int type = fields.get(5);
        if (version != VERSION || type < CONTENT || type > END) {
            throw new IOException("a record in it is of version " + version + " and type " + type
                    + ", which this release does not read; run the release that wrote it, or a newer one");
        }
        return new RecordHeader(
                type,
                fields.getShort(6),
                fields.getInt(8),
                fields.getInt(12),
                fields.getLong(16),
                fields.getLong(24),
                fields.getLong(32),
                fields.getLong(40),
                fields.getInt(48));
    }

    private static int crc(byte[] header, long salt) {
        CRC32C crc = salted(salt);
        crc.update(header, 0, CRC_AT);
        return (int) crc.getValue();
    }

    /** A checksum that has seen the salt. */
    static CRC32C salted(long salt) {
        CRC32C crc = new CRC32C();
        for (int shift = 56; shift >= 0; shift -= 8) {
            crc.update((int) (salt >>> shift));
        }
        return crc;
    }
}
