package dev.kumo.core.queue;

/** How messages are moved by {@link Queues#rebind}. */
public enum RebindOption {
    /** {@code trigger_rebind_event}: the data is not set in the meta data; {@link QueuePolicy#rebindMessage} decides. */
    ASK_POLICY,
    /** {@code suppress_logging}: no {@link dev.kumo.core.log.LogRecord.AdminRebind} is told. */
    SUPPRESS_LOGGING,
    /** {@code always_flush}: messages are due at once, even if their queue stays the same. */
    ALWAYS_FLUSH
}
