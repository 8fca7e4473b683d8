package dev.kumo.smtp.client;

import dev.kumo.core.net.IpLiteral;
import java.net.InetSocketAddress;

/**
 * A host to be tried, at one of its addresses.
 *
 * @param host the name that its certificate has to be for; the address itself if it was given that way
 * @param address where it is
 */
record Candidate(String host, InetSocketAddress address) {

    /** As a person would look for it. */
    @Override
    public String toString() {
        String literal = IpLiteral.format(address.getAddress());
        return (host.equals(literal) ? "" : host + " ") + "[" + literal + "]:" + address.getPort();
    }
}
