package dev.kumo.core.options;

import dev.kumo.core.text.Quoted;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where in the configuration something stands.
 *
 * @param path the keys from the outermost table on
 * @param hidden whether what stands here, or below, is a secret
 * @param depth how many tables are around it
 */
record Place(String path, boolean hidden, int depth) {

    /** More than any configuration needs, and less than a table that contains itself needs to overflow the stack. */
    private static final int DEEPEST = 32;

    private static final List<String> SECRETS = List.of("token", "password", "secret", "key_data", "authorization");

    static Place of(String path) {
        return new Place(path, false, 0);
    }

    Place key(String key) {
        return inner(path + "." + key, key);
    }

    Place entry(String name) {
        return inner(path + "[" + Quoted.of(name) + "]", name);
    }

    private Place inner(String innerPath, String key) {
        if (depth == DEEPEST) {
            throw error("tables are nested too deeply");
        }
        String lower = key.toLowerCase(Locale.ROOT);
        return new Place(innerPath, hidden || SECRETS.stream().anyMatch(lower::contains), depth + 1);
    }

    OptionException error(String text) {
        return new OptionException(path, text);
    }

    /** The error of a value that is refused with a reason, which names the value perhaps. */
    OptionException refused(RuntimeException reason) {
        if (hidden) {
            return error("is refused: (hidden)");
        }
        String message = reason.getMessage();
        return new OptionException(path, message == null ? "is refused" : message, reason);
    }

    /** A value as an error may name it. */
    String show(@Nullable Object value) {
        if (value instanceof Map) {
            return "a table";
        }
        if (value instanceof Collection) {
            return "a list";
        }
        if (hidden) {
            return "(hidden)";
        }
        if (value instanceof String text) {
            return Quoted.of(text);
        }
        return value == null || value instanceof Number || value instanceof Boolean
                ? String.valueOf(value)
                : "a " + value.getClass().getSimpleName();
    }
}
