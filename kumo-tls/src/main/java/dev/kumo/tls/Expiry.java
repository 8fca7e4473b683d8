package dev.kumo.tls;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Warns once a day of certificates in use that near their end, or are past it. */
final class Expiry {

    private static final Logger LOG = LoggerFactory.getLogger(ServerTls.class);

    private static final Duration NEAR = Duration.ofDays(14);
    private static final Duration PERIOD = Duration.ofDays(1);

    private final Map<String, Instant> told = new HashMap<>();

    void look(Contexts contexts, Instant now) {
        contexts.identities().forEach((name, identity) -> {
            if (now.isBefore(identity.notAfter().minus(NEAR))) {
                told.remove(name);
            } else if (!now.isBefore(told.getOrDefault(name, Instant.MIN))) {
                told.put(name, now.plus(PERIOD));
                LOG.warn(
                        "the TLS certificate{} {} at {}: {}; renew it",
                        name.isEmpty() ? "" : " for " + name,
                        now.isAfter(identity.notAfter()) ? "expired" : "expires",
                        identity.notAfter(),
                        identity);
            }
        });
    }
}
