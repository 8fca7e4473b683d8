package dev.kumo.auth.dkim;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The header of a message in pieces as they come: its fields as they leave, by name. */
final class HeaderBlock {

    /** As much as {@link dev.kumo.core.mail.Headers} reads. */
    private static final int LARGEST = 1 << 20;

    private static final int MOST_FIELDS = 10_000;

    private byte[] block = new byte[2048];
    private int size;
    private int lineStart;
    private boolean cr;
    private boolean ended;
    private int lines;
    private int fieldCount;
    private String name = "";
    private int start;
    private final Map<String, List<byte[]>> fields = new HashMap<>();

    /**
     * Adds what follows, up to the empty line.
     *
     * @return where the rest begins, which is the body's; the end if the header goes on
     * @throws UnsignableException if it is too large, or malformed
     */
    int add(byte[] bytes, int from, int to) {
        for (int at = from; at < to; at++) {
            byte c = bytes[at];
            if (cr) {
                cr = false;
                boolean pair = c == '\n';
                if (endLine()) {
                    return pair ? at + 1 : at;
                }
                if (pair) {
                    continue;
                }
            }
            if (c == '\r') {
                cr = true;
            } else if (c == '\n') {
                if (endLine()) {
                    return at + 1;
                }
            } else {
                append(c);
            }
        }
        return to;
    }

    private void append(byte c) {
        if (size == LARGEST) {
            throw new UnsignableException("its header has more than " + LARGEST + " bytes");
        }
        if (size == block.length) {
            block = Arrays.copyOf(block, size * 2);
        }
        block[size++] = c;
    }

    /** True if that was the end of the header. */
    private boolean endLine() {
        lines++;
        if (size == lineStart) {
            end();
            return true;
        }
        boolean continues = block[lineStart] == ' ' || block[lineStart] == '\t';
        if (continues && name.isEmpty()) {
            throw new UnsignableException("its header begins with a blank");
        }
        if (!continues) {
            endField(lineStart);
            begin(lineStart);
        }
        append((byte) '\r');
        append((byte) '\n');
        lineStart = size;
        return false;
    }

    private void begin(int at) {
        int end = at;
        while (end < size && HeaderName.isPartOfOne(block[end])) {
            end++;
        }
        int colon = end;
        // Obsolete syntax has white space before the colon, RFC 5322 section 4.5.
        while (colon < size && (block[colon] == ' ' || block[colon] == '\t')) {
            colon++;
        }
        if (end == at || colon == size || block[colon] != ':') {
            throw new UnsignableException("line " + lines + " of its header is no field");
        }
        if (++fieldCount > MOST_FIELDS) {
            throw new UnsignableException("its header has more than " + MOST_FIELDS + " fields");
        }
        name = HeaderName.folded(new String(block, at, end - at, StandardCharsets.US_ASCII));
        start = at;
    }

    private void endField(int at) {
        if (!name.isEmpty()) {
            fields.computeIfAbsent(name, unused -> new ArrayList<>(1)).add(Arrays.copyOfRange(block, start, at));
        }
    }

    /** There is no more: what was added last may lack the end of its line. */
    void end() {
        if (ended) {
            return;
        }
        if (cr || size > lineStart) {
            cr = false;
            if (endLine()) {
                return;
            }
        }
        ended = true;
        endField(size);
    }

    boolean hasEnded() {
        return ended;
    }

    /** All fields of a name as they were written, each line ended by CRLF; the topmost first. */
    List<byte[]> fields(String ofName) {
        return fields.getOrDefault(HeaderName.folded(ofName), List.of());
    }
}
