package dev.kumo.core.report;

import dev.kumo.core.mail.Message;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** The message, or its header, as the last part of a report: RFC 6522 section 3, RFC 6533 sections 5 and 6. */
final class ReturnedContent {

    private static final HexFormat HEX = HexFormat.of().withUpperCase();
    private static final int LARGEST_MESSAGE = 1 << 20;
    private static final int LARGEST_HEADER = 1 << 16;
    private static final int LONGEST_LINE = 998; // RFC 5322 section 2.1.1
    private static final int ENCODED_LINE = 75; // 76 with the "=" of a soft break, RFC 2045 section 6.7

    private final String header;
    private final byte[] body;
    private final boolean full;

    private ReturnedContent(String type, String encoding, byte[] body, boolean full) {
        this.header = "Content-Type: " + type + "\r\n"
                + (encoding.isEmpty() ? "" : "Content-Transfer-Encoding: " + encoding + "\r\n");
        this.body = body;
        this.full = full;
    }

    /** The whole message if that is wanted and can be done, else its header. */
    static ReturnedContent of(Message message, boolean full, boolean utf8) throws IOException {
        if (full && message.size() <= LARGEST_MESSAGE) {
            byte[] whole;
            try (InputStream in = message.open()) {
                whole = in.readAllBytes();
            }
            Form form = Form.of(whole);
            if (form == Form.ASCII || form == Form.EIGHT_BIT && utf8) {
                return new ReturnedContent(
                        utf8 ? "message/global" : "message/rfc822", form == Form.ASCII ? "" : "8bit", whole, true);
            }
        }
        try (InputStream in = message.open()) {
            return ofHeader(headerBlock(in), utf8);
        }
    }

    private static ReturnedContent ofHeader(byte[] block, boolean utf8) throws IOException {
        String type = utf8 ? "message/global-headers" : "text/rfc822-headers";
        Form form = Form.of(block);
        if (form == Form.ASCII || form == Form.EIGHT_BIT && utf8) {
            return new ReturnedContent(type, form == Form.ASCII ? "" : "8bit", block, false);
        }
        return new ReturnedContent(type, "quoted-printable", quotedPrintable(block), false);
    }

    /** What it takes to send bytes as they are. */
    private enum Form {
        ASCII,
        EIGHT_BIT,
        BINARY;

        static Form of(byte[] bytes) {
            Form form = ASCII;
            int line = 0;
            for (int i = 0; i < bytes.length; i++) {
                byte b = bytes[i];
                if (b == '\r' && i + 1 < bytes.length && bytes[i + 1] == '\n') {
                    i++;
                    line = 0;
                } else if (b == '\r' || b == '\n' || b == 0 || ++line > LONGEST_LINE) {
                    return BINARY;
                } else if (b < 0) {
                    form = EIGHT_BIT;
                }
            }
            return form;
        }
    }

    private static byte[] headerBlock(InputStream in) throws IOException {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        Lines lines = new Lines(in);
        while (lines.next() && !lines.isEmpty() && block.size() + lines.to - lines.from <= LARGEST_HEADER) {
            block.write(lines.buffer, lines.from, lines.to - lines.from);
        }
        return block.toByteArray();
    }

    private static byte[] quotedPrintable(byte[] block) throws IOException {
        StringBuilder out = new StringBuilder(block.length * 2);
        Lines lines = new Lines(new ByteArrayInputStream(block));
        int column = 0;
        while (lines.next()) {
            int end = lines.to - lines.lineEnd();
            for (int i = lines.from; i < end; i++) {
                byte b = lines.buffer[i];
                boolean blankAtEnd = b == ' ' && i + 1 == end;
                boolean plain = b >= ' ' && b < 0x7f && b != '=' && !blankAtEnd;
                if (column + (plain ? 1 : 3) > ENCODED_LINE) {
                    out.append("=\r\n");
                    column = 0;
                }
                column += plain ? 1 : 3;
                if (plain) {
                    out.append((char) b);
                } else {
                    out.append('=').append(HEX.toHexDigits(b));
                }
            }
            if (lines.lineEnd() > 0) {
                out.append("\r\n");
                column = 0;
            }
        }
        return out.toString().getBytes(StandardCharsets.US_ASCII);
    }

    /** The header of the part, each field with its line end. */
    String header() {
        return header;
    }

    byte[] body() {
        return body;
    }

    /** Whether it is the whole message. */
    boolean isFull() {
        return full;
    }
}
