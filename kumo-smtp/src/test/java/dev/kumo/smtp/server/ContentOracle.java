package dev.kumo.smtp.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.kumo.core.mail.Reply;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@link ContentReader} should make of bytes, said as slowly and plainly as possible: the whole input at once,
 * first the end, then the lines, then octet by octet.
 */
final class ContentOracle {

    private final InvalidLineEndings mode;
    private final long maxSize;
    private final int lineLengthLimit;
    private final ByteArrayOutputStream stored = new ByteArrayOutputStream();
    private int lineLength;
    private @Nullable Reply failure;

    private ContentOracle(InvalidLineEndings mode, long maxSize, int lineLengthLimit) {
        this.mode = mode;
        this.maxSize = maxSize;
        this.lineLengthLimit = lineLengthLimit;
    }

    static ReadOutcome read(byte[] input, InvalidLineEndings mode, long maxSize, int lineLengthLimit) {
        String text = new String(input, ISO_8859_1);
        int end = ("\r\n" + text).indexOf("\r\n.\r\n");
        if (end < 0) {
            return new ReadOutcome(input.length, false, "", "");
        }
        ContentOracle oracle = new ContentOracle(mode, maxSize, lineLengthLimit);
        for (String line : lines(text.substring(0, end))) {
            oracle.line(line.startsWith(".") ? line.substring(1) : line);
        }
        return oracle.failure == null
                ? new ReadOutcome(end + 3L, true, "", oracle.stored.toString(ISO_8859_1))
                : new ReadOutcome(end + 3L, true, oracle.failure.toString(), "");
    }

    /** Splits at CRLF. The text is empty or ends by CRLF. */
    private static List<String> lines(String text) {
        List<String> lines = new ArrayList<>();
        int start = 0;
        while (start < text.length()) {
            int end = text.indexOf("\r\n", start);
            lines.add(text.substring(start, end));
            start = end + 2;
        }
        return lines;
    }

    private void line(String line) {
        lineLength = 0;
        for (int i = 0; i < line.length(); i++) {
            char octet = line.charAt(i);
            if (octet == '\r') {
                bareCr();
            } else if (octet == '\n') {
                bareLf();
            } else {
                count();
                store(octet);
            }
        }
        store('\r');
        store('\n');
    }

    private void bareCr() {
        store('\r');
        switch (mode) {
            case DENY -> fail(ContentReader.BARE_LINE_ENDING);
            case ALLOW -> count();
            case FIX -> {
                store('\n');
                lineLength = 0;
            }
        }
    }

    private void bareLf() {
        switch (mode) {
            case DENY -> fail(ContentReader.BARE_LINE_ENDING);
            case ALLOW -> store('\n');
            case FIX -> {
                store('\r');
                store('\n');
            }
        }
        lineLength = 0;
    }

    private void count() {
        lineLength++;
        if (lineLength > lineLengthLimit) {
            fail(Reply.of(554, "5.6.0", "message data has a line longer than " + lineLengthLimit + " octets"));
        }
    }

    private void store(char octet) {
        if (stored.size() == 0 && (octet == ' ' || octet == '\t')) {
            store('\r');
            store('\n');
        }
        if (stored.size() == maxSize) {
            fail(ContentReader.TOO_BIG);
        } else if (failure == null) {
            stored.write(octet);
        }
    }

    private void fail(Reply reply) {
        if (failure == null) {
            failure = reply;
        }
    }
}
