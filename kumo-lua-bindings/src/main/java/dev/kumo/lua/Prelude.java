package dev.kumo.lua;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What runs in a state before the script: chunks of Lua, each of which has what those before it have made. */
final class Prelude {

    /** What errors call all of them. */
    static final String NAME = "[kumo]";

    static final List<Script> CHUNKS = List.of(
            read("bounds.lua"),
            read("errors.lua"),
            read("library.lua"),
            read("patterns.lua"),
            read("sandbox.lua"),
            read("kumo.lua"));

    private Prelude() {}

    private static Script read(String name) {
        try (InputStream in = Prelude.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing from the jar");
            }
            return new Script("=" + NAME, in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the chunks are told of a state. */
    static Map<String, Object> limits(LuaBounds bounds, List<LuaType> types) {
        Map<String, Object> kept = new HashMap<>();
        types.stream().filter(LuaType::kept).forEach(type -> kept.put(type.name(), true));
        return Map.of(
                "source",
                "=" + NAME,
                "memory",
                bounds.memory() >> 10,
                "text",
                bounds.text(),
                "interval",
                LuaBounds.INTERVAL,
                "look",
                LuaBounds.TICKS_PER_LOOK,
                "steps",
                LuaPattern.CHEAP,
                "kept",
                kept);
    }
}
