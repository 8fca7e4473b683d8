package dev.kumo.core.net;

import dev.kumo.core.text.Quoted;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.InetAddress;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * An immutable set of IP addresses, written as CIDR blocks (RFC 4632, RFC 4291 section 2.3): the value of
 * {@code relay_hosts}, {@code relay_from} and {@code trusted_hosts}.
 *
 * <p>An entry is an address ({@code 127.0.0.1}, {@code ::1}), a block ({@code 10.0.0.0/24}, {@code 2001:db8::/32}) whose
 * host bits are zero, or the word {@code any}, which is all of IPv4 and of IPv6. {@code 0.0.0.0/0} is IPv4 only and
 * {@code ::/0} is IPv6 only. Host names, ports, brackets and zones are refused. An IPv4-mapped IPv6 address, as a
 * dual-stack socket shows an IPv4 client, counts as the IPv4 address in it, in an entry and in a question alike.
 *
 * <p>Two sets of the same addresses are equal, however they were written. A question costs at most one step for each bit
 * of the address, and no garbage but the copy that {@link InetAddress#getAddress()} makes.
 */
public final class CidrSet {

    /** Contains nothing. */
    public static final CidrSet EMPTY = of(List.of());

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final List<String> entries;
    private final CidrTrie v4;
    private final CidrTrie v6;

    private CidrSet(List<String> entries, CidrTrie v4, CidrTrie v6) {
        this.entries = entries;
        this.v4 = v4;
        this.v6 = v6;
    }

    /**
     * Reads entries.
     *
     * @param entries each an address, a block, or {@code any}; none for a set of nothing
     * @return the set
     * @throws IllegalArgumentException if an entry is none of these; the message names every such entry and its mend
     */
    public static CidrSet of(String... entries) {
        return of(List.of(entries));
    }

    /**
     * Reads entries.
     *
     * @param entries each an address, a block, or {@code any}; none for a set of nothing
     * @return the set
     * @throws IllegalArgumentException if an entry is none of these; the message names every such entry and its mend
     */
    public static CidrSet of(List<String> entries) {
        CidrTrie v4 = CidrTrie.Nothing.NOTHING;
        CidrTrie v6 = CidrTrie.Nothing.NOTHING;
        List<String> errors = new ArrayList<>();
        for (String entry : entries) {
            try {
                if (entry.equals("any")) {
                    v4 = CidrBlock.ALL_V4;
                    v6 = CidrBlock.ALL_V6;
                    continue;
                }
                CidrBlock block = CidrBlock.parse(entry);
                if (block.v4()) {
                    v4 = v4.with(block, 0);
                } else {
                    v6 = v6.with(block, 0);
                }
            } catch (IllegalArgumentException e) {
                errors.add(Quoted.of(entry) + " " + e.getMessage());
            }
        }
        if (!errors.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", errors));
        }
        return new CidrSet(List.copyOf(entries), v4, v6);
    }

    /**
     * Whether an address is in the set.
     *
     * @param address the address; a zone is not looked at
     * @return true if it is
     */
    public boolean contains(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length == 4) {
            return v4.contains((long) (int) INT.get(bytes, 0) << 32, 0);
        }
        long high = (long) LONG.get(bytes, 0);
        long low = (long) LONG.get(bytes, 8);
        return CidrBlock.mapped(high, low) ? v4.contains(low << 32, 0) : v6.contains(high, low);
    }

    /**
     * Whether no address is in the set.
     *
     * @return true if none is
     */
    public boolean isEmpty() {
        return v4 == CidrTrie.Nothing.NOTHING && v6 == CidrTrie.Nothing.NOTHING;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CidrSet set && v4.equals(set.v4) && v6.equals(set.v6);
    }

    @Override
    public int hashCode() {
        return Objects.hash(v4, v6);
    }

    /**
     * The entries as they were written.
     *
     * @return such as {@code [127.0.0.1, ::1]}
     */
    @Override
    public String toString() {
        return entries.toString();
    }
}
