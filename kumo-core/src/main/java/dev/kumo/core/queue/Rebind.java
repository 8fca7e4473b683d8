package dev.kumo.core.queue;

import java.util.Map;
import java.util.Set;

/** An order to move messages to other queues by changing their meta data. */
record Rebind(Map<String, String> data, String reason, Set<RebindOption> options) {

    boolean has(RebindOption option) {
        return options.contains(option);
    }
}
