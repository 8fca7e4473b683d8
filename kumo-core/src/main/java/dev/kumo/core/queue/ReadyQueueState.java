package dev.kumo.core.queue;

import java.util.Optional;

/**
 * How it stands with a ready queue.
 *
 * @param name {@code SOURCE->SITE@PROTOCOL}
 * @param ready how many messages wait for a connection
 * @param inFlight how many are being sent
 * @param connections how many connections there are, or are being made
 * @param idle how many of them have nothing to do
 * @param connectionLimit how many there may be
 * @param failures how many attempts to connect have failed, one after another
 * @param suspension the order by which it is suspended, if it is
 */
public record ReadyQueueState(
        String name,
        int ready,
        int inFlight,
        int connections,
        int idle,
        int connectionLimit,
        int failures,
        Optional<AdminOrder> suspension) {}
