package dev.kumo.core.queue;

/** How many connections a ready queue should have: many for many messages, but each one more for ever less. */
final class IdealConnections {

    private static final double STEEPNESS = 0.023;

    private IdealConnections() {}

    /**
     * {@code ceil(limit · (1 − e^(−0.023 · waiting)))}: half the limit for 30 messages, nine tenths for 100; never more
     * than there are messages.
     */
    static int of(int waiting, int limit) {
        double share = -Math.expm1(-STEEPNESS * waiting);
        return (int) Math.max(0, Math.min(waiting, Math.ceil(limit * share)));
    }
}
