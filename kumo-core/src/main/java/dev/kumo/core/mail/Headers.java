package dev.kumo.core.mail;

import dev.kumo.core.text.EncodedWords;
import dev.kumo.core.text.FieldName;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The header fields of a message in their order, RFC 5322 section 2.2.
 *
 * <p>Reading never fails on what a stranger wrote: a line that is no field is left out, and reading stops after 1 MiB or 10,000
 * fields, which {@link #isTruncated()} tells. Lines end with LF, with or without a CR before it; any other CR is a space in a value, and has no place in a
 * name.
 */
public final class Headers {

    private static final int LARGEST_BLOCK = 1 << 20;
    private static final int MOST_FIELDS = 10_000; // a field of three bytes takes a hundred in memory

    private final List<Field> fields;

    private final boolean truncated;

    private Headers(List<Field> fields, boolean truncated) {
        this.fields = List.copyOf(fields);
        this.truncated = truncated;
    }

    /**
     * One header field.
     *
     * @param name as written, for example {@code Subject}
     * @param value unfolded (RFC 5322 section 2.2.3), without surrounding white space; neither RFC 2047 nor any
     *     transfer encoding is decoded
     */
    public record Field(String name, String value) {

        /**
         * The value as its reader sees it.
         *
         * @return the value with encoded words (RFC 2047) decoded, as far as their charsets are known; what they make of
         *     control characters are spaces
         */
        public String decoded() {
            return value.contains("=?") ? EncodedWords.decode(value).replaceAll("\\p{Cntrl}", " ") : value;
        }
    }

    /**
     * Reads the header block of a message.
     *
     * @param in the message from its first byte; more may be read of it than the block, and it is not closed
     * @return the fields
     * @throws IOException if {@code in} fails
     */
    public static Headers read(InputStream in) throws IOException {
        List<Field> fields = new ArrayList<>();
        Lines lines = new Lines(in);
        StringBuilder field = new StringBuilder();
        String line = lines.next();
        for (; !line.isEmpty() && fields.size() < MOST_FIELDS; line = lines.next()) {
            if (line.charAt(0) != ' ' && line.charAt(0) != '\t') {
                add(field, fields);
                field.setLength(0);
            }
            field.append(line);
        }
        boolean truncated = !line.isEmpty() || lines.truncated || fields.size() == MOST_FIELDS && field.length() > 0;
        add(field, fields);
        return new Headers(fields, truncated);
    }

    private static final class Lines {

        private final InputStream in;
        private final byte[] buffer = new byte[1024];
        private final ByteArrayOutputStream line = new ByteArrayOutputStream(128);
        private int at;
        private int end;
        private int left = LARGEST_BLOCK;
        private boolean truncated;

        Lines(InputStream in) {
            this.in = in;
        }

        /** The next line without its end; empty at the end of the block, or where a line goes past the limit. */
        String next() throws IOException {
            line.reset();
            while (left > 0) {
                if (at == end && !fill()) {
                    return text();
                }
                int from = at;
                int stop = Math.min(end, at + left);
                while (at < stop && buffer[at] != '\n') {
                    at++;
                }
                line.write(buffer, from, at - from);
                left -= at - from;
                if (at < stop) {
                    at++;
                    left--;
                    return text();
                }
            }
            truncated = true;
            return "";
        }

        private boolean fill() throws IOException {
            at = 0;
            end = Math.max(0, in.read(buffer));
            return end > 0;
        }

        private String text() {
            String text = line.toString(StandardCharsets.UTF_8);
            return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
        }
    }

    private static void add(CharSequence raw, List<Field> fields) {
        String text = raw.toString();
        int colon = text.indexOf(':');
        if (colon > 0 && fields.size() < MOST_FIELDS) {
            // White space before the colon is obsolete syntax (RFC 5322 section 4.5), before the name it is none.
            String name = text.substring(0, colon).stripTrailing();
            if (FieldName.isOne(name)) {
                fields.add(new Field(
                        name, text.substring(colon + 1).replace('\r', ' ').strip()));
            }
        }
    }

    /**
     * The first field of a name.
     *
     * @param name in any case
     * @return its value, if there is one
     */
    public Optional<String> first(String name) {
        return fields.stream()
                .filter(field -> field.name().equalsIgnoreCase(name))
                .map(Field::value)
                .findFirst();
    }

    /**
     * All fields of a name.
     *
     * @param name in any case
     * @return their values in order, perhaps none
     */
    public List<String> all(String name) {
        return fields.stream()
                .filter(field -> field.name().equalsIgnoreCase(name))
                .map(Field::value)
                .toList();
    }

    /**
     * Whether there is more of the header than was read, so that a field that was not found may be there all the same.
     *
     * @return whether reading stopped after 1 MiB or 10,000 fields, before the end of the header
     */
    public boolean isTruncated() {
        return truncated;
    }

    /**
     * Every field.
     *
     * @return in order
     */
    public List<Field> fields() {
        return fields;
    }
}
