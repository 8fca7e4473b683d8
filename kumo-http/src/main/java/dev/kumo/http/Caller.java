package dev.kumo.http;

import dev.kumo.core.net.IpLiteral;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * Who sends a request.
 *
 * @param client where the TCP connection comes from; what a header such as {@code Forwarded} says counts for nothing
 * @param server where it arrived
 * @param trusted whether the client is one of {@code trusted_hosts}
 * @param user whom an {@link HttpPolicy} took the client for; empty if it brought no credentials, or none were needed
 */
public record Caller(InetSocketAddress client, InetSocketAddress server, boolean trusted, Optional<String> user) {

    Caller withUser(String name) {
        return new Caller(client, server, trusted, Optional.of(name));
    }

    /** The client's address without its port; an IPv4 client of a dual-stack socket is one of IPv4. */
    String address() {
        return IpLiteral.format(client.getAddress());
    }

    /** The one to be told apart from others, as the meta data {@code http_auth} has it. */
    String name() {
        return user.orElseGet(this::address);
    }
}
