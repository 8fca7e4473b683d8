package dev.kumo.http.mime;

import dev.kumo.http.answer.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The fields of a message or of a part that came as text, in their order. */
public final class HeaderBlock {

    private static final int LONGEST_LINE = 998;

    /** A field; raw with its line breaks, but without the last. */
    private record Field(String name, String raw) {

        String value() {
            return raw.substring(name.length() + 1).replace("\r\n", "").strip();
        }
    }

    private final List<Field> fields;
    private final int end;

    private HeaderBlock(List<Field> fields, int end) {
        this.fields = fields;
        this.end = end;
    }

    /**
     * Reads the fields at the beginning of a text whose lines end with CRLF.
     *
     * @throws IllegalArgumentException if a line is neither a field nor the rest of one
     */
    public static HeaderBlock read(String text) {
        List<Field> fields = new ArrayList<>();
        int at = 0;
        while (at < text.length() && !text.startsWith("\r\n", at)) {
            int end = lineEnd(text, at);
            while (end + 2 < text.length() && isBlank(text.charAt(end + 2))) {
                end = lineEnd(text, end + 2);
            }
            String raw = text.substring(at, end);
            int colon = raw.indexOf(':');
            String name = colon < 0 ? "" : raw.substring(0, colon).stripTrailing();
            if (name.isEmpty() || !name.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
                throw new IllegalArgumentException("content begins with a header (RFC 5322 section 2.2) and an empty"
                        + " line; this line of it is no field: "
                        + Printable.quoted(raw.lines().findFirst().orElse("")));
            }
            fields.add(new Field(name, name + raw.substring(colon)));
            at = end + 2;
        }
        return new HeaderBlock(fields, Math.min(at + 2, text.length()));
    }

    private static int lineEnd(String text, int from) {
        int end = text.indexOf("\r\n", from);
        return end < 0 ? text.length() : end;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    /** Where the body begins. */
    public int end() {
        return end;
    }

    public Optional<String> first(String name) {
        return fields.stream()
                .filter(field -> field.name.equalsIgnoreCase(name))
                .map(Field::value)
                .findFirst();
    }

    /** The same with another value for a field, which is put last if it was not there. */
    HeaderBlock with(String name, String value) {
        List<Field> changed = new ArrayList<>(fields);
        changed.removeIf(field -> field.name.equalsIgnoreCase(name));
        changed.add(new Field(name, name + ": " + value));
        return new HeaderBlock(changed, end);
    }

    /** Fields that can travel stay as they are; others are encoded and folded anew. */
    public void writeTo(HeaderWriter out) {
        for (Field field : fields) {
            if (canTravel(field.raw)) {
                out.raw(field.raw);
            } else {
                out.field(field.name, field.value());
            }
        }
    }

    private static boolean canTravel(String raw) {
        int line = 0;
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            line = c == '\r' || c == '\n' ? 0 : line + 1;
            if (c >= 0x7f || c < ' ' && c != '\t' && c != '\r' && c != '\n' || line > LONGEST_LINE) {
                return false;
            }
        }
        return raw.lines().noneMatch(String::isBlank);
    }
}
