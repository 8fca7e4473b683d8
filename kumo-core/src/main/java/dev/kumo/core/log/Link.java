package dev.kumo.core.log;

import java.net.InetSocketAddress;
import java.time.Instant;

/**
 * A connection from a client to a listener. An address and port come back, but not at the same time: together with the
 * time they tell connections apart.
 *
 * @param client where it comes from; behind a proxy that says so, the address the proxy gives
 * @param server where it arrived
 * @param since when it was accepted
 */
public record Link(InetSocketAddress client, InetSocketAddress server, Instant since) {}
