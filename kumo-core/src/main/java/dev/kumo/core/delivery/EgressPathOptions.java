package dev.kumo.core.delivery;

/**
 * The options of the way from a source to a site: the keys of {@code make_egress_path}.
 *
 * @param connectionLimit {@code connection_limit}: how many connections at once; 32
 * @param maxReady {@code max_ready}: how many messages may wait in the ready queue; 1024
 * @param maxDeliveriesPerConnection {@code max_deliveries_per_connection}: then a new connection is made; 1024
 */
public record EgressPathOptions(int connectionLimit, int maxReady, int maxDeliveriesPerConnection) {

    /** What holds where nothing is said. */
    public static final EgressPathOptions DEFAULT = new EgressPathOptions(32, 1024, 1024);
}
