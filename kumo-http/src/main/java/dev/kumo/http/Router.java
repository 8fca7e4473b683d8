package dev.kumo.http;

import dev.kumo.http.answer.Answer;
import dev.kumo.http.answer.Printable;
import dev.kumo.http.answer.RefusedException;
import dev.kumo.http.endpoint.Operation;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds the route of a request. A path is one only if it is the same octet for octet, so no two readings of it differ. */
final class Router {

    private final Map<String, Map<Method, Route>> byPath = new TreeMap<>();

    Router(Collection<Route> routes) {
        for (Route route : routes) {
            Route other = byPath.computeIfAbsent(route.path(), path -> new EnumMap<>(Method.class))
                    .putIfAbsent(route.method(), route);
            if (other != null) {
                throw new IllegalArgumentException(
                        route.method() + " " + route.path() + " has a route already; give yours another path");
            }
        }
    }

    /** What is told of all routes, by path and method. */
    Map<String, Map<String, Operation>> described() {
        Map<String, Map<String, Operation>> described = new LinkedHashMap<>();
        byPath.forEach((path, methods) -> {
            Map<String, Operation> operations = new LinkedHashMap<>();
            methods.forEach((method, route) -> operations.put(method.name(), route.described()));
            described.put(path, operations);
        });
        return described;
    }

    /**
     * The route for a request.
     *
     * @throws RefusedException 404 or 405
     */
    Route find(String method, String path) {
        Map<Method, Route> methods = byPath.get(path);
        if (methods == null) {
            throw new RefusedException(404, "there is nothing at " + Printable.of(path));
        }
        Route route = methods.get(Method.valueOf(method));
        if (route == null) {
            throw new RefusedException(Answer.problem(405, path + " answers " + allow(methods) + " only")
                    .header("Allow", allow(methods)));
        }
        return route;
    }

    /** What OPTIONS hears, RFC 9110 section 9.3.7. */
    Answer options(String path) {
        Map<Method, Route> methods = path.equals("*") ? all() : byPath.get(path);
        if (methods == null) {
            throw new RefusedException(404, "there is nothing at " + Printable.of(path));
        }
        return Answer.of(204).header("Allow", allow(methods));
    }

    private Map<Method, Route> all() {
        Map<Method, Route> all = new LinkedHashMap<>();
        byPath.values().forEach(all::putAll);
        return all;
    }

    private static String allow(Map<Method, Route> methods) {
        Stream<String> names = methods.keySet().stream()
                .sorted()
                .flatMap(method -> method == Method.GET ? Stream.of("GET", "HEAD") : Stream.of(method.name()));
        return Stream.concat(names, Stream.of("OPTIONS")).collect(Collectors.joining(", "));
    }
}
