package dev.kumo.smtp.client;

import java.net.InetAddress;

/**
 * A type of records in the DNS, and how its data is read.
 *
 * @param <T> what one record says
 */
public final class DnsType<T> {

    /** Addresses of IPv4. */
    public static final DnsType<InetAddress> A = new DnsType<>("A", 1, rdata -> rdata.address(4));

    /** Another name under which the answer is. */
    public static final DnsType<String> CNAME = new DnsType<>("CNAME", 5, Rdata::lastName);

    /** Hosts that take mail. */
    public static final DnsType<MxRecord> MX = new DnsType<>("MX", 15, rdata -> {
        int preference = rdata.unsignedShort();
        return new MxRecord(preference, rdata.lastName());
    });

    /** Text: the strings of a record joined (RFC 7208 section 3.3), each octet a character. */
    public static final DnsType<String> TXT = new DnsType<>("TXT", 16, Rdata::joinedText);

    /** Addresses of IPv6; one that is IPv4-mapped is read as the IPv4 address in it. */
    public static final DnsType<InetAddress> AAAA = new DnsType<>("AAAA", 28, rdata -> rdata.address(16));

    /** Reads the data of one record. */
    @FunctionalInterface
    private interface Reader<T> {
        T read(Rdata rdata);
    }

    private final String name;
    private final int code;
    private final Reader<T> reader;

    private DnsType(String name, int code, Reader<T> reader) {
        this.name = name;
        this.code = code;
        this.reader = reader;
    }

    /**
     * The number of the type on the wire.
     *
     * @return as the IANA assigned it
     */
    public int code() {
        return code;
    }

    /**
     * Reads the data of a record, for resolvers on top of a library of their own.
     *
     * @param rdata the data as RFC 1035 section 3.3 lays it out, names not compressed; not kept
     * @return what it says; a name without the dot at its end, octets that are no letters, digits, {@code -} or
     *     {@code _} escaped as in master files (RFC 1035 section 5.1)
     * @throws IllegalArgumentException if it is too short, too long, or malformed
     */
    public T decode(byte[] rdata) {
        return reader.read(new Rdata(name, rdata));
    }

    /** The name of the type, as in {@code MX}. */
    @Override
    public String toString() {
        return name;
    }
}
