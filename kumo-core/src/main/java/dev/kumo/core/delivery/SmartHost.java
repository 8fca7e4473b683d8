package dev.kumo.core.delivery;

import dev.kumo.core.net.HostPort;
import dev.kumo.core.net.IpLiteral;
import dev.kumo.core.text.Quoted;
import java.net.InetAddress;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A host that mail is handed to, whatever the DNS has for its domain: an entry of {@code mx_list}.
 *
 * @param name a host name in lower case, or an IP address without brackets; what its certificate has to be for
 * @param address where it is; empty if the name is to be looked up
 * @param port where it listens, 1 to 65535; empty for the port of the path
 */
public record SmartHost(String name, Optional<InetAddress> address, OptionalInt port) {

    /**
     * Checks the parts and brings the name to its one form.
     *
     * @param name a host name, or an IP address without brackets
     * @param address where it is; that of the name where this is one
     * @param port 1 to 65535
     * @throws IllegalArgumentException if the name is neither, or is another address than that, or the port is none
     */
    public SmartHost {
        name = canonical(name);
        port.ifPresent(EgressSource::port);
        Optional<InetAddress> literal = literal(name);
        if (address.isEmpty()) {
            address = literal;
        } else if (literal.isPresent() && !literal.equals(address)) {
            throw new IllegalArgumentException("the smart host " + name + " cannot be at another address, "
                    + IpLiteral.format(address.get()) + "; give the name that its certificate is for");
        }
    }

    private static String canonical(String name) {
        String host = new HostPort(name, 0).host();
        // A number is rather a port whose host is missing than the short form of an address.
        if (literal(host).isPresent() && literal(name).isEmpty()) {
            throw new IllegalArgumentException(Quoted.of(name)
                    + " is neither a host name nor four decimal octets; write " + host + " if you mean it");
        }
        return host;
    }

    /**
     * Reads {@code name}, {@code name:port}, {@code [ip]} or {@code [ip]:port}. An address of IPv4 may come without brackets. Nothing
     * is looked up. A number alone is no name.
     *
     * @param text the text
     * @return the host
     * @throws IllegalArgumentException if the text has another form
     */
    public static SmartHost parse(String text) {
        boolean bracketed = text.startsWith("[");
        if (!bracketed && text.indexOf(':') != text.lastIndexOf(':')) {
            throw new IllegalArgumentException(Quoted.of(text)
                    + " is not a smart host: an address of IPv6 goes in brackets; write [ip] or [ip]:port");
        }
        int colon = text.indexOf(':', bracketed ? text.indexOf(']') + 1 : 0);
        try {
            String host = host(colon < 0 ? text : text.substring(0, colon));
            OptionalInt port = colon < 0
                    ? OptionalInt.empty()
                    : OptionalInt.of(HostPort.parse("h" + text.substring(colon)).port());
            return new SmartHost(host, Optional.empty(), port);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    Quoted.of(text) + " is not a smart host: write name, name:port, [ip] or [ip]:port");
        }
    }

    private static String host(String text) {
        if (!text.startsWith("[") || !text.endsWith("]")) {
            return text;
        }
        boolean tagged = text.regionMatches(true, 1, "IPv6:", 0, 5);
        return IpLiteral.format(IpLiteral.parse(text.substring(tagged ? 6 : 1, text.length() - 1)));
    }

    /**
     * A host at a place.
     *
     * @param place its name or address; port 0 is the port of the path
     * @return the host
     */
    public static SmartHost of(HostPort place) {
        return new SmartHost(
                place.host(), Optional.empty(), place.port() == 0 ? OptionalInt.empty() : OptionalInt.of(place.port()));
    }

    /**
     * A host whose address is known.
     *
     * @param name what its certificate has to be for
     * @param address an IP address, which may be in brackets, and have a port behind it
     * @return the host
     * @throws IllegalArgumentException if the name is no name, or the address no address
     */
    public static SmartHost of(String name, String address) {
        SmartHost place = literal(address).isPresent()
                ? new SmartHost(address, Optional.empty(), OptionalInt.empty())
                : parse(address);
        if (!place.isLiteral()) {
            throw new IllegalArgumentException("the address of smart host " + Quoted.of(name)
                    + " must be an IP address, not " + Quoted.of(address));
        }
        return new SmartHost(name, place.address, place.port);
    }

    /** As {@code mx_list} has it: a text, or a table with {@code name} and {@code addr}. */
    static SmartHost of(Object entry) {
        if (entry instanceof SmartHost host) {
            return host;
        }
        if (entry instanceof String text) {
            return parse(text);
        }
        if (entry instanceof Map<?, ?> table
                && table.size() == 2
                && table.get("name") instanceof String name
                && table.get("addr") instanceof String address) {
            return of(name, address);
        }
        throw new IllegalArgumentException(
                "a smart host is a text, or a table such as { name = 'mx.example.com', addr =" + " '192.0.2.1' }, not "
                        + Quoted.of(String.valueOf(entry)));
    }

    private static Optional<InetAddress> literal(String text) {
        try {
            return Optional.of(IpLiteral.parse(text));
        } catch (IllegalArgumentException name) {
            return Optional.empty();
        }
    }

    private boolean isLiteral() {
        return literal(name).isPresent();
    }

    /**
     * Whether it was given by its address, or as {@code localhost}: then just that is meant, and {@code prohibited_hosts} does not forbid
     * it.
     *
     * @return false if it is looked up
     */
    public boolean isExplicit() {
        return address.isPresent() || name.equals("localhost");
    }

    /** As {@link #parse} reads it; with a name and an address, {@code name=[ip]}. */
    @Override
    public String toString() {
        String at = address.map(ip -> "[" + IpLiteral.format(ip) + "]").orElse("");
        String shown = isLiteral() ? at : at.isEmpty() ? name : name + "=" + at;
        return port.isPresent() ? shown + ":" + port.getAsInt() : shown;
    }
}
