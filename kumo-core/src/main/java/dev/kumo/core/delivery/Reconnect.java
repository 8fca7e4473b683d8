package dev.kumo.core.delivery;

/** What follows when a connection breaks after it was made: the values of {@code reconnect_strategy}. */
public enum Reconnect {
    /** The next host of the site is tried. */
    CONNECT_NEXT_HOST,
    /** The same host is tried again, once. */
    RECONNECT_SAME_HOST,
    /** The connection is over. */
    TERMINATE_SESSION
}
