package dev.kumo.http.endpoint;

import dev.kumo.core.queue.ReadyQueueState;
import dev.kumo.http.answer.Answer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code GET /api/admin/ready-q-states/v1}: tells how it stands with the ready queues. */
final class ReadyStatesEndpoint {

    private ReadyStatesEndpoint() {}

    static Endpoint endpoint(Orders orders) {
        return Endpoint.trusted(
                "GET",
                "/api/admin/ready-q-states/v1",
                Operation.of("Tell the states of ready queues")
                        .id("ready_q_states_v1")
                        .tag("admin")
                        .parameter(
                                "query",
                                "queues",
                                false,
                                "names, separated by commas, or given several times; default all",
                                Map.of("type", "string"))
                        .answer(200, "States by name", "application/json", Schemas.table("states")),
                ask -> get(orders, ask));
    }

    private static Answer get(Orders orders, Ask ask) {
        Set<String> wanted = ask.query().getOrDefault("queues", List.of()).stream()
                .flatMap(list -> Stream.of(list.split(",", -1)))
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toSet());
        Map<String, Object> states = new LinkedHashMap<>();
        for (ReadyQueueState state : orders.queues().ready()) {
            if (wanted.isEmpty() || wanted.contains(state.name())) {
                states.put(state.name(), json(state));
            }
        }
        return Answer.json(200, Map.of("states_by_ready_queue", states));
    }

    private static Map<String, Object> json(ReadyQueueState state) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("ready_count", state.ready());
        json.put("in_flight_count", state.inFlight());
        json.put("connection_count", state.connections());
        json.put("idle_connection_count", state.idle());
        json.put("connection_limit", state.connectionLimit());
        json.put("consecutive_connection_failures", state.failures());
        state.suspension()
                .ifPresent(order -> json.put(
                        "suspended",
                        Map.of("reason", order.reason(), "until", order.until().toString())));
        return json;
    }
}
