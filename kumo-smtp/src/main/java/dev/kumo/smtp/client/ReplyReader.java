package dev.kumo.smtp.client;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads replies, RFC 5321 section 4.2. What is no reply is a {@link ProtocolException}, after which nothing can be relied on.
 *
 * <p>The code is three digits, 200 to 599, and the same on all lines; a blank, a hyphen or the end of the line
 * follows. A lone LF ends a line as CRLF does, as some servers have it. Lines, their number and the whole are bounded.
 */
final class ReplyReader {

    static final int LONGEST_LINE = 2048; // four times what RFC 5321 section 4.5.3.1.5 allows
    static final int MOST_LINES = 100;
    static final int LONGEST_REPLY = 64 * 1024;

    private final InputStream in;
    private final byte[] buffer = new byte[4096];
    private final byte[] line = new byte[LONGEST_LINE];
    private int at;
    private int end;

    ReplyReader(InputStream in) {
        this.in = in;
    }

    ServerReply read() throws IOException {
        List<String> lines = new ArrayList<>(1);
        int code = 0;
        int octets = 0;
        while (true) {
            int length = readLine();
            int ofLine = code(length);
            if (code != 0 && ofLine != code) {
                throw new ProtocolException("a reply has two codes, " + code + " and " + ofLine);
            }
            code = ofLine;
            octets += length;
            if (lines.size() == MOST_LINES || octets > LONGEST_REPLY) {
                throw new ProtocolException(
                        "a reply has more than " + MOST_LINES + " lines or " + LONGEST_REPLY + " octets");
            }
            int from = Math.min(4, length);
            lines.add(new String(line, from, length - from, StandardCharsets.UTF_8));
            if (length == 3 || line[3] == ' ') {
                return new ServerReply(code, lines);
            }
            if (line[3] != '-') {
                throw new ProtocolException("a code is not followed by a blank or a hyphen");
            }
        }
    }

    /** Whether anything was sent that nobody has asked for. */
    boolean hasMore() throws IOException {
        return at < end || in.available() > 0;
    }

    private int code(int length) throws ProtocolException {
        if (length < 3) {
            throw new ProtocolException("a line of a reply has no code");
        }
        int code = 0;
        for (int i = 0; i < 3; i++) {
            if (line[i] < '0' || line[i] > '9') {
                throw new ProtocolException("a line of a reply does not begin with a code");
            }
            code = code * 10 + line[i] - '0';
        }
        if (code < 200 || code > 599) {
            throw new ProtocolException(code + " is not the code of a reply");
        }
        return code;
    }

    /** The length of the next line, which is in {@link #line} without its end. */
    private int readLine() throws IOException {
        int length = 0;
        while (true) {
            byte c = next();
            if (c == '\n') {
                return length > 0 && line[length - 1] == '\r' ? length - 1 : length;
            }
            if (length == LONGEST_LINE) {
                throw new ProtocolException("a line of a reply is longer than " + LONGEST_LINE + " octets");
            }
            line[length++] = c;
        }
    }

    private byte next() throws IOException {
        if (at == end) {
            at = 0;
            end = Math.max(0, in.read(buffer, 0, buffer.length));
            if (end == 0) {
                throw new EOFException("the far side has closed it");
            }
        }
        return buffer[at++];
    }
}
