package dev.kumo.http.mime;

import dev.kumo.http.answer.Printable;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** A MIME entity, RFC 2045 section 2.4: fields that tell of a body, and the body. */
public final class Entity {

    private static final Pattern TYPE = Pattern.compile(
            "[A-Za-z0-9!#$&^_.+-]{1,127}/[A-Za-z0-9!#$&^_.+-]{1,127}(?:; ?[A-Za-z0-9_.*-]+=(?:[A-Za-z0-9!#$&^_.+-]+|\"[ !#-\\[\\]-~]*\"))*");
    private static final Pattern NAMED = Pattern.compile(";\\s*name\\*?=", Pattern.CASE_INSENSITIVE);
    private static final int LONGEST_TYPE = 500;
    private static final int LONGEST_NAME = 255;

    private final String type;
    private final byte[] fields;
    private final byte[] body;

    private Entity(String type, HeaderWriter fields, byte[] body) {
        this.type = type;
        this.fields = fields.bytes();
        this.body = body;
    }

    public static Entity text(String subtype, String text) {
        byte[] bytes = Lines.ended(text).getBytes(StandardCharsets.UTF_8);
        TransferEncoding encoding = TransferEncoding.of(bytes);
        boolean ascii = encoding == TransferEncoding.SEVEN_BIT;
        return new Entity(
                "text/" + subtype,
                new HeaderWriter()
                        .raw("Content-Type: text/" + subtype + "; charset=" + (ascii ? "us-ascii" : "utf-8"))
                        .raw("Content-Transfer-Encoding: " + encoding.token()),
                encoding.encode(bytes));
    }

    /**
     * A file.
     *
     * @throws IllegalArgumentException if type, name or id cannot stand in a header
     */
    public static Entity file(String contentType, byte[] data, Optional<String> fileName, Optional<String> contentId) {
        String type = contentType.strip();
        String major = type.toLowerCase(Locale.ROOT);
        if (!TYPE.matcher(type).matches() || type.length() > LONGEST_TYPE || major.startsWith("multipart/")) {
            throw new IllegalArgumentException("content_type has to be a media type such as application/pdf, and no"
                    + " multipart, not " + Printable.quoted(type));
        }
        boolean asItIs = major.startsWith("message/"); // RFC 2046 section 5.2.1: never encoded
        if (asItIs && !TransferEncoding.isSevenBit(data)) {
            throw new IllegalArgumentException("an attachment of " + Printable.of(type)
                    + " cannot be encoded, so it has to be ASCII in lines of at most 998 octets that end with CRLF;"
                    + " or say application/octet-stream");
        }
        HeaderWriter fields = new HeaderWriter();
        boolean named = NAMED.matcher(type).find();
        fields.raw("Content-Type: " + type.replace("; ", ";").replace(";", ";\r\n ")
                + fileName.filter(name -> !named && !isAscii(name))
                        .map(Entity::typeName)
                        .orElse(""));
        String disposition = contentId.isPresent() ? "inline" : "attachment";
        fields.raw("Content-Disposition: " + disposition
                + fileName.map(Entity::fileName).orElse(""));
        contentId.ifPresent(id -> fields.raw("Content-ID: <" + contentId(id) + ">"));
        fields.raw("Content-Transfer-Encoding: " + (asItIs ? "7bit" : "base64"));
        return new Entity(type, fields, asItIs ? data : TransferEncoding.base64(data));
    }

    /** RFC 2183 section 2.3; beyond ASCII, RFC 2231. */
    private static String fileName(String name) {
        if (name.isEmpty() || name.length() > LONGEST_NAME || name.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            throw new IllegalArgumentException(
                    "file_name has to be 1 to " + LONGEST_NAME + " characters without control characters");
        }
        if (isAscii(name)) {
            return ";\r\n filename=\"" + name.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
        }
        return ExtendedParameter.of("filename", name);
    }

    private static boolean isAscii(String name) {
        return name.chars().allMatch(c -> c < 0x7f);
    }

    /** For readers that know no RFC 2231: as near as ASCII comes to it. */
    private static String typeName(String name) {
        String ascii = Normalizer.normalize(name, Normalizer.Form.NFD)
                .replaceAll("\\p{M}", "")
                .replaceAll("[^ -~]|[\"\\\\]", "_");
        return ";\r\n name=\"" + ascii + "\"";
    }

    private static String contentId(String id) {
        String bare = id.startsWith("<") && id.endsWith(">") ? id.substring(1, id.length() - 1) : id;
        boolean fit = !bare.isEmpty()
                && bare.length() <= LONGEST_NAME
                && bare.chars().allMatch(c -> c > ' ' && c < 0x7f && "<>()[]\\,;:\"".indexOf(c) < 0);
        if (!fit) {
            throw new IllegalArgumentException(
                    "content_id has to be printable ASCII without blanks and brackets, such as logo@example.com, not "
                            + Printable.quoted(id));
        }
        return bare;
    }

    /** The parts as one; a single part is left alone. */
    public static Entity multipart(String subtype, List<Entity> parts, String boundary) {
        if (parts.size() == 1) {
            return parts.get(0);
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream(
                parts.stream().mapToInt(part -> part.body.length + 512).sum());
        for (Entity part : parts) {
            body.writeBytes(ascii("--" + boundary + "\r\n"));
            part.writeTo(body);
            body.writeBytes(ascii("\r\n")); // the boundary's, RFC 2046 section 5.1.1
        }
        body.writeBytes(ascii("--" + boundary + "--\r\n"));
        // RFC 2387 section 3.1: what is related to what.
        String root = subtype.equals("related") ? ";\r\n type=\"" + parts.get(0).type + "\"" : "";
        return new Entity(
                "multipart/" + subtype,
                new HeaderWriter()
                        .raw("Content-Type: multipart/" + subtype + root + ";\r\n boundary=\"" + boundary + "\""),
                body.toByteArray());
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    public void writeTo(ByteArrayOutputStream out) {
        out.writeBytes(fields);
        out.writeBytes(ascii("\r\n"));
        out.writeBytes(body);
    }

    public int size() {
        return fields.length + 2 + body.length;
    }
}
