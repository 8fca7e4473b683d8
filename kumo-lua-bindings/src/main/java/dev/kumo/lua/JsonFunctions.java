package dev.kumo.lua;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** {@code kumo.json_parse} and the like, under their old names and those of {@code kumo.serde}. */
final class JsonFunctions {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private JsonFunctions() {}

    static void addTo(Map<String, LuaFunction> functions, ScriptFiles files) {
        for (String family : new String[] {"kumo.", "kumo.serde."}) {
            functions.put(family + "json_parse", a -> parse("json_parse", a.bytes(1)));
            functions.put(family + "json_encode", a -> JSON.writeValueAsString(a.value(1)));
            functions.put(
                    family + "json_encode_pretty",
                    a -> JSON.writerWithDefaultPrettyPrinter().writeValueAsString(a.value(1)));
            functions.put(family + "json_load", a -> load(files, a.text(1)));
        }
    }

    private static @Nullable Object parse(String where, byte[] json) {
        try {
            return JSON.readValue(json, Object.class);
        } catch (JacksonException e) {
            TokenStreamLocation at = e.getLocation();
            String place = at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
            throw new IllegalArgumentException(where + ": no JSON" + place, e);
        }
    }

    private static @Nullable Object load(ScriptFiles files, String name) {
        Path file = files.resolve("json_load '" + Shown.of(name) + "'", name);
        try {
            return parse(name, Files.readAllBytes(file));
        } catch (IOException e) {
            throw new IllegalArgumentException("json_load: " + name + " cannot be read: " + e.getMessage(), e);
        }
    }
}
