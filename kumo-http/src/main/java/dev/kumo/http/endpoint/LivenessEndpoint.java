package dev.kumo.http.endpoint;

import dev.kumo.http.answer.Answer;
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
    static Endpoint endpoint(Supplier<Optional<String>> trouble) {
        Operation operation = Operation.of("Tell whether mail is taken")
                .id("check_liveness_v1")
                .tag("health")
                .answer(200, "OK", "text/plain", Schemas.text("the two letters OK"))
                .answer(503, "Why not");
        return Endpoint.open(
                "GET",
                "/api/check-liveness/v1",
                operation,
                ask -> trouble.get().map(why -> Answer.problem(503, why)).orElseGet(() -> Answer.text(200, "OK")));
    }
}
