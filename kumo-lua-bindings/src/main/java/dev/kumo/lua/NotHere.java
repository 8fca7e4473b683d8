package dev.kumo.lua;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What KumoMTA has and a script cannot use here: functions, methods of messages and connections, and events, with the reason. */
final class NotHere {

    private NotHere() {}

    /** Why there is no such name; empty if it is no name of KumoMTA's. For a family of functions, the reason of its first. */
    static Optional<String> reason(String name) {
        Map<String, String> all = all();
        String exact = all.get(name);
        return exact != null
                ? Optional.of(exact)
                : all.entrySet().stream()
                        .filter(entry -> entry.getKey().startsWith(name + "."))
                        .map(Map.Entry::getValue)
                        .findFirst();
    }

    static Map<String, String> all() {
        return Names.ALL;
    }

    /** Read when the first of them is asked for. */
    private static final class Names {

        static final Map<String, String> ALL = read();

        private static Map<String, String> read() {
            Map<String, String> all = new TreeMap<>();
            try (InputStream in = NotHere.class.getResourceAsStream("not-here.txt")) {
                if (in == null) {
                    throw new IllegalStateException("not-here.txt is missing from the jar");
                }
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    int colon = line.indexOf(": ");
                    if (!line.startsWith("#") && colon > 0) {
                        for (String name : line.substring(0, colon).split(" ", -1)) {
                            all.put(name, line.substring(colon + 2));
                        }
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return Collections.unmodifiableMap(all);
        }
    }
}
