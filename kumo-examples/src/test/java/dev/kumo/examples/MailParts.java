package dev.kumo.examples;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.kumo.core.mail.Headers;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A mail as this house reads it: header fields by {@link Headers}, parts by their boundary, RFC 2046 section 5.1.
 */
final class MailParts {

    private static final Pattern BOUNDARY = Pattern.compile("boundary=(?:\"([^\"]+)\"|([^;\\s]+))");

    private final String type;
    private final byte[] payload;
    private final List<MailParts> parts;

    private MailParts(String type, byte[] payload, List<MailParts> parts) {
        this.type = type;
        this.payload = payload;
        this.parts = parts;
    }

    /** Of media, in lower case. */
    String type() {
        return type;
    }

    /** Decoded; of a multipart, nothing. */
    byte[] payload() {
        return payload;
    }

    /** The payload as text, its lines ended by LF. */
    String text() {
        return new String(payload, UTF_8).replace("\r\n", "\n");
    }

    List<MailParts> parts() {
        return parts;
    }

    static MailParts read(byte[] mail) throws IOException {
        String text = new String(mail, ISO_8859_1);
        int end = text.startsWith("\r\n") ? 0 : text.indexOf("\r\n\r\n");
        String body = text.substring(text.startsWith("\r\n") ? 2 : end + 4);
        Headers headers = Headers.read(new ByteArrayInputStream(mail));
        String contentType = headers.first("Content-Type").orElse("text/plain");
        String type = contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        if (!type.startsWith("multipart/")) {
            return new MailParts(type, decoded(headers, body), List.of());
        }
        Matcher boundary = BOUNDARY.matcher(contentType);
        if (!boundary.find()) {
            throw new IOException("a multipart without a boundary: " + contentType);
        }
        String delimiter = "\r\n--" + (boundary.group(1) != null ? boundary.group(1) : boundary.group(2));
        List<MailParts> parts = new ArrayList<>();
        String rest = "\r\n" + body;
        for (int at = rest.indexOf(delimiter); !rest.startsWith(delimiter + "--", at); ) {
            int from = rest.indexOf("\r\n", at + delimiter.length()) + 2;
            at = rest.indexOf(delimiter, from - 2);
            if (at < 0) {
                throw new IOException("a multipart without an end");
            }
            parts.add(read(rest.substring(from, Math.max(from, at)).getBytes(ISO_8859_1)));
        }
        return new MailParts(type, new byte[0], List.copyOf(parts));
    }

    private static byte[] decoded(Headers headers, String body) throws IOException {
        return switch (headers.first("Content-Transfer-Encoding").orElse("7bit").toLowerCase(Locale.ROOT)) {
            case "base64" -> Base64.getMimeDecoder().decode(body);
            case "quoted-printable" -> unquoted(body);
            case "7bit", "8bit" -> body.getBytes(ISO_8859_1);
            default -> throw new IOException("an encoding that nobody knows");
        };
    }

    /** RFC 2045 section 6.7. */
    private static byte[] unquoted(String body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(body.length());
        for (int i = 0; i < body.length(); i++) {
            if (body.charAt(i) != '=') {
                out.write(body.charAt(i));
            } else {
                if (!body.startsWith("\r\n", i + 1)) {
                    out.write(Integer.parseInt(body.substring(i + 1, i + 3), 16));
                }
                i += 2;
            }
        }
        return out.toByteArray();
    }
}
