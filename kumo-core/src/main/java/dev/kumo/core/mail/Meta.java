package dev.kumo.core.mail;

import dev.kumo.core.text.Quoted;
import java.util.AbstractMap;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a session or a message beside its envelope and content: names with values as JSON has them.
 *
 * <p>A session's meta data is copied into each of its messages. Names of your own should start with {@code x_}; the
 * names {@code received_from}, {@code received_via}, {@code hostname}, {@code ehlo_domain} and
 * {@code reception_protocol} are set by a listener. Not safe for use by two threads at once.
 */
public final class Meta {

    /** More than any data needs, and less than one that contains itself needs to overflow the stack. */
    private static final int DEEPEST = 100;

    /** A session's are those of its messages, and of their records, until one of them changes. */
    private SortedMap<String, Object> values;

    private boolean shared;

    /** Without any value. */
    public Meta() {
        values = new TreeMap<>();
    }

    private Meta(SortedMap<String, Object> values) {
        this.values = values;
        this.shared = true;
    }

    /** Values that never change. */
    private static final class Snapshot extends AbstractMap<String, Object> {

        private final SortedMap<String, Object> values;

        Snapshot(SortedMap<String, Object> values) {
            this.values = values;
        }

        @Override
        public @Nullable Object get(@Nullable Object name) {
            return name instanceof String text ? values.get(text) : null;
        }

        @Override
        public boolean containsKey(@Nullable Object name) {
            return get(name) != null;
        }

        @Override
        public Set<Map.Entry<String, Object>> entrySet() {
            return Collections.unmodifiableSortedMap(values).entrySet();
        }
    }

    /**
     * A copy that changes apart from this one.
     *
     * @return the copy
     */
    public Meta copy() {
        shared = true;
        return new Meta(values);
    }

    private SortedMap<String, Object> own() {
        if (shared) {
            values = new TreeMap<>(values);
            shared = false;
        }
        return values;
    }

    /**
     * Sets a value.
     *
     * @param name the name, not empty
     * @param value a {@link String}, {@link Boolean}, {@link Number}, or a {@link List} or string-keyed {@link Map} of
     *     these, at most 100 of them within each other; it is copied
     * @return this
     * @throws IllegalArgumentException if the name is empty, or the value is of another kind or nested deeper
     */
    public Meta put(String name, Object value) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a meta data name cannot be empty");
        }
        Object frozen = frozen(name, value, 0);
        own().put(name, frozen);
        return this;
    }

    /**
     * Removes a value.
     *
     * @param name the name; nothing happens if it is not set
     * @return this
     */
    public Meta remove(String name) {
        own().remove(name);
        return this;
    }

    /**
     * A value.
     *
     * @param name the name
     * @return the value, unless it is not set
     */
    public Optional<Object> get(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /**
     * A value that is text.
     *
     * @param name the name
     * @return the text, unless it is not set or not text
     */
    public Optional<String> text(String name) {
        return values.get(name) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    /**
     * Goes through all values, sorted by name, without a copy.
     *
     * @param action called with each name and its value; it must not change them
     */
    public void forEach(BiConsumer<? super String, Object> action) {
        values.forEach(action);
    }

    /**
     * All values.
     *
     * @return as they are now, sorted by name; it cannot be changed, and does not follow what changes here
     */
    public Map<String, Object> asMap() {
        shared = true;
        return new Snapshot(values);
    }

    /**
     * Values that nobody can change any more.
     *
     * @param values from {@link #asMap}, or any others with values as JSON has them
     * @return what was given if it came from {@link #asMap}, and else a copy, sorted by name
     */
    public static Map<String, Object> copyOf(Map<String, Object> values) {
        return values instanceof Snapshot ? values : new Snapshot(new TreeMap<>(values));
    }

    private static Object frozen(String name, @Nullable Object value, int depth) {
        if (depth > DEEPEST) {
            throw new IllegalArgumentException("meta data " + Quoted.of(name) + " has more than " + DEEPEST
                    + " lists or tables within each other");
        }
        if (value instanceof Double real && !Double.isFinite(real)
                || value instanceof Float single && !Float.isFinite(single)) {
            throw new IllegalArgumentException(
                    "meta data " + Quoted.of(name) + " cannot be " + value + ": JSON has no such number");
        }
        if (value instanceof String || value instanceof Boolean || value instanceof Number) {
            return value;
        }
        if (value instanceof List<?> list) {
            return list.stream().map(item -> frozen(name, item, depth + 1)).toList();
        }
        if (value instanceof Map<?, ?> map) {
            TreeMap<String, Object> copy = new TreeMap<>();
            map.forEach((key, item) -> copy.put(key(name, key), frozen(name, item, depth + 1)));
            return Collections.unmodifiableSortedMap(copy);
        }
        throw new IllegalArgumentException("meta data " + Quoted.of(name)
                + " must be text, a number, a boolean, or a list or table of these, not "
                + (value == null ? "null" : value.getClass().getName()));
    }

    private static String key(String name, @Nullable Object key) {
        if (key instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException("meta data " + Quoted.of(name) + " has a table whose keys are not all text");
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Meta that && values.equals(that.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return values.toString();
    }
}
