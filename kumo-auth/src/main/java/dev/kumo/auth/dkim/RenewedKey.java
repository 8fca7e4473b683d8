package dev.kumo.auth.dkim;

import dev.kumo.tls.KeySource;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A key whose source is looked at again from time to time, elsewhere: who signs meanwhile uses the one there is. */
final class RenewedKey {

    private static final Logger LOG = LoggerFactory.getLogger(DkimSigner.class);

    /** Makes a key of what a source holds. */
    @FunctionalInterface
    interface Reader {
        SigningKey read(byte[] content, String source);
    }

    /** A key, a hash of what it was made of, and when it is time to look again. */
    private record Held(SigningKey key, String hash, Instant until) {}

    private final KeySource source;
    private final Reader reader;
    private final Duration ttl;
    private final InstantSource time;
    private final Executor executor;
    private final AtomicBoolean looking = new AtomicBoolean();
    private volatile Held held;

    RenewedKey(KeySource source, Reader reader, Duration ttl, InstantSource time, Executor executor)
            throws IOException {
        this.source = source;
        this.reader = reader;
        this.ttl = ttl;
        this.time = time;
        this.executor = executor;
        byte[] content = source.read();
        held = new Held(
                reader.read(content, source.describe()),
                hash(content),
                time.instant().plus(ttl));
    }

    SigningKey current() {
        Held now = held;
        if (!time.instant().isBefore(now.until()) && looking.compareAndSet(false, true)) {
            try {
                executor.execute(this::look);
            } catch (RejectedExecutionException e) { // the embedder is ending
                looking.set(false);
            }
        }
        return now.key();
    }

    private void look() {
        Held old = held;
        SigningKey key = old.key();
        String hash = old.hash();
        try {
            byte[] content = source.read();
            String found = hash(content);
            if (!found.equals(hash)) {
                key = reader.read(content, source.describe());
                hash = found;
                LOG.info("new DKIM key of {}: {}", source.describe(), key);
            }
        } catch (IOException | IllegalArgumentException e) {
            LOG.error("new DKIM key refused, the old one stays in use: {}", e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("new DKIM key refused, the old one stays in use", e);
        } finally {
            held = new Held(key, hash, time.instant().plus(ttl));
            looking.set(false);
        }
    }

    private static String hash(byte[] content) {
        return HexFormat.of().formatHex(SigningKey.sha256().digest(content));
    }
}
