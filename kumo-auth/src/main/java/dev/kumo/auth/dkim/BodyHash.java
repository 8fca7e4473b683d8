package dev.kumo.auth.dkim;

import java.security.MessageDigest;

/**
 * The hash of a body in canonical form, RFC 6376 sections 3.4.3 and 3.4.4, taken in pieces as they come; what it holds does not grow with
 * the body.
 *
 * <p>A CR or LF of its own ends a line, because that is what our client makes of it.
 */
final class BodyHash {

    private static final int BLOCK = 8192;

    private final boolean relaxed;
    private final MessageDigest digest;
    private final byte[] block = new byte[BLOCK];
    private int size;
    private boolean cr;
    private boolean blank;
    private boolean any;
    /** Ends of lines that count only if something follows. */
    private long ends;

    BodyHash(Canonicalization form, MessageDigest digest) {
        this.relaxed = form == Canonicalization.RELAXED;
        this.digest = digest;
    }

    void add(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to) {
            byte c = bytes[at];
            if (c == '\r' || c == '\n') {
                if (c == '\r' || !cr) {
                    ends++;
                    blank = false;
                }
                cr = c == '\r';
                at++;
            } else if (relaxed && isBlank(c)) {
                cr = false;
                blank = true;
                at++;
            } else {
                cr = false;
                int end = endOfRun(bytes, at + 1, to);
                text(bytes, at, end);
                at = end;
            }
        }
    }

    /** Where text ends that is the same in canonical form; that is most of a body, so it is added in large pieces. */
    private int endOfRun(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to) {
            byte c = bytes[at];
            if (isText(c)) {
                at++;
            } else if (c == ' ' && at + 1 < to && isText(bytes[at + 1])) {
                at += 2;
            } else if (c == '\r' && at + 2 < to && bytes[at + 1] == '\n' && isText(bytes[at + 2])) {
                at += 3;
            } else {
                break;
            }
        }
        return at;
    }

    private static boolean isBlank(byte c) {
        return c == ' ' || c == '\t';
    }

    private boolean isText(byte c) {
        return c > ' ' || c < 0 || c != '\r' && c != '\n' && !(relaxed && isBlank(c));
    }

    private void text(byte[] bytes, int from, int to) {
        any = true;
        for (; ends > 0; ends--) {
            endLine();
        }
        if (blank) {
            blank = false;
            require(1);
            block[size++] = ' ';
        }
        int length = to - from;
        require(length);
        if (length > BLOCK) {
            digest.update(bytes, from, length);
        } else {
            System.arraycopy(bytes, from, block, size, length);
            size += length;
        }
    }

    private void endLine() {
        require(2);
        block[size++] = '\r';
        block[size++] = '\n';
    }

    private void require(int room) {
        if (size + room > BLOCK) {
            digest.update(block, 0, size);
            size = 0;
        }
    }

    /** The hash of all that was added. */
    byte[] end() {
        // An empty body is one empty line in simple form, and nothing at all in relaxed form.
        if (any || !relaxed) {
            endLine();
        }
        digest.update(block, 0, size);
        return digest.digest();
    }
}
