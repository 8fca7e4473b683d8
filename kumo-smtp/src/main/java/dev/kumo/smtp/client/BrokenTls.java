package dev.kumo.smtp.client;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/** The places whose TLS failed lately, for {@code opportunistic_tls_reconnect_on_failed_handshake}. */
final class BrokenTls {

    private static final Duration MEMORY = Duration.ofMinutes(15);
    private static final int MOST = 4096;

    private final InstantSource time;
    private final Map<InetSocketAddress, Instant> until = new LinkedHashMap<>();

    BrokenTls(InstantSource time) {
        this.time = time;
    }

    synchronized void remember(InetSocketAddress place) {
        if (until.size() >= MOST) {
            until.remove(until.keySet().iterator().next());
        }
        until.put(place, time.instant().plus(MEMORY));
    }

    synchronized boolean contains(InetSocketAddress place) {
        Instant end = until.get(place);
        if (end != null && !time.instant().isBefore(end)) {
            until.remove(place);
            return false;
        }
        return end != null;
    }
}
