package dev.kumo.core.queue;

import java.util.List;
import java.util.Optional;

/** Where the messages of a scheduled queue may go: the ready queues of its sources, each with its share. */
final class Way {

    /** A ready queue and its weight in the pool. */
    record Lane(ReadyQueue ready, int weight) {}

    private final QueueOptions options;
    private final List<Lane> lanes;
    private final WeightedRotation<Lane> rotation;
    private final long until;

    Way(QueueOptions options, List<Lane> lanes, long until) {
        this.options = options;
        this.lanes = lanes;
        this.rotation = new WeightedRotation<>(lanes, Lane::weight);
        this.until = until;
    }

    /** Whether it is the one for a queue with such options. */
    boolean isFor(QueueOptions wanted) {
        return options.egressPool().equals(wanted.egressPool())
                && options.protocol().equals(wanted.protocol());
    }

    /** Whether it is time to ask anew. */
    boolean isStale(long nowMillis) {
        return nowMillis >= until || lanes.stream().anyMatch(lane -> lane.ready().reaped);
    }

    boolean isOpen() {
        return lanes.stream().anyMatch(lane -> lane.ready().isOpen());
    }

    /** The ready queue whose turn it is. */
    Optional<ReadyQueue> next() {
        return rotation.next(lane -> lane.ready().isOpen()).map(Lane::ready);
    }

    /** Those whose only trouble is that they are full. */
    List<ReadyQueue> full() {
        return lanes.stream()
                .map(Lane::ready)
                .filter(ready -> ready.suspension == null)
                .toList();
    }

    /** The first of the suspensions of its ready queues to end. */
    Optional<AdminOrder> suspension() {
        return lanes.stream()
                .flatMap(lane -> Optional.ofNullable(lane.ready().suspension).stream())
                .min((a, b) -> a.until().compareTo(b.until()));
    }

    void maintain(long nowMillis) {
        lanes.forEach(lane -> lane.ready().maintain(nowMillis));
    }
}
