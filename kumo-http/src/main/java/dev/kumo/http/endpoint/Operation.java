package dev.kumo.http.endpoint;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the OpenAPI document tells of a route: the members of an Operation Object, OpenAPI 3.1 section 4.8.10. */
public record Operation(Map<String, Object> members) {

    public static Operation of(String summary) {
        return new Operation(Map.of("summary", summary));
    }

    /** One that its owner documents elsewhere. */
    public static Operation ofApplication() {
        return of("Part of the application that embeds this listener")
                .answer("default", Map.of("description", "What the application answers"));
    }

    public Operation description(String text) {
        return with("description", text);
    }

    public Operation id(String operationId) {
        return with("operationId", operationId);
    }

    public Operation tag(String name) {
        return with("tags", List.of(name));
    }

    /** The body of a request, in JSON. */
    public Operation body(Map<String, ?> schema) {
        return with(
                "requestBody",
                Map.of("required", true, "content", Map.of("application/json", Map.of("schema", schema))));
    }

    public Operation parameter(String in, String name, boolean required, String description, Map<String, ?> schema) {
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

    public Operation answer(int status, String description) {
        return answer(Integer.toString(status), Map.of("description", description));
    }

    public Operation answer(int status, String description, String contentType, Map<String, ?> schema) {
        return answer(
                Integer.toString(status),
                Map.of("description", description, "content", Map.of(contentType, Map.of("schema", schema))));
    }

    private Operation answer(String status, Map<String, Object> answer) {
        Map<Object, Object> all = new LinkedHashMap<>((Map<?, ?>) members.getOrDefault("responses", Map.of()));
        all.put(status, answer);
        return with("responses", all);
    }

    /** For those who show credentials, and for {@code trusted_hosts}, who need none. */
    public Operation authenticated() {
        return answer(401, "Credentials are missing, or were not accepted")
                .trusted()
                .with("security", List.of(Map.of("basic_auth", List.of()), Map.of("bearer_auth", List.of()), Map.of()));
    }

    /** For {@code trusted_hosts} alone. */
    public Operation trusted() {
        return answer(403, "Only trusted_hosts may use it");
    }

    private Operation with(String name, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(members);
        more.put(name, value);
        return new Operation(more);
    }
}
