package dev.kumo.smtp.client;

import dev.kumo.core.mail.Message;
import java.io.IOException;
import java.io.OutputStream;

/**
 * What has to be known of content before it is offered.
 *
 * @param size its length as {@link ContentWriter} sends it, dots not stuffed (RFC 1870 section 5)
 * @param eightBit whether any octet of it is not ASCII (RFC 6152)
 * @param eightBitHeader whether one of its header is (RFC 6532)
 */
record ContentFacts(long size, boolean eightBit, boolean eightBitHeader) {

    static ContentFacts of(Message message) throws IOException {
        try (Scan scan = new Scan()) {
            message.writeTo(scan);
            return scan.facts();
        }
    }

    private static final class Scan extends OutputStream {

        private long size;
        private boolean eightBit;
        private boolean eightBitHeader;
        private boolean body;
        private boolean lineStart = true;
        private boolean cr;

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            for (int i = offset; i < offset + length; i++) {
                byte c = bytes[i];
                if (cr && c != '\n') {
                    endLine();
                }
                if (c == '\r') {
                    cr = true;
                } else if (c == '\n') {
                    endLine();
                } else {
                    lineStart = false;
                    size++;
                    if (c < 0) {
                        eightBit = true;
                        eightBitHeader |= !body;
                    }
                }
            }
        }

        private void endLine() {
            cr = false;
            body |= lineStart;
            lineStart = true;
            size += 2;
        }

        ContentFacts facts() {
            if (cr || !lineStart) {
                endLine();
            }
            return new ContentFacts(size, eightBit, eightBitHeader);
        }
    }
}
