package dev.kumo.http.wire;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How many of one address are here, so that one alone does not fill a port. */
final class Crowd {

    /** Octets of an address of IPv6 that one who has it cannot choose, RFC 4291 section 2.5.4. */
    private static final int PREFIX = 8;

    private final int most;
    private final Map<ByteBuffer, Integer> here = new ConcurrentHashMap<>();

    Crowd(int most) {
        this.most = most;
    }

    /** Lets one in, if there is room; it has to {@link #leave} then. */
    boolean enter(InetAddress address) {
        boolean[] entered = new boolean[1];
        here.compute(place(address), (place, count) -> {
            int before = count == null ? 0 : count;
            entered[0] = before < most;
            return entered[0] ? Integer.valueOf(before + 1) : count;
        });
        return entered[0];
    }

    void leave(InetAddress address) {
        here.computeIfPresent(place(address), (place, count) -> count == 1 ? null : count - 1);
    }

    /** Addresses that are counted now. */
    int places() {
        return here.size();
    }

    private static ByteBuffer place(InetAddress address) {
        byte[] octets = address.getAddress();
        return ByteBuffer.wrap(address instanceof Inet6Address ? Arrays.copyOf(octets, PREFIX) : octets);
    }
}
