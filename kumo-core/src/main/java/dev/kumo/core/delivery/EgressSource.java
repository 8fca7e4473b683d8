package dev.kumo.core.delivery;

import java.net.InetAddress;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Where mail is sent from: an address of this machine, and the name it goes by.
 *
 * @param name tells the sources apart; {@code unspecified} for the one that leaves all to the system
 * @param ehloDomain {@code ehlo_domain}: the name given in EHLO, unless the path has its own
 * @param sourceAddress {@code source_address}: the address to send from; one that this machine does not have is an error
 *     of the connection, never a reason to send from another
 * @param remotePort {@code remote_port}: the port on the far side, in place of every other
 */
public record EgressSource(
        String name, Optional<String> ehloDomain, Optional<InetAddress> sourceAddress, OptionalInt remotePort) {

    /** The source that leaves all to the system. */
    public static final EgressSource UNSPECIFIED =
            new EgressSource("unspecified", Optional.empty(), Optional.empty(), OptionalInt.empty());
}
