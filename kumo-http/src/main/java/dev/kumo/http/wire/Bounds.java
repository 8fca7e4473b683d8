package dev.kumo.http.wire;

import java.time.Duration;

/**
 * What a client may cost on the wire.
 *
 * @param maxConnectionsPerAddress for those who are not trusted
 * @param bodyLimit bytes of a body after it was decompressed
 */
public record Bounds(
        int maxConnections,
        int maxConnectionsPerAddress,
        int maxRequests,
        int maxStreams,
        int maxHeaderSize,
        int maxHeaders,
        int bodyLimit,
        long maxBodyMemory,
        Duration headerTimeout,
        Duration bodyTimeout,
        Duration idleTimeout,
        Duration writeTimeout,
        Duration closeGracePeriod) {}
