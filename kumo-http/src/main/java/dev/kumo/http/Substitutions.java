package dev.kumo.http;

import java.time.temporal.TemporalAccessor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values for templates, which no template and no caller changes once they are given. */
final class Substitutions {

    /** Noncharacters (Unicode section 23.7), which no mail holds: for a line break, and for the end of a header. */
    static final char BREAK = '\ufdd0';

    static final char END = '\ufdd1';

    private static final int DEEPEST = 1000;

    private Substitutions() {}

    /**
     * A copy with all that lies within.
     *
     * @throws IllegalArgumentException if the values lie too deep in one another, as those do that hold themselves
     */
    static Map<String, @Nullable Object> copy(Map<String, @Nullable Object> values) {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        values.forEach((name, value) -> copy.put(name, copy(value, false, 0)));
        return Collections.unmodifiableMap(copy);
    }

    /** The same with {@link #BREAK} for each character that ends a line, or marks one here. */
    static Map<String, @Nullable Object> marked(Map<String, @Nullable Object> values) {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        values.forEach((name, value) -> copy.put(name, copy(value, true, 0)));
        return copy;
    }

    private static @Nullable Object copy(@Nullable Object value, boolean marked, int depth) {
        if (depth > DEEPEST) {
            throw new IllegalArgumentException("substitutions lie more than " + DEEPEST + " deep in one another");
        }
        if (value == null || value instanceof Number || value instanceof Boolean || value instanceof TemporalAccessor) {
            return value;
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> copy = new LinkedHashMap<>();
            map.forEach((name, inner) -> {
                String text = String.valueOf(name);
                copy.put(marked ? mark(text) : text, copy(inner, marked, depth + 1));
            });
            return Collections.unmodifiableMap(copy);
        }
        if (value instanceof Collection<?> list) {
            List<@Nullable Object> copy = new ArrayList<>(list.size());
            list.forEach(inner -> copy.add(copy(inner, marked, depth + 1)));
            return Collections.unmodifiableList(copy);
        }
        return marked ? mark(value.toString()) : value.toString();
    }

    private static String mark(String text) {
        return text.replace('\r', BREAK).replace('\n', BREAK).replace(END, BREAK);
    }

    /** Whether nothing would be marked. */
    static boolean areLines(Object value) {
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream().allMatch(entry -> areLines(entry.getKey()) && holdsLines(entry.getValue()));
        }
        if (value instanceof Collection<?> list) {
            return list.stream().allMatch(Substitutions::holdsLines);
        }
        return value.toString().chars().noneMatch(c -> c == '\r' || c == '\n' || c == BREAK || c == END);
    }

    private static boolean holdsLines(@Nullable Object value) {
        return value == null || areLines(value);
    }
}
