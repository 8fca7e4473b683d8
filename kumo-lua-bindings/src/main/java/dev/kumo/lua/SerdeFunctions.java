package dev.kumo.lua;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.toml.TomlFactory;
import tools.jackson.dataformat.toml.TomlMapper;

/** {@code kumo.serde}, and its functions for JSON and TOML under their old names. */
final class SerdeFunctions {

    private static final StreamReadConstraints BOUNDS =
            StreamReadConstraints.builder().maxTokenCount(2_000_000).build();

    private static final ObjectMapper JSON = JsonMapper.builder(
                    JsonFactory.builder().streamReadConstraints(BOUNDS).build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    private static final ObjectMapper TOML = TomlMapper.builder(
                    TomlFactory.builder().streamReadConstraints(BOUNDS).build())
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    private SerdeFunctions() {}

    static void addTo(Map<String, LuaFunction> functions, ScriptFiles files) {
        for (String family : new String[] {"kumo.", "kumo.serde."}) {
            both(functions, family, "json", JSON, files);
            both(functions, family, "toml", TOML, files);
            functions.put(
                    family + "json_encode_pretty",
                    a -> JSON.writerWithDefaultPrettyPrinter().writeValueAsString(a.value(1)));
        }
    }

    private static void both(
            Map<String, LuaFunction> functions, String family, String format, ObjectMapper mapper, ScriptFiles files) {
        String parse = format + "_parse";
        String load = format + "_load";
        functions.put(family + parse, a -> parse(mapper, format, parse, a.bytes(1)));
        functions.put(family + load, a -> load(mapper, format, load, files, a.text(1)));
        functions.put(family + format + "_encode", a -> encode(mapper, format, a.value(1)));
    }

    private static String encode(ObjectMapper mapper, String format, @Nullable Object value) {
        try {
            return mapper.writeValueAsString(value);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(format + "_encode: " + e.getOriginalMessage(), e);
        }
    }

    private static @Nullable Object parse(ObjectMapper mapper, String format, String where, byte[] text) {
        try {
            return mapper.readValue(text, Object.class);
        } catch (StreamConstraintsException e) {
            throw new IllegalArgumentException(where + ": too large, or too deep", e);
        } catch (JacksonException e) {
            TokenStreamLocation at = e.getLocation();
            String place = at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
            throw new IllegalArgumentException(where + ": no " + format.toUpperCase(Locale.ROOT) + place, e);
        }
    }

    private static @Nullable Object load(
            ObjectMapper mapper, String format, String function, ScriptFiles files, String name) {
        Path file = files.resolve(function + " '" + Shown.of(name) + "'", name);
        try {
            return parse(mapper, format, name, Files.readAllBytes(file));
        } catch (IOException e) {
            throw new IllegalArgumentException(function + ": " + name + " cannot be read: " + e.getMessage(), e);
        }
    }
}
