package dev.kumo.core.report;

import dev.kumo.core.mail.Headers;
import dev.kumo.core.text.TransferEncoding;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a {@code multipart/report} (RFC 6522) is made of: the parts that we can use.
 *
 * <p>Only direct parts count, so nothing here knows of nesting: what is within a part is bytes, however deep it goes. One
 * pass, in memory that does not depend on the message: of a part nobody wants only the type is looked at.
 */
final class ReportParts {

    private static final int LARGEST_HEADER = 1 << 20; // what Headers reads of one
    private static final int LARGEST_PART_HEADER = 1 << 16;
    private static final int LARGEST_STATUS = 1 << 20;
    private static final int LARGEST_FEEDBACK = 1 << 16; // a dozen fields
    private static final int MOST_PARTS = 100; // a report has three, and some gateways add a few
    private static final int LONGEST_BOUNDARY = 250; // 70, RFC 2046 section 5.1.1

    private enum Kind {
        FEEDBACK(LARGEST_FEEDBACK),
        STATUS(LARGEST_STATUS),
        ORIGINAL(OriginalMessage.MOST_BYTES),
        OTHER(0);

        private final int limit;

        Kind(int limit) {
            this.limit = limit;
        }

        static Kind of(ContentType type) {
            if (type.is("message", "feedback-report")) {
                return FEEDBACK;
            }
            if (type.is("message", "delivery-status") || type.is("message", "global-delivery-status")) {
                return STATUS;
            }
            return type.is("message", "rfc822")
                            || type.is("text", "rfc822-headers")
                            || type.is("message", "global")
                            || type.is("message", "global-headers")
                    ? ORIGINAL
                    : OTHER;
        }
    }

    private final Lines lines;
    private final ContentType type;
    private final byte[] delimiter;

    private byte @Nullable [] feedback;
    private byte @Nullable [] status;
    private @Nullable OriginalMessage original;
    private @Nullable Map<String, Object> trace;

    private ReportParts(Lines lines, ContentType type, String boundary) {
        this.lines = lines;
        this.type = type;
        this.delimiter = ("--" + boundary).getBytes(StandardCharsets.UTF_8);
    }

    /** Reads a message to the end of its last part. */
    static ReportParts read(InputStream in) throws IOException, MalformedReportException {
        Lines lines = new Lines(in);
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        while (lines.next() && !lines.isEmpty()) {
            append(lines, block, LARGEST_HEADER);
        }
        ContentType type = contentType(headers(block));
        String boundary = type.parameter("boundary");
        if (!type.is("multipart", "report") || boundary == null) {
            throw new MalformedReportException("not a multipart/report with a boundary");
        }
        boundary = boundary.stripTrailing();
        if (boundary.isEmpty() || boundary.length() > LONGEST_BOUNDARY) {
            throw new MalformedReportException("the boundary is empty or too long");
        }
        ReportParts parts = new ReportParts(lines, type, boundary);
        parts.readParts();
        return parts;
    }

    private static void append(Lines lines, ByteArrayOutputStream block, int limit) throws MalformedReportException {
        if (block.size() + lines.to - lines.from > limit) {
            throw new MalformedReportException("a header block of more than " + limit + " bytes");
        }
        block.write(lines.buffer, lines.from, lines.to - lines.from);
    }

    private static Headers headers(ByteArrayOutputStream block) throws IOException {
        return Headers.read(new ByteArrayInputStream(block.toByteArray()));
    }

    private static ContentType contentType(Headers headers) {
        return ContentType.parse(headers.first("Content-Type").orElse(""));
    }

    /** The parameter that says which kind of report it is, in whatever case. */
    @Nullable String reportType() {
        return type.parameter("report-type");
    }

    byte @Nullable [] feedback() {
        return feedback;
    }

    byte @Nullable [] status() {
        return status;
    }

    /** The last one, should there be several. */
    Optional<OriginalMessage> original() {
        return Optional.ofNullable(original);
    }

    /** What was found in the last original that has any. */
    Optional<Map<String, Object>> trace() {
        return Optional.ofNullable(trace);
    }

