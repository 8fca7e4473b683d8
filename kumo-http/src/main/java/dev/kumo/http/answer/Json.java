package dev.kumo.http.answer;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** JSON, RFC 8259, as far as a stranger may write it: bounded in depth and numbers, no name twice in an object. */
public final class Json {

    /** More than an injection needs; {@code Meta} takes 100. */
    static final int DEEPEST = 64;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .maxNumberLength(100)
                            .maxNameLength(10_000)
                            .maxStringLength(Integer.MAX_VALUE) // the body's limit is the bound
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    public static byte[] write(@Nullable Object value) {
        try {
            return MAPPER.writeValueAsBytes(plain(value));
        } catch (JacksonException e) {
            throw new IllegalArgumentException("cannot be written as JSON: " + e.getOriginalMessage(), e);
        }
    }

    /** Jackson would write any bean; what is shown to strangers is to be chosen, never found by reflection. */
    private static @Nullable Object plain(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            map.forEach((name, item) -> {
                if (!(name instanceof String)) {
                    throw new IllegalArgumentException("the names of a JSON object are text, not " + name);
                }
                plain(item);
            });
        } else if (value instanceof Iterable<?> list) {
            list.forEach(Json::plain);
        } else if (value != null
                && !(value instanceof String)
                && !(value instanceof Number)
                && !(value instanceof Boolean)) {
            throw new IllegalArgumentException("JSON has no " + value.getClass().getName());
        }
        return value;
    }

    /**
     * Reads a value: maps, lists, text, numbers, booleans and null.
     *
     * @throws RefusedException if it is no JSON, or beyond the bounds
     */
    public static @Nullable Object read(byte[] json) {
        try {
            return MAPPER.readValue(json, Object.class);
        } catch (JacksonException e) {
            TokenStreamLocation at = e.getLocation();
            String where = at == null || at.getLineNr() < 1
                    ? ""
                    : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
            throw new RefusedException(400, "the body is not JSON that can be read" + where + ": " + reason(e));
        }
    }

    /** Jackson's reason on one line, without the names of its classes and features. */
    private static String reason(JacksonException e) {
        String text = String.valueOf(e.getOriginalMessage());
        int end = text.indexOf('\n');
        String line = end < 0 ? text : text.substring(0, end);
        int feature = line.indexOf(" (`Stream");
        return Printable.of(feature < 0 ? line : line.substring(0, feature));
    }
}
