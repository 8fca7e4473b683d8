package dev.kumo.smtp.server;

import dev.kumo.core.mail.Content;
import dev.kumo.core.mail.Reply;
import dev.kumo.core.spool.Draft;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the content of one message as it comes after {@code 354} or in chunks (RFC 3030): holds it to its limits and
 * hands it to a draft. After {@code 354} it also finds the end, and undoes dot-stuffing (RFC 5321 section 4.5.2).
 *
 * <p>That end is CRLF, dot, CRLF and nothing else; the CRLF of the DATA line counts as the first. Lines end by CRLF
 * only, for the end as for stuffing. Were a bare CR or LF taken for a line end in either place, what one server sees as
 * text another would see as a second message (SMTP smuggling).
 *
 * <p>The first problem found is kept. From then on nothing is stored, but reading goes on to the end, because the reply
 * may be given only there. The outcome depends on the bytes alone, never on how they were split into reads.
 *
 * <p>Content that begins with a space or a tab begins with no header field; it gets an empty line before it.
 */
final class ContentReader {

    static final Reply TOO_BIG = Reply.of(552, "5.3.4", "message too big"); // RFC 1870 section 6.3
    static final Reply BARE_LINE_ENDING = Reply.of(554, "5.6.0", "message data must use CRLF for line endings");
    static final Reply STORAGE_FAILED = Reply.of(452, "4.3.1", "insufficient system storage");

    private enum State {
        LINE_START,
        IN_LINE,
        AFTER_CR,
        AFTER_DOT, // a dot that began its line: stuffing, or the end
        AFTER_DOT_CR,
        END
    }

    // Independent of the order of the buffer, which is the caller's.
    private static final VarHandle WORDS = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = ONES << 7;
    private static final long ABOVE_CR = ONES * ('\r' + 1);

    private final Draft draft;
    private final boolean stuffed;
    private final InvalidLineEndings mode;
    private final long maxSize;
    private final int lineLengthLimit;
    private final ByteBuffer crlf = ByteBuffer.wrap(new byte[] {'\r', '\n'});

    private State state = State.LINE_START;
    private @Nullable Reply failure;
    private long size;
    private long received;
    private long lineLength;

    // Of the buffer being read: what is not stored yet begins at run; the line began at line, which is negative if
    // that was in an earlier buffer.
    private int run;
    private long line;

    /**
     * Begins a message.
     *
     * @param draft takes the content; this reader finishes or discards it
     * @param stuffed whether it comes after DATA; else in chunks, which say themselves how long they are
     * @param mode what to do with a bare CR or LF
     * @param maxSize the most bytes to store
     * @param lineLengthLimit the most octets of a line, after unstuffing, without its CRLF
     */
    ContentReader(Draft draft, boolean stuffed, InvalidLineEndings mode, long maxSize, int lineLengthLimit) {
        this.draft = draft;
        this.stuffed = stuffed;
        this.mode = mode;
        this.maxSize = maxSize;
        this.lineLengthLimit = lineLengthLimit;
    }

    /**
     * Reads on.
     *
     * @param bytes read from position to limit; when the end is found, up to and including its CRLF
     * @return whether the end was found; if not, everything was read
     */
    boolean accept(ByteBuffer bytes) {
        if (state == State.END) {
            throw new IllegalStateException("the content has ended; read the next one with another reader");
        }
        int start = bytes.position();
        run = start;
        line = start - lineLength;
        ByteBuffer source = bytes.duplicate(); // its position and limit frame each run
        int at = scan(bytes, source, start, bytes.limit());
        store(source, at);
        lineLength = at - line;
        received += at - start;
        bytes.position(at);
        return state == State.END;
    }

    /**
     * Ends content that came in chunks. A last line without a CRLF gets one, as the content may go on by DATA.
     *
     * @throws IllegalStateException if the content has an end of its own
     */
    void end() {
        if (stuffed) {
            throw new IllegalStateException("the content ends by itself");
        }
        if (state == State.IN_LINE) {
            store(crlf.limit(2).position(0));
        } else if (state == State.AFTER_CR) {
            endAfterCr();
        }
        state = State.END;
    }

    private void endAfterCr() {
        switch (mode) {
            case DENY -> fail(BARE_LINE_ENDING);
            case ALLOW -> {
                if (lineLength > lineLengthLimit) { // as the CR is part of the line
                    fail(lineTooLong());
                }
                store(crlf.limit(2).position(0));
            }
            case FIX -> storeLf();
        }
    }

    /** Where reading stopped: at the limit, or behind the end of the content. */
    private int scan(ByteBuffer bytes, ByteBuffer source, int start, int limit) {
        int at = start;
        while (at < limit) {
            switch (state) {
                case LINE_START -> {
                    if (stuffed && bytes.get(at) == '.') {
                        store(source, at);
                        state = State.AFTER_DOT;
                        run = ++at;
                    } else {
                        state = State.IN_LINE;
                    }
                }
                case IN_LINE -> {
                    int end = lineEnd(bytes, at, limit);
                    while (end - line <= lineLengthLimit && isPlainEnd(bytes, end, limit)) {
                        line = end + 2L;
                        end = lineEnd(bytes, end + 2, limit);
                    }
                    if (end - line > lineLengthLimit) {
                        tooLong(source, line + lineLengthLimit);
                    }
                    at = end;
                    if (at < limit) {
                        if (bytes.get(at) == '\r') {
                            state = State.AFTER_CR;
                        } else {
                            bareLf(source, at);
                        }
                        at++;
                    }
                }
                case AFTER_CR -> {
                    if (bytes.get(at) == '\n') {
                        state = State.LINE_START;
                        line = ++at;
                    } else {
                        bareCr(source, at);
                    }
                }
                case AFTER_DOT -> {
                    if (bytes.get(at) == '\r') {
                        state = State.AFTER_DOT_CR;
                        run = ++at;
                    } else {
                        state = State.IN_LINE;
                        line = at;
                    }
                }
                case AFTER_DOT_CR -> {
                    if (bytes.get(at) == '\n') {
                        state = State.END;
                        run = ++at;
                        return at;
                    }
                    storeCr();
                    line = at - 1L;
                    bareCr(source, at);
                }
                case END -> throw new AssertionError(state);
            }
        }
        return at;
    }

