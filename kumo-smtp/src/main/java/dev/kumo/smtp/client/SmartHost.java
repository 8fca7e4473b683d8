package dev.kumo.smtp.client;

import dev.kumo.core.delivery.EgressPathOptions;
import dev.kumo.core.delivery.EgressSource;
import dev.kumo.core.net.HostPort;
import dev.kumo.core.net.IpLiteral;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * A host that was named in the configuration, as {@code mx_list} has it.
 *
 * @param host a name, or an address without brackets
 * @param port unless it is that of the path
 */
record SmartHost(String host, OptionalInt port) {

    /** Looks names up where the operating system does: a name in the configuration may be one of its hosts file. */
    interface Lookup {
        List<InetAddress> addresses(String host) throws UnknownHostException;
    }

    /** Reads {@code name}, {@code name:port}, {@code [ip]}, {@code [ip]:port}, or an address of IPv4 without brackets. */
    static SmartHost parse(String text) {
        try {
            if (text.startsWith("[") && text.endsWith("]")) {
                return new SmartHost(literal(text.substring(1, text.length() - 1)), OptionalInt.empty());
            }
            if (text.indexOf(':') < 0) {
                return new SmartHost(new HostPort(text, 0).host(), OptionalInt.empty());
            }
            if (text.indexOf("]:") > 0) {
                return new SmartHost(
                        literal(text.substring(1, text.indexOf("]:"))),
                        OptionalInt.of(HostPort.parse("h" + text.substring(text.indexOf("]:") + 1))
                                .port()));
            }
            return of(HostPort.parse(text));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "'" + ServerReply.fit(text) + "' is not a smart host: write name, name:port, [ip] or [ip]:port");
        }
    }

    /** With the port of the path, where it is 0. */
    static SmartHost of(HostPort place) {
        return new SmartHost(place.host(), place.port() == 0 ? OptionalInt.empty() : OptionalInt.of(place.port()));
    }

    private static String literal(String text) {
        boolean tagged = text.regionMatches(true, 0, "IPv6:", 0, 5);
        return IpLiteral.format(IpLiteral.parse(tagged ? text.substring(5) : text));
    }

    /** Whether it was named by its address, or as this machine: then that is meant, and no list forbids it. */
    boolean isExplicit() {
        return isLiteral() || host.equals("localhost");
    }

    private boolean isLiteral() {
        try {
            IpLiteral.parse(host);
            return true;
        } catch (IllegalArgumentException name) {
            return false;
        }
    }

    int port(EgressSource source, EgressPathOptions path) {
        return source.remotePort().orElse(port.orElse(path.smtpPort()));
    }

    List<InetAddress> addresses(Lookup lookup, EgressPathOptions path) throws UnknownHostException {
        if (isLiteral()) {
            return List.of(IpLiteral.parse(host));
        }
        List<InetAddress> all = lookup.addresses(host);
        List<InetAddress> v4 = all.stream().filter(address -> isV4(address)).toList();
        List<InetAddress> v6 = all.stream().filter(address -> !isV4(address)).toList();
        return switch (path.ipLookupStrategy()) {
            case IPV4_AND_IPV6 -> Stream.concat(v4.stream(), v6.stream()).toList();
            case IPV6_AND_IPV4 -> Stream.concat(v6.stream(), v4.stream()).toList();
            case IPV4_ONLY -> v4;
            case IPV6_ONLY -> v6;
            case IPV6_THEN_IPV4 -> v6.isEmpty() ? v4 : v6;
            case IPV4_THEN_IPV6 -> v4.isEmpty() ? v6 : v4;
        };
    }

    private static boolean isV4(InetAddress address) {
        return address.getAddress().length == 4;
    }

    @Override
    public String toString() {
        String shown = isLiteral() ? "[" + host + "]" : host;
        return port.isPresent() ? shown + ":" + port.getAsInt() : shown;
    }
}
