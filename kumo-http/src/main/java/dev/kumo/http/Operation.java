package dev.kumo.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the OpenAPI document tells of a route: the members of an Operation Object, OpenAPI 3.1 section 4.8.10. */
record Operation(Map<String, Object> members) {

    static Operation of(String summary) {
        return new Operation(Map.of("summary", summary));
    }

    Operation description(String text) {
        return with("description", text);
    }

    Operation id(String operationId) {
        return with("operationId", operationId);
    }

    Operation tag(String name) {
        return with("tags", List.of(name));
    }

    /** The body of a request, in JSON. */
    Operation body(Map<String, ?> schema) {
        return with(
                "requestBody",
                Map.of("required", true, "content", Map.of("application/json", Map.of("schema", schema))));
    }

    Operation parameter(String in, String name, boolean required, String description, Map<String, ?> schema) {
        List<Object> all = new ArrayList<>((List<?>) members.getOrDefault("parameters", List.of()));
        Map<String, Object> parameter = new LinkedHashMap<>();
        parameter.put("name", name);
        parameter.put("in", in);
        parameter.put("required", required);
        parameter.put("description", description);
        parameter.put("schema", schema);
        all.add(parameter);
        return with("parameters", all);
    }

    Operation answer(int status, String description) {
        return answer(status, Map.of("description", description));
    }

    Operation answer(int status, String description, String contentType, Map<String, ?> schema) {
        return answer(
                status, Map.of("description", description, "content", Map.of(contentType, Map.of("schema", schema))));
    }

    private Operation answer(int status, Map<String, Object> answer) {
        Map<Object, Object> all = new LinkedHashMap<>((Map<?, ?>) members.getOrDefault("responses", Map.of()));
        all.put(Integer.toString(status), answer);
        return with("responses", all);
    }

    private Operation with(String name, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(members);
        more.put(name, value);
        return new Operation(more);
    }
}
