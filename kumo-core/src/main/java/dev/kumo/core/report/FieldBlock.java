package dev.kumo.core.report;

import dev.kumo.core.text.EncodedWords;
import dev.kumo.core.text.FieldName;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A block of fields in the body of a report, by name. Whoever reads a report takes what it knows out of the block; what is
 * left are extensions.
 *
 * <p>Values are on one line: a fold and its blanks are one space, encoded words are decoded, control characters are spaces.
 */
final class FieldBlock {

    /** Over all blocks of a report: a DSN for a thousand recipients has ten thousand. */
    static final int MOST_FIELDS = 20_000;

    private final Map<String, List<String>> fields = new TreeMap<>();

    private FieldBlock() {}

    /** The blocks of a body, divided by one or more empty lines (RFC 3464 section 2.1); none without a field. */
    static List<FieldBlock> read(byte[] body) throws MalformedReportException {
        return new Reader().read(new String(body, StandardCharsets.UTF_8));
    }

    /** All blocks as one, for a body that is a single block and should have no empty lines. */
    static FieldBlock join(List<FieldBlock> blocks) {
        FieldBlock joined = new FieldBlock();
        blocks.forEach(block -> block.fields.forEach((name, values) ->
                joined.fields.computeIfAbsent(name, none -> new ArrayList<>()).addAll(values)));
        return joined;
    }

    private static final class Reader {

        private final List<FieldBlock> blocks = new ArrayList<>();
        private FieldBlock block = new FieldBlock();
        private @Nullable String name;
        private final StringBuilder value = new StringBuilder();
        private int count;

        List<FieldBlock> read(String text) throws MalformedReportException {
            int at = 0;
            while (at < text.length()) {
                int end = text.indexOf('\n', at);
                end = end < 0 ? text.length() : end;
                line(text.substring(at, end));
                at = end + 1;
            }
            endBlock();
            return blocks;
        }

        private void line(String line) throws MalformedReportException {
            if (line.isBlank()) {
                endBlock();
            } else if (line.charAt(0) == ' ' || line.charAt(0) == '\t') {
                value.append(' ').append(line.strip());
            } else {
                endField();
                int colon = line.indexOf(':');
                String before = colon < 0 ? "" : line.substring(0, colon).stripTrailing();
                name = FieldName.isOne(before) ? before.toLowerCase(Locale.ROOT) : null;
                value.append(line.substring(colon + 1).strip());
            }
        }

        private void endField() throws MalformedReportException {
            if (name != null) {
                if (++count > MOST_FIELDS) {
                    throw new MalformedReportException("more than " + MOST_FIELDS + " fields");
                }
                block.fields
                        .computeIfAbsent(name, none -> new ArrayList<>())
                        .add(clean(EncodedWords.decode(value.toString())));
            }
            name = null;
            value.setLength(0);
        }

        private void endBlock() throws MalformedReportException {
            endField();
            if (!block.fields.isEmpty()) {
                blocks.add(block);
                block = new FieldBlock();
            }
        }

        private static String clean(String text) {
            if (text.chars().noneMatch(Character::isISOControl)) {
                return text.strip();
            }
            StringBuilder clean = new StringBuilder(text);
            for (int i = 0; i < clean.length(); i++) {
                if (Character.isISOControl(clean.charAt(i))) {
                    clean.setCharAt(i, ' ');
                }
            }
            return clean.toString().strip();
        }
    }

    boolean has(String name) {
        return fields.containsKey(name);
    }

    /** Takes a field that may come once; one without a value is as good as none. */
    Optional<String> single(String name) throws MalformedReportException {
        List<String> values = all(name);
        if (values.size() > 1) {
            throw new MalformedReportException(name + " comes more than once");
        }
        return values.stream().filter(value -> !value.isEmpty()).findFirst();
    }

    /** Takes a field that must come once. */
    String required(String name) throws MalformedReportException {
        return single(name).orElseThrow(() -> new MalformedReportException(name + " is missing"));
    }

    /** Takes a field that should come once: the first that has a value counts. */
    Optional<String> first(String name) {
        return all(name).stream().filter(value -> !value.isEmpty()).findFirst();
    }

    /** Takes all fields of a name. */
    List<String> all(String name) {
        List<String> values = fields.remove(name);
        return values == null ? List.of() : List.copyOf(values);
    }

    /** What nobody took, sorted by name. */
    Map<String, List<String>> rest() {
        Map<String, List<String>> rest = new TreeMap<>();
        fields.forEach((name, values) -> rest.put(name, List.copyOf(values)));
        return Collections.unmodifiableMap(rest);
    }
}
