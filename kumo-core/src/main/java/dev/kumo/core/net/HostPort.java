package dev.kumo.core.net;

import dev.kumo.core.text.Quoted;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Where to listen or to connect: the value of {@code listen}.
 *
 * <p>The host is an IP address or a host name. It is kept in one form, so that equal places are equal values: an address
 * as {@link IpLiteral#format} writes it, a name in lower case. The short numeric forms of IPv4 that {@code inet_aton}
 * knows are understood, in decimal and hexadecimal: {@code 0} is {@code 0.0.0.0}, {@code 127.1} is {@code 127.0.0.1}.
 *
 * @param host an address without brackets, or a name
 * @param port 0 to 65535; a listener on 0 gets a free port
 */
public record HostPort(String host, int port) {

    private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");

    /** RFC 1123 section 2.1. The underscore is not in it, but it is in the names of many containers. */
    private static final Pattern LABEL = Pattern.compile("[a-zA-Z0-9_](?:[a-zA-Z0-9_-]{0,61}[a-zA-Z0-9_])?");

    private static final Pattern NUMBER = Pattern.compile("0[xX][0-9a-fA-F]*|[0-9]+");

    /**
     * Checks the parts and brings the host to its one form.
     *
     * @param host an address without brackets, or a name
     * @param port 0 to 65535
     * @throws IllegalArgumentException if the host is neither, or the port is out of range
     */
    public HostPort {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException(port + " is not a port: write a number from 0 to 65535");
        }
        host = canonical(host);
    }

    /**
     * Reads {@code host:port}, such as {@code 0.0.0.0:25}, {@code [::]:25} or {@code localhost:2025}. The last colon is
     * the one before the port, so that {@code :::25} is {@code [::]:25}. Nothing is looked up.
     *
     * @param text the text
     * @return host and port
     * @throws IllegalArgumentException if the text has another form; the message says the mend
     */
    public static HostPort parse(String text) {
        int colon = text.lastIndexOf(':');
        try {
            if (!text.equals(text.strip())) {
                throw new IllegalArgumentException(
                        "it begins or ends with white space: write " + Quoted.of(text.strip()));
            }
            if (colon < 0) {
                throw new IllegalArgumentException(
                        PORT.matcher(text).matches()
                                ? "it has no host: write 0.0.0.0:" + text + " for all IPv4 addresses"
                                : "it has no port: write host:port, such as 0.0.0.0:25");
            }
            String host = text.substring(0, colon);
            boolean bracketed =
                    host.length() > 2 && host.startsWith("[") && host.endsWith("]") && host.indexOf(':') > 0;
            return new HostPort(
                    bracketed ? host.substring(1, host.length() - 1) : host, port(text.substring(colon + 1)));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(Quoted.of(text) + " is not host:port: " + e.getMessage());
        }
    }

    /**
     * The address to bind or connect to. A name is looked up, which can block; of several addresses the first is taken.
     *
     * @return the address, resolved
     * @throws UnknownHostException if the host is a name that has no address
     */
    public InetSocketAddress resolve() throws UnknownHostException {
        InetAddress address = isLiteral(host) ? IpLiteral.parse(host) : InetAddress.getByName(host);
        return new InetSocketAddress(address, port);
    }

    private static int port(String digits) {
        if (!PORT.matcher(digits).matches()) {
            throw new IllegalArgumentException(Quoted.of(digits) + " is not a port: write a number from 0 to 65535");
        }
        return Integer.parseInt(digits);
    }

    private static boolean isLiteral(String host) {
        return IpLiteral.bytes(host) != null;
    }

    private static String canonical(String host) {
        if (host.isEmpty() || host.equals("*")) {
            throw new IllegalArgumentException("it has no host: write 0.0.0.0 for all IPv4 addresses, or [::] for all");
        }
        if (isLiteral(host)) {
            return IpLiteral.format(IpLiteral.parse(host));
        }
        String[] labels = (host.endsWith(".") ? host.substring(0, host.length() - 1) : host).split("\\.", -1);
        // A name whose last label is a number is a broken address, and is not to be asked of the DNS.
        if (NUMBER.matcher(labels[labels.length - 1]).matches()) {
            return shortV4(host);
        }
        if (host.length() > 254
                || !Arrays.stream(labels).allMatch(label -> LABEL.matcher(label).matches())) {
            throw new IllegalArgumentException(Quoted.of(host) + " is neither an IP address nor a host name");
        }
        return host.toLowerCase(Locale.ROOT);
    }

    /** As {@code inet_aton} reads it: the last number fills all octets that the ones before it leave. */
    private static String shortV4(String host) {
        String[] numbers = host.split("\\.", -1);
        byte[] bytes = new byte[4];
        for (int i = 0; i < numbers.length; i++) {
            boolean last = i == numbers.length - 1;
            long value = number(numbers[i]);
            if (i > 3 || value < 0 || value > (last ? 0xffff_ffffL >>> 8 * i : 0xff)) {
                throw new IllegalArgumentException(
                        Quoted.of(host) + " is not an IPv4 address: write four decimal octets without leading zeros");
            }
            for (int at = last ? 3 : i; at >= i; at--, value >>= 8) {
                bytes[at] = (byte) value;
            }
        }
        return IpLiteral.format(IpLiteral.address(bytes));
    }

    /** A decimal or hexadecimal number; -1 if it is octal (which is always a mistake today), too long, or none. */
    private static long number(String digits) {
        if (digits.matches("0[xX][0-9a-fA-F]{1,8}")) {
            return Long.parseLong(digits.substring(2), 16);
        }
        return digits.matches("0|[1-9][0-9]{0,9}") ? Long.parseLong(digits) : -1;
    }

    /**
     * The form that {@link #parse} reads, an IPv6 address being in brackets.
     *
     * @return such as {@code 0.0.0.0:25}, {@code [::]:25} or {@code localhost:2025}
     */
    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
