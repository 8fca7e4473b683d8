package dev.kumo.core.net;

import dev.kumo.core.text.Quoted;
import java.nio.ByteBuffer;

/**
 * The addresses of a family that begin with the same bits: RFC 4632 section 3.1, RFC 4291 section 2.3.
 *
 * @param v4 the family
 * @param high the first 64 bits, the upper half of which is a whole IPv4 address; those past the prefix are zero
 * @param low the other 64 bits; zero for IPv4
 * @param prefix how many bits count
 */
record CidrBlock(boolean v4, long high, long low, int prefix) implements CidrTrie {

    static final CidrBlock ALL_V4 = new CidrBlock(true, 0, 0, 0);
    static final CidrBlock ALL_V6 = new CidrBlock(false, 0, 0, 0);

    CidrBlock {
        high &= highMask(prefix);
        low &= lowMask(prefix);
    }

    /**
     * Reads {@code address} or {@code address/prefix}. A block of IPv4-mapped addresses is the IPv4 block in it.
     *
     * @throws IllegalArgumentException saying what is wrong, but not with which entry
     */
    static CidrBlock parse(String entry) {
        int slash = entry.indexOf('/');
        byte[] bytes = IpLiteral.bytes(slash < 0 ? entry : entry.substring(0, slash));
        if (bytes == null) {
            throw new IllegalArgumentException(
                    "is neither an IP address, nor a CIDR block such as 10.0.0.0/24, nor 'any'");
        }
        boolean v4 = bytes.length == 4;
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        long high = v4 ? (long) buffer.getInt() << 32 : buffer.getLong();
        long low = v4 ? 0 : buffer.getLong();
        int prefix = slash < 0 ? 8 * bytes.length : prefix(entry.substring(slash + 1), 8 * bytes.length);

        CidrBlock block = new CidrBlock(v4, high, low, prefix);
        if (block.high != high || block.low != low) {
            throw new IllegalArgumentException(
                    "has host bits that are not zero (did you mean " + block.unmapped() + "?)");
        }
        return block.unmapped();
    }

    private static int prefix(String digits, int most) {
        boolean number = digits.matches("0|[1-9][0-9]{0,2}");
        if (!number || Integer.parseInt(digits) > most) {
            throw new IllegalArgumentException(
                    "has the prefix length " + Quoted.of(digits) + ": write a number from 0 to " + most);
        }
        return Integer.parseInt(digits);
    }

    /** Whether the bits of an IPv6 address are those of an IPv4-mapped one, RFC 4291 section 2.5.5.2. */
    static boolean mapped(long high, long low) {
        return high == 0 && low >>> 32 == 0xffff;
    }

    private CidrBlock unmapped() {
        return !v4 && prefix >= 96 && mapped(high, low) ? new CidrBlock(true, low << 32, 0, prefix - 96) : this;
    }

    /** Whether the address of these bits, of the same family, is in this block. */
    boolean covers(long addressHigh, long addressLow) {
        return (addressHigh & highMask(prefix)) == high && (addressLow & lowMask(prefix)) == low;
    }

    /** Whether a whole block of the same family is in this one. */
    boolean covers(CidrBlock other) {
        return prefix <= other.prefix && covers(other.high, other.low);
    }

    /** The block of which this one is a half. */
    CidrBlock parent() {
        return new CidrBlock(v4, high, low, prefix - 1);
    }

    boolean bit(int index) {
        return CidrTrie.bit(high, low, index);
    }

    private static long highMask(int prefix) {
        return prefix == 0 ? 0 : -1L << Math.max(0, 64 - prefix);
    }

    private static long lowMask(int prefix) {
        return prefix <= 64 ? 0 : -1L << 128 - prefix;
    }

    @Override
    public String toString() {
        byte[] bytes = v4
                ? ByteBuffer.allocate(4).putInt((int) (high >>> 32)).array()
                : ByteBuffer.allocate(16).putLong(high).putLong(low).array();
        return IpLiteral.format(IpLiteral.address(bytes)) + "/" + prefix;
    }
}
