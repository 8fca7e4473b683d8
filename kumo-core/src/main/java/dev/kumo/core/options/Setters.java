package dev.kumo.core.options;

import dev.kumo.core.text.Quoted;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The setters of a class of builders, by key. */
final class Setters {

    private final SortedMap<String, List<Setter>> byKey = new TreeMap<>();

    private Setters() {}

    static Setters of(Class<?> builder) {
        Setters setters = new Setters();
        for (Method method : builder.getMethods()) {
            Setter.of(method, builder).ifPresent(setter -> setters.add(snakeCase(method.getName()), setter));
        }
        setters.byKey.values().forEach(overloads -> overloads.sort(Comparator.comparingInt(Setter::rank)));
        return setters;
    }

    private void add(String key, Setter setter) {
        byKey.computeIfAbsent(key, unused -> new ArrayList<>()).add(setter);
        if (setter instanceof Setter.EachEntry) {
            byKey.computeIfAbsent(key + "s", unused -> new ArrayList<>()).add(setter);
        }
    }

    private static String snakeCase(String name) {
        // A digit begins a word of its own where letters follow it at once: ignore8bitChecks is ignore_8bit_checks.
        return name.replaceAll("([A-Z]|(?<=[a-z])[0-9](?=[a-z]))", "_$1").toLowerCase(Locale.ROOT);
    }

    /** Whether a class is a builder by its name, or by having a public {@code build()}. */
    static boolean isBuilder(Class<?> type) {
        return type.getSimpleName().endsWith("Builder")
                || Arrays.stream(type.getMethods())
                        .anyMatch(method -> method.getName().equals("build") && method.getParameterCount() == 0);
    }

    SortedSet<String> keys() {
        return new TreeSet<>(byKey.keySet());
    }

    /**
     * The setters of a key, the one to be preferred first.
     *
     * @throws OptionException if there is none
     */
    List<Setter> of(Place place, String key) {
        List<Setter> overloads = byKey.get(key);
        if (overloads == null) {
            throw place.error("unknown key " + Quoted.of(key)
                    + Nearest.to(key, byKey.keySet())
                            .map(nearest -> " (did you mean '" + nearest + "'?)")
                            .orElseGet(() -> " (known keys: " + String.join(", ", byKey.keySet()) + ")"));
        }
        return overloads;
    }
}