    /** What a line can be within a multipart, RFC 2046 section 5.1.1. */
    private enum Mark {
        NONE,
        NEXT_PART,
        LAST
    }

    private void readParts() throws IOException, MalformedReportException {
        Mark mark = Mark.NONE;
        while (mark == Mark.NONE && lines.next()) {
            mark = mark();
        }
        for (int count = 0; mark == Mark.NEXT_PART; count++) {
            if (count == MOST_PARTS) {
                throw new MalformedReportException("more than " + MOST_PARTS + " parts");
            }
            mark = readPart();
        }
    }

    /** Reads a part and the line that ends it; a part that is cut off is as good as one that ends. */
    private Mark readPart() throws IOException, MalformedReportException {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        while (true) {
            if (!lines.next()) {
                return Mark.LAST;
            }
            Mark mark = mark();
            if (mark != Mark.NONE) {
                return mark;
            }
            if (lines.isEmpty()) {
                break;
            }
            append(lines, block, LARGEST_PART_HEADER);
        }
        Headers headers = headers(block);
        Kind kind = Kind.of(contentType(headers));
        Body body = new Body(kind.limit);
        Mark mark = Mark.NONE;
        while (mark == Mark.NONE) {
            if (!lines.next()) {
                mark = Mark.LAST;
            } else {
                mark = mark();
                if (mark == Mark.NONE) {
                    body.add(lines);
                }
            }
        }
        take(kind, headers, body);
        return mark;
    }

    private void take(Kind kind, Headers headers, Body body) throws MalformedReportException {
        if (kind == Kind.OTHER) {
            return;
        }
        String encoding = headers.first("Content-Transfer-Encoding").orElse("");
        // RFC 2046 section 5.2.1 allows a message/rfc822 no encoding: one that claims any is shown as it is.
        boolean plain = contentType(headers).is("message", "rfc822");
        byte[] bytes = plain ? body.bytes() : TransferEncoding.decode(encoding, body.bytes());
        if (kind == Kind.ORIGINAL) {
            original = OriginalMessage.of(bytes, body.cut);
            trace = original.supplementalTrace().orElse(trace);
        } else if (body.cut) {
            throw new MalformedReportException("a status of more than " + LARGEST_STATUS + " bytes");
        } else if (kind == Kind.STATUS) {
            status = status == null ? bytes : status;
        } else {
            feedback = feedback == null ? bytes : feedback;
        }
    }

    private Mark mark() {
        if (!lines.isWhole() || lines.to - lines.from < delimiter.length) {
            return Mark.NONE;
        }
        int at = lines.from + delimiter.length;
        if (!Arrays.equals(lines.buffer, lines.from, at, delimiter, 0, delimiter.length)) {
            return Mark.NONE;
        }
        boolean last = lines.to - at >= 2 && lines.buffer[at] == '-' && lines.buffer[at + 1] == '-';
        for (int i = last ? at + 2 : at; i < lines.to; i++) {
            byte b = lines.buffer[i];
            if (b != ' ' && b != '\t' && b != '\r' && b != '\n') {
                return Mark.NONE; // a longer boundary of somebody else, or one of a nested multipart
            }
        }
        return last ? Mark.LAST : Mark.NEXT_PART;
    }

    /** The beginning of a part. The line end before a delimiter belongs to the delimiter. */
    private static final class Body {

        private final int limit;
        private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
        private int pending;
        private boolean cut;

        Body(int limit) {
            this.limit = limit;
        }

        void add(Lines lines) {
            if (pending == 2) {
                write('\r');
            }
            if (pending > 0) {
                write('\n');
            }
            pending = lines.lineEnd();
            int length = lines.to - lines.from - pending;
            int room = Math.min(length, limit - kept.size());
            kept.write(lines.buffer, lines.from, room);
            cut |= room < length;
        }

        private void write(char c) {
            if (kept.size() < limit) {
                kept.write(c);
            } else {
                cut = true;
            }
        }

        byte[] bytes() {
            return kept.toByteArray();
        }
    }
}
