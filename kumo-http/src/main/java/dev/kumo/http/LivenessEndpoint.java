package dev.kumo.http;

import java.util.Optional;
import java.util.function.Supplier;

/** {@code GET /api/check-liveness/v1}: whether mail would be taken now. */
final class LivenessEndpoint {

    private LivenessEndpoint() {}

    /**
     * The route.
     *
     * @param trouble why no mail would be taken; empty if it would
     */
    static Route route(Supplier<Optional<String>> trouble) {
        Operation operation = Operation.of("Tell whether mail is taken")
                .id("check_liveness_v1")
                .tag("health")
                .answer(200, "OK", "text/plain", Schemas.text("the two letters OK"))
                .answer(503, "Why not");
        return new Route(
                Method.GET,
                "/api/check-liveness/v1",
                Access.OPEN,
                operation,
                request ->
                        trouble.get().map(why -> Response.problem(503, why)).orElseGet(() -> Response.text(200, "OK")));
    }
}
