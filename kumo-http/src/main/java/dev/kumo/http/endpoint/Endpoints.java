package dev.kumo.http.endpoint;

import dev.kumo.core.queue.Queues;
import dev.kumo.http.metric.Metrics;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The endpoints of the house, one file each. */
public final class Endpoints {

    private Endpoints() {}

    /**
     * Those that every listener has.
     *
     * @param trouble why no mail would be taken; empty if it would
     * @param described all operations of the listener, by path and method
     */
    public static List<Endpoint> basic(
            Metrics metrics,
            Supplier<Optional<String>> trouble,
            Supplier<Map<String, Map<String, Operation>>> described) {
        return List.of(
                LivenessEndpoint.endpoint(trouble),
                MetricsEndpoint.endpoint(metrics),
                MetricsJsonEndpoint.endpoint(metrics),
                OpenApiEndpoint.endpoint(described));
    }

    /** Those for the administrators of queues. */
    public static List<Endpoint> admin(Supplier<Queues> queues, InstantSource time) {
        Orders orders = new Orders(queues, time);
        return Stream.of(
                        BounceEndpoint.endpoints(orders),
                        SuspendEndpoint.endpoints(orders),
                        SuspendReadyEndpoint.endpoints(orders),
                        List.of(
                                RebindEndpoint.endpoint(orders),
                                InspectMessageEndpoint.endpoint(orders),
                                InspectScheduledEndpoint.endpoint(orders, time),
                                ReadyStatesEndpoint.endpoint(orders)))
                .flatMap(List::stream)
                .toList();
    }
}
