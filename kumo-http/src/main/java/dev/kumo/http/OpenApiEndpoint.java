package dev.kumo.http;

import java.util.ArrayList;
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
     * The route.
     *
     * @param routes all routes of the listener, this one included
     */
    static Route route(Supplier<List<Route>> routes) {
        Operation operation = Operation.of("Read this document")
                .id("openapi")
                .tag("documentation")
                .answer(200, "An OpenAPI document", "application/json", Map.of("type", "object"));
        return new Route(
                Method.GET,
                "/api-docs/openapi.json",
                Access.OPEN,
                operation,
                request -> Response.json(200, document(routes.get())));
    }

    static Map<String, Object> document(List<Route> routes) {
        Map<String, Object> paths = new LinkedHashMap<>();
        for (Route route : routes) {
            @SuppressWarnings("unchecked")
            Map<String, Object> path =
                    (Map<String, Object>) paths.computeIfAbsent(route.path(), absent -> new LinkedHashMap<>());
            path.put(route.method().name().toLowerCase(Locale.ROOT), operation(route));
        }
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

    private static Map<String, Object> operation(Route route) {
        Map<String, Object> operation = new LinkedHashMap<>(route.operation().members());
        Map<String, Object> answers = new LinkedHashMap<>();
        if (operation.get("responses") instanceof Map<?, ?> given) {
            given.forEach((status, answer) -> answers.put(String.valueOf(status), withProblem(status, answer)));
        } else {
            answers.put("default", Map.of("description", "What the application answers"));
        }
        String only = "Only trusted_hosts may use it";
        if (route.access() == Access.AUTHENTICATED) {
            answers.put("401", error("Credentials are missing, or were not accepted"));
            answers.put("403", error(only));
            // Either of both, or an address that needs none.
            List<Object> ways = new ArrayList<>();
            ways.add(Map.of("basic_auth", List.of()));
            ways.add(Map.of("bearer_auth", List.of()));
            ways.add(Map.of());
            operation.put("security", ways);
        } else if (route.access() == Access.TRUSTED) {
            answers.put("403", error(only));
        }
        operation.put("responses", answers);
        return operation;
    }

    private static Object withProblem(Object status, Object answer) {
        return String.valueOf(status).compareTo("400") >= 0 && answer instanceof Map<?, ?> members
                ? error(String.valueOf(members.get("description")))
                : answer;
    }

    private static Map<String, Object> error(String description) {
        return Map.of(
                "description",
                description,
                "content",
                Map.of("application/problem+json", Map.of("schema", Schemas.ref(PROBLEM))));
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
