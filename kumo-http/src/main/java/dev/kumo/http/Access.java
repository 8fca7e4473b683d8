package dev.kumo.http;

/** Who may use a route. */
public enum Access {
    /** Everybody. */
    OPEN,
    /** {@code trusted_hosts}, and everybody whose credentials an {@link HttpPolicy} accepts. */
    AUTHENTICATED,
    /** {@code trusted_hosts} alone, whatever credentials others bring. */
    TRUSTED
}
