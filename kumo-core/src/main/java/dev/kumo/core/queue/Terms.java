package dev.kumo.core.queue;

/** The options of a scheduled queue, and what follows of them; asked for anew after a while. */
record Terms(QueueOptions options, RetrySchedule retry, long until) {}
