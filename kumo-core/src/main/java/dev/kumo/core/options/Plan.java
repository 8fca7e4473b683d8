package dev.kumo.core.options;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A table as calls of setters, every value checked and converted. It keeps nothing of the table, so a builder may take it
 * for an overlay and run it again at any time, on any thread.
 */
final class Plan {

    private final List<Call> calls;

    private Plan(List<Call> calls) {
        this.calls = calls;
    }

    /**
     * Reads a table.
     *
     * @throws OptionException if a key is unknown, or a value has the wrong type
     */
    static Plan of(Place place, Map<?, ?> table, Setters setters) {
        List<Call> calls = new ArrayList<>();
        for (Map.Entry<?, ?> entry : table.entrySet()) {
            if (!(entry.getKey() instanceof String key)) {
                throw place.error("a key must be a string, not " + place.show(entry.getKey()));
            }
            List<Setter> overloads = setters.of(place, key);
            calls.addAll(calls(place.key(key), entry.getValue(), overloads));
        }
        return new Plan(List.copyOf(calls));
    }

    private static List<Call> calls(Place place, @Nullable Object value, List<Setter> overloads) {
        if (value == null) {
            throw place.error("must not be null; leave the key out for its default");
        }
        OptionException wrong = null;
        for (Setter setter : overloads) {
            if (setter.fits(value)) {
                try {
                    return setter.calls(place, value);
                } catch (OptionException e) {
                    wrong = wrong == null ? e : wrong;
                }
            }
        }
        throw wrong != null ? wrong : place.error("must be " + wanted(overloads) + ", not " + place.show(value));
    }

    private static String wanted(List<Setter> overloads) {
        List<String> all = overloads.stream()
                .flatMap(setter -> setter.wanted().stream())
                .distinct()
                .collect(Collectors.toList());
        String last = all.remove(all.size() - 1);
        return all.isEmpty() ? last : String.join(", ", all) + " or " + last;
    }

    /**
     * Calls the setters of a builder.
     *
     * @throws OptionException if one refuses its value
     */
    void applyTo(Object builder) {
        calls.forEach(call -> call.on(builder));
    }

    Consumer<Object> asConsumer() {
        return this::applyTo;
    }
}