    /** The CR just before {@code at} ended no line. */
    private void bareCr(ByteBuffer source, int at) {
        state = State.IN_LINE;
        switch (mode) {
            case DENY -> {
                store(source, at);
                fail(BARE_LINE_ENDING);
            }
            case ALLOW -> {
                if (at - line > lineLengthLimit) {
                    tooLong(source, at);
                }
            }
            case FIX -> {
                store(source, at);
                storeLf();
                line = at;
            }
        }
    }

    /** The LF at {@code at} follows no CR. */
    private void bareLf(ByteBuffer source, int at) {
        switch (mode) {
            case DENY -> {
                store(source, at);
                fail(BARE_LINE_ENDING);
            }
            case ALLOW -> line = at + 1L;
            case FIX -> {
                store(source, at);
                storeCr();
                line = at + 1L;
            }
        }
    }

    private void tooLong(ByteBuffer source, long at) {
        if (failure == null) {
            store(source, (int) at);
            fail(lineTooLong());
        }
    }

    private Reply lineTooLong() {
        return Reply.of(554, "5.6.0", "message data has a line longer than " + lineLengthLimit + " octets");
    }

    private void storeCr() {
        store(crlf.position(0).limit(1));
    }

    private void storeLf() {
        store(crlf.limit(2).position(1));
    }

    /**
     * Stores the run up to {@code end}. Whoever finds a problem calls this first: if the run is too big before the
     * problem is reached, then that was the first one, however the bytes were split.
     */
    private void store(ByteBuffer source, int end) {
        int start = run;
        run = end;
        if (start < end) {
            store(source.limit(end).position(start));
        }
    }

    private void store(ByteBuffer bytes) {
        if (failure != null) {
            return;
        }
        if (size == 0 && isBlank(bytes.get(bytes.position()))) {
            // RFC 5322 section 2.2.3: such a line would go on with the last field put on top here, in our name.
            store(crlf.limit(2).position(0));
        }
        int length = bytes.remaining();
        if (failure != null || length > maxSize - size) {
            fail(TOO_BIG);
            return;
        }
        try {
            draft.append(bytes);
            size += length;
        } catch (IOException storeFailed) {
            fail(STORAGE_FAILED);
        }
    }

    private void fail(Reply problem) {
        if (failure == null) {
            failure = problem;
            size = 0;
            draft.discard();
        }
    }

    /** The first CR or LF in the range, or its limit. */
    private static int lineEnd(ByteBuffer bytes, int start, int limit) {
        int at = start;
        int last = limit - Long.BYTES;
        while (at <= last) {
            long controls = controls((long) WORDS.get(bytes, at));
            if (controls == 0) {
                at += Long.BYTES;
                continue;
            }
            at += Long.numberOfTrailingZeros(controls) >>> 3;
            if (isLineEnd(bytes.get(at))) {
                return at;
            }
            at++;
        }
        while (at < limit && !isLineEnd(bytes.get(at))) {
            at++;
        }
        return at;
    }

    /** Whether a line ends here as most do: with CRLF, and the next one is there and begins without a dot. */
    private static boolean isPlainEnd(ByteBuffer bytes, int at, int limit) {
        return at + 2 < limit && bytes.get(at) == '\r' && bytes.get(at + 1) == '\n' && bytes.get(at + 2) != '.';
    }

    private static boolean isBlank(byte octet) {
        return octet == ' ' || octet == '\t';
    }

    private static boolean isLineEnd(byte octet) {
        return octet == '\r' || octet == '\n';
    }

    /**
     * The high bit of each byte up to CR, which is cheaper to tell than CR and LF and as rare in text, tabs apart. It
     * may also be set above the first such byte, by the borrow, but never below.
     */
    private static long controls(long word) {
        return (word - ABOVE_CR) & ~word & HIGH_BITS;
    }

    /**
     * Why the message cannot be taken. Known for certain only after its end.
     *
     * @return the first problem, to be said at the end of the content
     */
    Optional<Reply> failure() {
        return Optional.ofNullable(failure);
    }

    /**
     * The message, after its end and without a failure.
     *
     * @return unstuffed, without the final dot
     * @throws IOException if the store fails at the last moment; {@link #failure()} then has the reply
     */
    Content content() throws IOException {
        if (state != State.END || failure != null) {
            throw new IllegalStateException("there is no content before the end, or after a failure");
        }
        try {
            return draft.finish();
        } catch (IOException storeFailed) {
            fail(STORAGE_FAILED);
            throw storeFailed;
        }
    }

    /**
     * The bytes in the draft.
     *
     * @return 0 after a failure
     */
    long size() {
        return size;
    }

    /**
     * The bytes read, stored or not: with stuffing and the end. Grows for as long as a client sends, also after a
     * failure, so that the connection can bound one that never ends.
     *
     * @return in bytes
     */
    long received() {
        return received;
    }

    /** Drops the draft, for a connection that died. Does nothing after {@link #content()} or a second time. */
    void discard() {
        draft.discard();
    }
}
