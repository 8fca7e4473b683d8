package dev.kumo.smtp.client;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Sends content as it may stand on the wire: every line ends with CRLF, the last one too, and for DATA dots are stuffed
 * (RFC 5321 section 4.5.2).
 *
 * <p>A CR or LF of its own, as a listener lets in that is told to allow them, goes out as CRLF. To send it as it is would leave it
 * to the far side where a line ends, and thereby where the content does: that is how mail is smuggled.
 */
final class ContentWriter extends OutputStream {

    private static final int BLOCK = 1 << 14; // what fits into a record of TLS

    private final OutputStream sink;
    private final boolean stuffing;
    private final byte[] block = new byte[BLOCK];
    private int size;
    private boolean lineStart = true;
    private boolean cr;

    ContentWriter(OutputStream sink, boolean stuffing) {
        this.sink = sink;
        this.stuffing = stuffing;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        for (int i = offset; i < offset + length; i++) {
            byte c = bytes[i];
            if (size > BLOCK - 4) { // an end of line and a stuffed dot fit in any case
                drain();
            }
            if (cr && c != '\n') {
                endLine();
            }
            if (c == '\r') {
                cr = true;
            } else if (c == '\n') {
                endLine();
            } else {
                if (lineStart && c == '.' && stuffing) {
                    block[size++] = '.';
                }
                lineStart = false;
                block[size++] = c;
            }
        }
    }

    /** Ends the last line, and for DATA the content. */
    void finish() throws IOException {
        drain();
        if (cr || !lineStart) {
            endLine();
        }
        if (stuffing) {
            block[size++] = '.';
            endLine();
        }
        drain();
    }

    private void endLine() {
        cr = false;
        lineStart = true;
        block[size++] = '\r';
        block[size++] = '\n';
    }

    private void drain() throws IOException {
        if (size > 0) {
            sink.write(block, 0, size);
            size = 0;
        }
    }
}
