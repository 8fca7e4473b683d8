package dev.kumo.http.wire;

import dev.kumo.http.answer.RefusedException;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Decompresses the body of a request, up to its limit and never a byte further: what it costs depends on the limit, not
 * on what a bomb would become. Not the JDK's stream, which calls itself once for each empty member of a gzip file.
 */
final class Inflation {

    private static final int BUFFER = 8192;
    private static final int FEXTRA = 4;
    private static final int FNAME = 8;
    private static final int FCOMMENT = 16;
    private static final int FHCRC = 2;
    private static final int RESERVED = 0xe0;

    private final byte[] in;
    private final int end;
    private final BodyBuffer out;
    private final Inflater inflater;
    private final byte[] buffer = new byte[BUFFER];
    private int at;

    private Inflation(byte[] in, int length, BodyBuffer out, boolean gzip) {
        this.in = in;
        this.end = length;
        this.out = out;
        this.inflater = new Inflater(gzip);
    }

    /**
     * Decompresses.
     *
     * @param length how many bytes of {@code in} there are
     * @param out takes what comes out; refuses what is beyond its limit
     * @throws RefusedException if the data is corrupt, or becomes too large
     */
    static void run(Encoding encoding, byte[] in, int length, BodyBuffer out) {
        Inflation inflation = new Inflation(in, length, out, encoding == Encoding.GZIP);
        try {
            if (encoding == Encoding.GZIP) {
                inflation.gzip();
            } else {
                inflation.member(null);
            }
            if (inflation.at != length) {
                throw corrupt();
            }
        } catch (DataFormatException e) {
            throw corrupt();
        } finally {
            inflation.inflater.end();
        }
    }

    private static RefusedException corrupt() {
        return new RefusedException(400, "the body is not what its Content-Encoding says, or it is corrupt");
    }

    /** One member after the other, RFC 1952 section 2.2. */
    private void gzip() throws DataFormatException {
        do {
            header();
            inflater.reset();
            CRC32 crc = new CRC32();
            member(crc);
            if (little(4) != crc.getValue() || little(4) != inflater.getBytesWritten() % (1L << 32)) {
                throw corrupt();
            }
        } while (at < end);
    }

    private void member(@Nullable CRC32 crc) throws DataFormatException {
        inflater.setInput(in, at, end - at);
        while (!inflater.finished()) {
            int count = inflater.inflate(buffer);
            if (count == 0 && !inflater.finished()) {
                throw corrupt(); // cut off, or in need of a dictionary
            }
            if (crc != null) {
                crc.update(buffer, 0, count);
            }
            out.append(buffer, 0, count);
        }
        at = end - inflater.getRemaining();
    }

    /** RFC 1952 section 2.3. */
    private void header() {
        if (next() != 0x1f || next() != 0x8b || next() != 8) {
            throw corrupt();
        }
        int flags = next();
        if ((flags & RESERVED) != 0) {
            throw corrupt();
        }
        skip(6);
        if ((flags & FEXTRA) != 0) {
            skip((int) little(2));
        }
        if ((flags & FNAME) != 0) {
            skipText();
        }
        if ((flags & FCOMMENT) != 0) {
            skipText();
        }
        if ((flags & FHCRC) != 0) {
            skip(2);
        }
    }

    private void skipText() {
        while (next() != 0) {
            // up to its NUL
        }
    }

    private void skip(int count) {
        if (end - at < count) {
            throw corrupt();
        }
        at += count;
    }

    private long little(int octets) {
        long number = 0;
        for (int i = 0; i < octets; i++) {
            number |= (long) next() << 8 * i;
        }
        return number;
    }

    private int next() {
        if (at == end) {
            throw corrupt();
        }
        return in[at++] & 0xff;
    }
}
