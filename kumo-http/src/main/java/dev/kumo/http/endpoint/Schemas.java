package dev.kumo.http.endpoint;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON Schema (draft 2020-12), as far as the OpenAPI document needs it. */
public final class Schemas {

    private Schemas() {}

    public static Map<String, Object> text(String description) {
        return Map.of("type", "string", "description", description);
    }

    public static Map<String, Object> flag(String description) {
        return Map.of("type", "boolean", "default", false, "description", description);
    }

    public static Map<String, Object> count(String description) {
        return Map.of("type", "integer", "minimum", 0, "description", description);
    }

    public static Map<String, Object> list(Map<String, ?> items, String description) {
        return Map.of("type", "array", "items", items, "description", description);
    }

    /** An object of anything. */
    public static Map<String, Object> table(String description) {
        return Map.of("type", "object", "additionalProperties", true, "description", description);
    }

    static Map<String, Object> ref(String name) {
        return Map.of("$ref", "#/components/schemas/" + name);
    }

    /** An object with these members and no others. */
    public static Map<String, Object> object(List<String> required, Object... namesAndSchemas) {
        Map<String, Object> properties = new LinkedHashMap<>();
        for (int i = 0; i < namesAndSchemas.length; i += 2) {
            properties.put((String) namesAndSchemas[i], namesAndSchemas[i + 1]);
        }
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        schema.put("required", required);
        schema.put("properties", properties);
        schema.put("additionalProperties", false);
        return schema;
    }
}
