package dev.kumo.core.queue;

import java.util.Map;

/** An order to move messages to other queues by changing their meta data. */
record Rebind(Map<String, String> data, String reason) {}
