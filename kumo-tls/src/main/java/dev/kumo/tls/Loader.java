package dev.kumo.tls;

import dev.kumo.tls.Contexts.Secured;
import io.netty.handler.ssl.SslContext;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns sources into contexts, keeps the last good ones, and touches none of which the sources have not changed. */
final class Loader {

    private static final Logger LOG = LoggerFactory.getLogger(ServerTls.class);

    private final Map<String, IdentitySource> identities;
    private final @Nullable KeySource clientCa;
    private final ServerTls.Provider provider;
    private final InstantSource time;
    private final Set<KeySource> sources = new LinkedHashSet<>();

    /** Held while slow sources are read, so that the later reading is used last. Taken before {@link #using}. */
    private final ReentrantLock asking = new ReentrantLock();

    /** Held for no longer than it takes to read files. */
    private final ReentrantLock using = new ReentrantLock();

    private Map<KeySource, byte[]> accepted = Map.of();
    private volatile @Nullable Contexts current;

    Loader(
            Map<String, IdentitySource> identities,
            @Nullable KeySource clientCa,
            ServerTls.Provider provider,
            InstantSource time) {
        this.identities = Map.copyOf(identities);
        this.clientCa = clientCa;
        this.provider = provider;
        this.time = time;
        this.identities.values().forEach(identity -> sources.addAll(identity.sources()));
        if (clientCa != null) {
            sources.add(clientCa);
        }
    }

    /** What new handshakes are made with; null before the first load. */
    @Nullable Contexts current() {
        return current;
    }

    boolean reads(KeySource.Kind kind) {
        return sources.stream().anyMatch(source -> source.kind() == kind);
    }

    /** Whether an identity is made here, and made anew when it nears its end. */
    boolean looksAtTime() {
        return identities.values().stream().anyMatch(Loader::looksAtTime);
    }

    private static boolean looksAtTime(IdentitySource source) {
        return source.sources().isEmpty();
    }

    /**
     * Reads sources again and, if what they give has changed and is good, uses it from now on.
     *
     * @param kinds the slow kinds to be read; files always are, since a pair may be half a file
     * @return whether something has changed
     * @throws TlsException if anything is wrong; then all stays as it was
     */
    boolean load(Set<KeySource.Kind> kinds) throws TlsException {
        if (kinds.isEmpty() && current != null) {
            return use(Map.of());
        }
        asking.lock();
        try {
            Map<KeySource, byte[]> asked = new HashMap<>();
            for (KeySource source : sources) {
                if (source.kind() != KeySource.Kind.FILE && (current == null || kinds.contains(source.kind()))) {
                    asked.put(source, source.read());
                }
            }
            return use(asked);
        } finally {
            asking.unlock();
        }
    }

    private boolean use(Map<KeySource, byte[]> asked) throws TlsException {
        using.lock();
        try {
            Map<KeySource, byte[]> contents = new HashMap<>(accepted);
            contents.putAll(asked);
            for (KeySource source : sources) {
                if (source.kind() == KeySource.Kind.FILE) {
                    contents.put(source, source.read());
                }
            }
            Contexts old = current;
            Contexts next = contexts(contents, old);
            if (next == null) {
                return false;
            }
            accepted = contents;
            current = next;
            if (old != null) {
                next.identities().forEach((name, identity) -> tell(name, identity, old));
            }
            return true;
        } finally {
            using.unlock();
        }
    }

    /** Null if all of them would be the old ones. */
    private @Nullable Contexts contexts(Map<KeySource, byte[]> contents, @Nullable Contexts old) throws TlsException {
        boolean sameAuthorities = old != null && (clientCa == null || unchanged(List.of(clientCa), contents));
        List<X509Certificate> authorities = clientCa == null
                ? List.of()
                : Pem.certificates(contents.getOrDefault(clientCa, new byte[0]), clientCa.describe());
        Map<String, Secured> byName = new HashMap<>();
        boolean changed = !sameAuthorities;
        for (Map.Entry<String, IdentitySource> entry : identities.entrySet()) {
            Secured before = old == null ? null : old.of(entry.getKey());
            TlsIdentity identity = identity(entry.getValue(), contents, before);
            if (before != null && before.identity() == identity && sameAuthorities) {
                byName.put(entry.getKey(), before);
            } else {
                changed = true;
                SslContext context = Contexts.context(identity, authorities, provider);
                byName.put(entry.getKey(), new Secured(identity, context));
            }
        }
        return changed ? new Contexts(byName) : null;
    }

    private TlsIdentity identity(IdentitySource source, Map<KeySource, byte[]> contents, @Nullable Secured before)
            throws TlsException {
        if (before != null && !looksAtTime(source) && unchanged(source.sources(), contents)) {
            return before.identity();
        }
        return source.load(read -> contents.getOrDefault(read, new byte[0]), time.instant());
    }

    private boolean unchanged(List<KeySource> some, Map<KeySource, byte[]> contents) {
        return some.stream().allMatch(source -> Arrays.equals(accepted.get(source), contents.get(source)));
    }

    private static void tell(String name, TlsIdentity identity, Contexts old) {
        Secured before = old.of(name);
        if (before == null || before.identity() != identity) {
            LOG.info("new TLS identity{}: {}", name.isEmpty() ? "" : " for " + name, identity);
        }
    }
}
