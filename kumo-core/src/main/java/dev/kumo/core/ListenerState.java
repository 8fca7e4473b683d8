package dev.kumo.core;

import dev.kumo.core.log.Link;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/**
 * How it stands with a listener.
 *
 * @param protocol what it speaks, such as {@code ESMTP}
 * @param address where it can be reached, while it is open
 * @param connections how many clients are connected
 * @param links some of their connections, in no certain order
 */
public record ListenerState(String protocol, Optional<InetSocketAddress> address, int connections, List<Link> links) {

    /**
     * Copies the connections.
     *
     * @param protocol what it speaks
     * @param address where it can be reached
     * @param connections how many clients are connected
     * @param links some of their connections
     */
    public ListenerState {
        links = List.copyOf(links);
    }
}
