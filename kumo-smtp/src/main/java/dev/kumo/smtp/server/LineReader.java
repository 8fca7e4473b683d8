package dev.kumo.smtp.server;

import dev.kumo.core.mail.Reply;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Finds command lines, RFC 5321 section 2.3.8: a line ends with CRLF and nothing else. A line that is too long is
 * dropped as it comes, so that it costs no memory, and is refused when it ends.
 */
final class LineReader {

    private final int limit;
    private boolean dropping;
    private String line = "";
    private @Nullable Reply problem;

    LineReader(int limit) {
        this.limit = limit;
    }

    /** Takes a line from the front of the input; false if none is complete yet. */
    boolean read(ByteBuf in) {
        int start = in.readerIndex();
        int lf = endOfLine(in);
        if (lf < 0) {
            // One byte more than the limit may be the CR.
            if (dropping || in.readableBytes() > limit + 1) {
                dropping = true;
                int last = in.writerIndex() - 1;
                in.readerIndex(in.getByte(last) == '\r' ? last : last + 1);
            }
            return false;
        }
        int length = lf - 1 - start;
        if (dropping || length > limit) {
            problem = Replies.LINE_TOO_LONG;
            dropping = false;
        } else {
            decode(in, start, length);
        }
        in.readerIndex(lf + 1);
        return true;
    }

    /** The line that was read last, without CRLF. */
    String line() {
        return line;
    }

    /** Why the line that was read last is none. */
    @Nullable Reply problem() {
        return problem;
    }

    /** Where the LF of the first CRLF is; negative if there is none. */
    private static int endOfLine(ByteBuf in) {
        int start = in.readerIndex();
        int lf = in.indexOf(start, in.writerIndex(), (byte) '\n');
        while (lf == start || lf > start && in.getByte(lf - 1) != '\r') {
            lf = in.indexOf(lf + 1, in.writerIndex(), (byte) '\n');
        }
        return lf;
    }

    private void decode(ByteBuf in, int start, int length) {
        byte[] bytes = new byte[length];
        in.getBytes(start, bytes);
        int all = 0;
        boolean control = false;
        for (byte b : bytes) {
            all |= b;
            control |= b >= 0 && b < ' ' && b != '\t' || b == 0x7f;
        }
        problem = control ? Replies.CONTROL_CHARACTER : null;
        if (all >= 0) {
            line = new String(bytes, StandardCharsets.ISO_8859_1);
            return;
        }
        try {
            line = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            problem = Replies.NOT_UTF8;
        }
    }
}
