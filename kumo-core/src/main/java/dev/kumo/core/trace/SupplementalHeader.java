package dev.kumo.core.trace;

import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.Meta;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.databind.json.JsonMapper;

/**
 * The supplemental trace header, {@code X-KumoRef} unless configured otherwise: what a complaint that quotes a message
 * needs to be matched with the mailing.
 *
 * <p>Its value is a JSON object in base64 (RFC 4648 section 4). The object holds a marker, the recipient, and the meta
 * data named in {@link TraceHeaders#includeMetaNames()} as far as the message has it.
 */
public final class SupplementalHeader {

    static final String MARKER_NAME = "_@_";
    static final String RECIPIENT_NAME = "recipient";

    private static final String MARKER = "\\_/";
    private static final int COLUMNS = 75;
    private static final int LONGEST_INPUT = 1 << 16;
    private static final JsonMapper JSON = JsonMapper.shared();

    private SupplementalHeader() {}

    /**
     * Writes the header.
     *
     * @param options which meta data to carry
     * @param recipients the recipients of the message; one is written as text, several as a list
     * @param meta the meta data of the message
     * @return the value, folded every 75 characters (RFC 5322 section 2.2.3), fit for
     *     {@link dev.kumo.core.mail.Message#prependHeader}
     * @throws IllegalArgumentException if there are no recipients
     */
    public static String encode(TraceHeaders options, List<EnvelopeAddress> recipients, Meta meta) {
        if (recipients.isEmpty()) {
            throw new IllegalArgumentException("a supplemental header needs at least one recipient");
        }
        Map<String, Object> members = new TreeMap<>(SupplementalHeader::compareUtf8);
        members.put(MARKER_NAME, MARKER);
        members.put(RECIPIENT_NAME, recipient(recipients));
        for (String name : options.includeMetaNames()) {
            meta.get(name).ifPresent(value -> members.put(name, value));
        }
        return folded(Base64.getEncoder().encodeToString(json(members)));
    }

    private static Object recipient(List<EnvelopeAddress> recipients) {
        List<String> addresses =
                recipients.stream().map(EnvelopeAddress::toString).toList();
        return addresses.size() == 1 ? addresses.get(0) : addresses;
    }

    /** Writes the outermost object itself: to set up the generator of JSON costs more than all it would write. */
    private static byte[] json(Map<String, Object> members) {
        StringBuilder json = new StringBuilder(256);
        members.forEach((name, value) -> {
            append(json.append(json.isEmpty() ? '{' : ','), name);
            append(json.append(':'), value);
        });
        // By way of a string: for Jackson, half a surrogate pair in a meta value would be an error.
        return json.append('}').toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void append(StringBuilder json, Object value) {
        if (value instanceof String text) {
            json.append('"');
            JsonStringEncoder.getInstance().quoteAsString(text, json);
            json.append('"');
        } else {
            json.append(JSON.writeValueAsString(sorted(value)));
        }
    }

    /** Objects within a value are sorted like the outermost one, so that equal data gives equal headers. */
    private static Object sorted(Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> copy = new TreeMap<>(SupplementalHeader::compareUtf8);
            map.forEach((key, item) -> copy.put(String.valueOf(key), sorted(item)));
            return copy;
        }
        return value instanceof List<?> list
                ? list.stream().map(SupplementalHeader::sorted).toList()
                : value;
    }

    /** The order of the UTF-8 bytes, which above the BMP is not that of {@link String#compareTo}. */
    private static int compareUtf8(String a, String b) {
        int common = Math.min(a.length(), b.length());
        for (int i = 0; i < common; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                boolean xAbove = Character.isSurrogate(x);
                boolean yAbove = Character.isSurrogate(y);
                return xAbove == yAbove ? Character.compare(x, y) : Boolean.compare(xAbove, yAbove);
            }
        }
        return Integer.compare(a.length(), b.length());
    }

    private static String folded(String base64) {
        StringBuilder value = new StringBuilder(base64.length() + base64.length() / COLUMNS * 3);
        for (int from = 0; from < base64.length(); from += COLUMNS) {
            if (from > 0) {
                value.append("\r\n\t");
            }
            value.append(base64, from, Math.min(from + COLUMNS, base64.length()));
        }
        return value.toString();
    }

    /**
     * Reads a header. Never fails on what a stranger wrote.
     *
     * @param headerValue the value of any header, folded or not
     * @return the members without the marker and without those that are null, in their order:
     *     {@link String}, {@link Boolean}, {@link Number}, {@link List} and {@link Map}; empty if the value is not a
     *     supplemental header or has more than 65536 characters
     */
    public static Optional<Map<String, Object>> decode(String headerValue) {
        if (headerValue.length() > LONGEST_INPUT) {
            return Optional.empty();
        }
        try {
            String json = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes(headerValue)))
                    .toString();
            return JSON.readValue(json, Object.class) instanceof Map<?, ?> members
                            && MARKER.equals(members.get(MARKER_NAME))
                    ? Optional.of(payload(members))
                    : Optional.empty();
        } catch (IllegalArgumentException | CharacterCodingException | JacksonException notOurs) {
            return Optional.empty();
        }
    }

    private static byte[] bytes(String headerValue) {
        StringBuilder base64 = new StringBuilder(headerValue.length());
        for (int i = 0; i < headerValue.length(); i++) {
            char c = headerValue.charAt(i);
            if (c != ' ' && (c < '\t' || c > '\r')) {
                base64.append(c);
            }
        }
        String text = base64.toString();
        byte[] bytes = Base64.getDecoder().decode(text);
        // The decoder forgives missing padding and stray bits; what we wrote has neither.
        if (!Base64.getEncoder().encodeToString(bytes).equals(text)) {
            throw new IllegalArgumentException("not canonical base64");
        }
        return bytes;
    }

    private static Map<String, Object> payload(Map<?, ?> members) {
        Map<String, Object> payload = new LinkedHashMap<>();
        members.forEach((name, value) -> {
            if (value != null && !MARKER_NAME.equals(name)) {
                payload.put(String.valueOf(name), value);
            }
        });
        return Collections.unmodifiableMap(payload);
    }
}
