package dev.kumo.http.endpoint;

import dev.kumo.http.answer.Answer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** {@code GET /api-docs/openapi.json}: what all routes are for, OpenAPI 3.1. */
final class OpenApiEndpoint {

    private static final String PROBLEM = "Problem";

    private OpenApiEndpoint() {}

    /**
     * The endpoint.
     *
     * @param described all operations of the listener, this one included, by path and method
     */
    static Endpoint endpoint(Supplier<Map<String, Map<String, Operation>>> described) {
        Operation operation = Operation.of("Read this document")
                .id("openapi")
                .tag("documentation")
                .answer(200, "An OpenAPI document", "application/json", Map.of("type", "object"));
        return Endpoint.open(
                "GET", "/api-docs/openapi.json", operation, ask -> Answer.json(200, document(described.get())));
    }

    private static Map<String, Object> document(Map<String, Map<String, Operation>> described) {
        Map<String, Object> paths = new LinkedHashMap<>();
        described.forEach((path, operations) -> {
            Map<String, Object> item = new LinkedHashMap<>();
            operations.forEach((method, operation) -> item.put(method.toLowerCase(Locale.ROOT), members(operation)));
            paths.put(path, item);
        });
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("openapi", "3.1.0");
        document.put("info", Map.of("title", "Kumo HTTP listener", "version", "1"));
        document.put("paths", paths);
        document.put(
                "components",
                Map.of(
                        "schemas",
                        Map.of(PROBLEM, problem()),
                        "securitySchemes",
                        Map.of(
                                "basic_auth",
                                Map.of("type", "http", "scheme", "basic"),
                                "bearer_auth",
                                Map.of("type", "http", "scheme", "bearer"))));
        return document;
    }

    private static Map<String, Object> members(Operation operation) {
        Map<String, Object> members = new LinkedHashMap<>(operation.members());
        Map<String, Object> answers = new LinkedHashMap<>();
        if (members.get("responses") instanceof Map<?, ?> given) {
            given.forEach((status, answer) -> answers.put(String.valueOf(status), withProblem(status, answer)));
        }
        members.put("responses", answers);
        return members;
    }

    private static Object withProblem(Object status, Object answer) {
        return String.valueOf(status).matches("[45].*") && answer instanceof Map<?, ?> members
                ? Map.of(
                        "description",
                        String.valueOf(members.get("description")),
                        "content",
                        Map.of("application/problem+json", Map.of("schema", Schemas.ref(PROBLEM))))
                : answer;
    }

    /** RFC 9457. */
    private static Map<String, Object> problem() {
        return Schemas.object(
                List.of("title", "status", "detail"),
                "title",
                Schemas.text("what the status is called"),
                "status",
                Map.of("type", "integer"),
                "detail",
                Schemas.text("what is wrong, and the mend"));
    }
}
