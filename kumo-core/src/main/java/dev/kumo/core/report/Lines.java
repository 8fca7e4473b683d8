package dev.kumo.core.report;

import java.io.IOException;
import java.io.InputStream;

/**
 * A stream in lines, or in pieces of a line that is longer than the buffer: a line of any length costs no more memory than
 * a short one. Lines end with LF, and a piece never ends between a CR and its LF.
 */
final class Lines {

    private static final int BUFFER = 8192;

    final byte[] buffer = new byte[BUFFER];

    /** Where the piece begins in the buffer. */
    int from;

    /** Where the piece ends in the buffer, behind its line end if it has one. */
    int to;

    private final InputStream in;
    private boolean begins;
    private boolean ends = true;
    private int scanned;
    private int filled;

    Lines(InputStream in) {
        this.in = in;
    }

    /** Moves to the next piece; false at the end. */
    boolean next() throws IOException {
        begins = ends;
        from = to;
        while (true) {
            while (scanned < filled) {
                if (buffer[scanned++] == '\n') {
                    return piece(scanned, true);
                }
            }
            if (filled == BUFFER) {
                if (from == 0) {
                    return piece(buffer[BUFFER - 1] == '\r' ? BUFFER - 1 : BUFFER, false);
                }
                compact();
            }
            int read = in.read(buffer, filled, BUFFER - filled);
            if (read < 0) {
                return filled > from && piece(filled, true);
            }
            filled += read;
        }
    }

    private boolean piece(int end, boolean endsLine) {
        to = end;
        ends = endsLine;
        return true;
    }

    private void compact() {
        System.arraycopy(buffer, from, buffer, 0, filled - from);
        filled -= from;
        scanned -= from;
        from = 0;
    }

    /** Whether the piece is all of a line. */
    boolean isWhole() {
        return begins && ends;
    }

    /** Whether the piece is an empty line. */
    boolean isEmpty() {
        return isWhole() && to - from == lineEnd() && lineEnd() > 0;
    }

    /** How many bytes of the piece are its line end: 0 to 2. */
    int lineEnd() {
        if (buffer[to - 1] != '\n') {
            return 0;
        }
        return to - 2 >= from && buffer[to - 2] == '\r' ? 2 : 1;
    }
}
