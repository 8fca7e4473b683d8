package dev.kumo.http.mime;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A message or a part of one that came as text, fit for a line of seven bits. What is fit already is not touched; text
 * that is not is encoded as UTF-8, part by part.
 */
public record Mended(HeaderBlock header, String text, boolean isMime) {

    private static final int DEEPEST = 10;
    private static final Pattern BOUNDARY =
            Pattern.compile(";\\s*boundary\\s*=\\s*(?:\"([^\"]{1,70})\"|([^\\s;\"]{1,70}))", Pattern.CASE_INSENSITIVE);
    private static final Pattern CHARSET =
            Pattern.compile(";\\s*charset\\s*=\\s*(?:\"[^\"]*\"|[^\\s;\"]*)", Pattern.CASE_INSENSITIVE);

    /** The body of a part as octets. */
    public byte[] bytes() {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    public static Mended of(HeaderBlock header, String body, int depth) {
        String type = header.first("content-type").orElse("text/plain");
        String lower = type.toLowerCase(Locale.ROOT);
        boolean mime = header.first("content-type").isPresent();
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        String encoding =
                header.first("content-transfer-encoding").orElse("7bit").toLowerCase(Locale.ROOT);
        if (TransferEncoding.isSevenBit(bytes) || encoding.equals("base64") || encoding.equals("quoted-printable")) {
            return new Mended(header, body, mime);
        }
        if (lower.startsWith("multipart/")) {
            Optional<String> boundary = boundary(type);
            return boundary.isEmpty() || depth == DEEPEST
                    ? new Mended(header.with("Content-Transfer-Encoding", "8bit"), body, true)
                    : new Mended(header, parts(body, boundary.get(), depth), true);
        }
        if (lower.startsWith("message/")) {
            return new Mended(header.with("Content-Transfer-Encoding", "8bit"), body, true);
        }
        boolean isText = lower.startsWith("text/");
        TransferEncoding fit = isText ? TransferEncoding.of(bytes) : TransferEncoding.BASE64;
        HeaderBlock changed =
                isText ? header.with("Content-Type", CHARSET.matcher(type).replaceAll("") + "; charset=utf-8") : header;
        return new Mended(
                changed.with("Content-Transfer-Encoding", fit.token()),
                new String(fit.encode(bytes), StandardCharsets.US_ASCII),
                true);
    }

    private static Optional<String> boundary(String type) {
        Matcher found = BOUNDARY.matcher(type);
        return found.find() ? Optional.of(found.group(1) == null ? found.group(2) : found.group(1)) : Optional.empty();
    }

    /** Mends each part between the boundaries, RFC 2046 section 5.1.1. */
    private static String parts(String body, String boundary, int depth) {
        StringBuilder out = new StringBuilder(body.length() + 1024);
        String delimiter = "--" + boundary;
        int part = -1;
        int at = 0;
        boolean over = false;
        while (at < body.length()) {
            int end = body.indexOf("\r\n", at);
            int next = end < 0 ? body.length() : end + 2;
            String line = body.substring(at, end < 0 ? body.length() : end).stripTrailing();
            boolean last = line.equals(delimiter + "--");
            if (!over && (last || line.equals(delimiter))) {
                if (part >= 0) {
                    // The line end before a boundary is the boundary's.
                    part(body.substring(part, Math.max(part, at - 2)), out, depth);
                }
                out.append(line).append("\r\n");
                part = next;
                over = last;
            }
            at = next;
        }
        if (!over && part >= 0) {
            part(body.substring(part), out, depth);
        }
        return out.toString();
    }

    private static void part(String text, StringBuilder out, int depth) {
        HeaderBlock header = HeaderBlock.read(text);
        Mended mended = of(header, text.substring(header.end()), depth + 1);
        HeaderWriter fields = new HeaderWriter();
        mended.header.writeTo(fields);
        out.append(new String(fields.bytes(), StandardCharsets.UTF_8));
        out.append("\r\n").append(mended.text).append("\r\n");
    }
}
