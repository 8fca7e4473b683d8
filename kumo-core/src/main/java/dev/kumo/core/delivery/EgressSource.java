package dev.kumo.core.delivery;

import dev.kumo.core.mail.AddressLiteral;
import dev.kumo.core.mail.DomainName;
import dev.kumo.core.net.IpLiteral;
import java.net.InetAddress;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Where mail is sent from: an address of this machine, and the name it goes by. The keys of {@code make_egress_source}.
 *
 * @param name {@code name}: tells the sources apart; {@code unspecified} for the one that leaves all to the system
 * @param ehloDomain {@code ehlo_domain}: the name given in EHLO, unless the path has its own
 * @param sourceAddress {@code source_address}: the address to send from; one that this machine does not have is an
 *     error
 *     of the connection, never a reason to send from another
 * @param remotePort {@code remote_port}: the port on the far side, in place of every other
 */
public record EgressSource(
        String name, Optional<String> ehloDomain, Optional<InetAddress> sourceAddress, OptionalInt remotePort) {

    /** The source that leaves all to the system. */
    public static final EgressSource UNSPECIFIED =
            new EgressSource("unspecified", Optional.empty(), Optional.empty(), OptionalInt.empty());

    /**
     * Starts a source that leaves all to the system.
     *
     * @return the builder, which needs a name
     */
    public static Builder builder() {
        return new Builder();
    }

    static int port(int port) {
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("must be a port from 1 to 65535, not " + port);
        }
        return port;
    }

    /** What may follow EHLO, RFC 5321 section 4.1.1.1, in its one form. */
    static String ehloName(String name) {
        return name.startsWith("[") ? AddressLiteral.parse(name).toString() : DomainName.normalize(name);
    }

    /** Collects options; one setter for each documented key. */
    public static final class Builder {

        private @Nullable String name;
        private @Nullable String ehloDomain;
        private @Nullable InetAddress sourceAddress;
        private OptionalInt remotePort = OptionalInt.empty();

        private Builder() {}

        /**
         * Key {@code name}.
         *
         * @param name tells the sources apart; not empty
         * @return this
         * @throws IllegalArgumentException if it is empty
         */
        public Builder name(String name) {
            this.name = EgressPool.notEmpty(name);
            return this;
        }

        /**
         * Key {@code ehlo_domain}.
         *
         * @param name a domain name, or an address literal in brackets
         * @return this
         * @throws IllegalArgumentException if it is neither
         */
        public Builder ehloDomain(String name) {
            ehloDomain = ehloName(name);
            return this;
        }

        /**
         * Key {@code source_address}.
         *
         * @param address an IP address of this machine
         * @return this
         * @throws IllegalArgumentException if it is no IP address
         */
        public Builder sourceAddress(String address) {
            sourceAddress = IpLiteral.parse(address);
            return this;
        }

        /**
         * Key {@code remote_port}.
         *
         * @param port 1 to 65535
         * @return this
         * @throws IllegalArgumentException if it is not
         */
        public Builder remotePort(int port) {
            remotePort = OptionalInt.of(port(port));
            return this;
        }

        /**
         * Ends the options.
         *
         * @return the source
         * @throws IllegalArgumentException if it has no name
         */
        public EgressSource build() {
            if (name == null) {
                throw new IllegalArgumentException("an egress source needs a name; set name");
            }
            return new EgressSource(
                    name, Optional.ofNullable(ehloDomain), Optional.ofNullable(sourceAddress), remotePort);
        }
    }
}
