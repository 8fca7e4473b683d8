package dev.kumo.http.answer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The members of a JSON object, taken one by one. What is of the wrong type, missing, or left over at the end is a 422
 * that names its place.
 */
public final class Fields {

    private final String place;
    private final Map<?, ?> members;
    private final Set<String> known = new TreeSet<>();

    private Fields(String place, Map<?, ?> members) {
        this.place = place;
        this.members = members;
    }

    /**
     * The members of a value.
     *
     * @param place where it stands, such as {@code content}; empty for the whole body
     * @throws RefusedException if it is no object
     */
    public static Fields of(String place, @Nullable Object value) {
        if (value instanceof Map<?, ?> members) {
            return new Fields(place, members);
        }
        throw wrong(place.isEmpty() ? "the body" : place, "an object", value);
    }

    public static RefusedException wrong(String place, String wanted, @Nullable Object value) {
        return new RefusedException(422, place + " has to be " + wanted + ", not " + kind(value));
    }

    private static String kind(@Nullable Object value) {
        if (value == null) {
            return "null";
        }
        if (value instanceof String) {
            return "text";
        }
        if (value instanceof Boolean) {
            return "a boolean";
        }
        return value instanceof Number ? "a number" : value instanceof List ? "a list" : "an object";
    }

    public String place(String name) {
        return place.isEmpty() ? name : place + "." + name;
    }

    /** A member of any type; null if it is missing or null. */
    public @Nullable Object take(String name) {
        known.add(name);
        return members.get(name);
    }

    public Object need(String name) {
        Object value = take(name);
        if (value == null) {
            throw new RefusedException(422, place(name) + " is missing");
        }
        return value;
    }

    public String text(String name) {
        Object value = need(name);
        if (value instanceof String text) {
            return text;
        }
        throw wrong(place(name), "text", value);
    }

    public Optional<String> optionalText(String name) {
        return take(name) == null ? Optional.empty() : Optional.of(text(name));
    }

    public boolean flag(String name) {
        Object value = take(name);
        if (value == null) {
            return false;
        }
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw wrong(place(name), "true or false", value);
    }

    /** The items of a list, each with its place; none if it is missing. */
    public <T> List<T> list(String name, Function<Item, T> reader) {
        Object value = take(name);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof List<?> list)) {
            throw wrong(place(name), "a list", value);
        }
        List<T> items = new ArrayList<>(list.size());
        for (int i = 0; i < list.size(); i++) {
            items.add(reader.apply(new Item(place(name) + "[" + i + "]", list.get(i))));
        }
        return items;
    }

    public record Item(String place, @Nullable Object value) {

        public Fields fields() {
            return Fields.of(place, value);
        }
    }

    /** An object of anything; empty if it is missing. */
    public Map<String, @Nullable Object> table(String name) {
        Object value = take(name);
        if (value == null) {
            return Map.of();
        }
        if (!(value instanceof Map<?, ?> map)) {
            throw wrong(place(name), "an object", value);
        }
        Map<String, @Nullable Object> table = new LinkedHashMap<>();
        map.forEach((key, item) -> table.put(String.valueOf(key), item));
        return table;
    }

    /** An object of texts; empty if it is missing. */
    public Map<String, String> texts(String name) {
        Map<String, String> texts = new LinkedHashMap<>();
        table(name).forEach((key, value) -> {
            if (!(value instanceof String text)) {
                throw wrong(place(name) + "['" + Printable.of(key) + "']", "text", value);
            }
            texts.put(key, text);
        });
        return texts;
    }

    /** Nothing may be left. */
    public void end() {
        for (Object name : members.keySet()) {
            if (!known.contains(String.valueOf(name))) {
                throw new RefusedException(
                        422,
                        place(Printable.of(String.valueOf(name))) + " is unknown; there are "
                                + String.join(", ", known));
            }
        }
    }
}
