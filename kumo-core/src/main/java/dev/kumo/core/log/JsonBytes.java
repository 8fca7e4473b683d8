package dev.kumo.core.log;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * JSON (RFC 8259) in UTF-8 on one line, written into one array that is used again. A log writes two lines of forty members for
 * each message, nearly all of them plain ASCII: that is what this is quick for. Puts commas where they belong; that names
 * and values alternate, and that what is opened is closed, is up to the caller.
 */
final class JsonBytes {

    private static final int USUAL_LINE = 2048;

    /** Beyond this, memory that one long line took is given back. */
    private static final int LARGEST_KEPT = 1 << 18;

    private static final byte[] NULL = ascii("null");
    private static final byte[] TRUE = ascii("true");
    private static final byte[] FALSE = ascii("false");
    private static final byte[] HEX = ascii("0123456789ABCDEF");

    /** What stands for itself within a string, of the first 128 characters. */
    private static final boolean[] PLAIN = new boolean[128];

    static {
        Arrays.fill(PLAIN, ' ', 128, true);
        PLAIN['"'] = false;
        PLAIN['\\'] = false;
    }

    private byte[] bytes = new byte[USUAL_LINE];
    private int size;
    private boolean comma;

    /** The bytes of a text of our own. */
    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Forgets all that was written. */
    void clear() {
        if (bytes.length > LARGEST_KEPT) {
            bytes = new byte[USUAL_LINE];
        }
        size = 0;
        comma = false;
    }

    int size() {
        return size;
    }

    void writeTo(OutputStream out) throws IOException {
        out.write(bytes, 0, size);
    }

    void open(char bracket) {
        separate();
        put(bracket);
        comma = false;
    }

    void close(char bracket) {
        put(bracket);
        comma = true;
    }

    /** Writes a name that has been encoded before, with its quotes and its colon. */
    void name(byte[] encoded) {
        separate();
        put(encoded);
        comma = false;
    }

    void name(String name) {
        string(name);
        put(':');
        comma = false;
    }

    /** Writes half a surrogate pair as U+FFFD: it is no character, and most readers of JSON refuse it. */
    void string(String text) {
        separate();
        int length = text.length();
        makeRoom(length + 2);
        byte[] to = bytes;
        int at = size;
        to[at++] = '"';
        int i = 0;
        while (i < length) {
            char c = text.charAt(i);
            if (c >= PLAIN.length || !PLAIN[c]) {
                break;
            }
            to[at++] = (byte) c;
            i++;
        }
        size = at;
        if (i < length) {
            rest(text, i);
        }
        put('"');
    }

    private void rest(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            makeRoom(6);
            char c = text.charAt(i);
            if (c < 0x80) {
                ascii(c);
            } else if (c < 0x800) {
                put(0xc0 | c >> 6);
                tail(c);
            } else if (!Character.isSurrogate(c)) {
                three(c);
            } else if (i + 1 < text.length() && Character.isSurrogatePair(c, text.charAt(i + 1))) {
                int codePoint = Character.toCodePoint(c, text.charAt(++i));
                put(0xf0 | codePoint >> 18);
                tail(codePoint >> 12);
                tail(codePoint >> 6);
                tail(codePoint);
            } else {
                three('\ufffd');
            }
        }
    }

    private void three(char c) {
        put(0xe0 | c >> 12);
        tail(c >> 6);
        tail(c);
    }

    private void tail(int bits) {
        put(0x80 | bits & 0x3f);
    }

    private void ascii(char c) {
        if (PLAIN[c]) {
            put(c);
            return;
        }
        put('\\');
        switch (c) {
            case '\n' -> put('n');
            case '\r' -> put('r');
            case '\t' -> put('t');
            case '"', '\\' -> put(c);
            default -> {
                put('u');
                put('0');
                put('0');
                put(HEX[c >> 4]);
                put(HEX[c & 0xf]);
            }
        }
    }

    /** Writes a string of characters that all stand for themselves. */
    void plain(byte[] text, int length) {
        separate();
        makeRoom(length + 2);
        bytes[size++] = '"';
        System.arraycopy(text, 0, bytes, size, length);
        size += length;
        bytes[size++] = '"';
    }

    void number(long number) {
        if (number < 0) {
            number(Long.toString(number));
            return;
        }
        separate();
        int digits = 1;
        for (long rest = number / 10; rest > 0; rest /= 10) {
            digits++;
        }
        makeRoom(digits);
        size += digits;
        long rest = number;
        for (int at = size - 1; digits > 0; digits--, at--) {
            bytes[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }

    /** Writes a number as it stands. */
    void number(String number) {
        separate();
        put(ascii(number));
    }

    void bool(boolean flag) {
        separate();
        put(flag ? TRUE : FALSE);
    }

    void nothing() {
        separate();
        put(NULL);
    }

    void endOfLine() {
        put('\n');
    }

    private void separate() {
        if (comma) {
            put(',');
        }
        comma = true;
    }

    private void put(byte[] some) {
        makeRoom(some.length);
        System.arraycopy(some, 0, bytes, size, some.length);
        size += some.length;
    }

    private void put(int one) {
        if (size == bytes.length) {
            makeRoom(1);
        }
        bytes[size++] = (byte) one;
    }

    private void makeRoom(int more) {
        if (more > bytes.length - size) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(size, more), (int)
                    Math.min(2L * size, Integer.MAX_VALUE - 8)));
        }
    }
}
