package dev.kumo.tls;

import dev.kumo.tls.Contexts.Secured;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns sources into contexts, keeps the last good one of each name, and touches none of which the sources have not changed. */
final class Loader {

    private static final Logger LOG = LoggerFactory.getLogger(ServerTls.class);

    private final Map<String, IdentitySource> identities;
    private final @Nullable KeySource clientCa;
    private final ServerTls.Provider provider;
    private final List<String> applicationProtocols;
    private final InstantSource time;
    private final Set<KeySource> sources = new LinkedHashSet<>();

    /** Held while slow sources are read, so that the later reading is used last. Taken before {@link #using}. */
    private final ReentrantLock asking = new ReentrantLock();

    /** Held for no longer than it takes to read files. */
    private final ReentrantLock using = new ReentrantLock();

    /** What each source gave last, be it of use or not: its other half may come later. */
    private final Map<KeySource, byte[]> seen = new HashMap<>();

    /** What each identity in use was made of. */
    private final Map<String, Map<KeySource, byte[]>> madeOf = new HashMap<>();

    private final Expiry expiry = new Expiry();
    private Authorities authorities = Authorities.NONE;
    private volatile @Nullable Contexts current;

    Loader(
            Map<String, IdentitySource> identities,
            @Nullable KeySource clientCa,
            ServerTls.Provider provider,
            List<String> applicationProtocols,
            InstantSource time) {
        this.identities = Map.copyOf(identities);
        this.clientCa = clientCa;
        this.provider = provider;
        this.applicationProtocols = applicationProtocols;
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
     * Reads sources again and uses from now on what has changed and is good. An identity that is not stays as it was, and
     * holds back no other.
     *
     * @param kinds the slow kinds to be read; files always are, since a pair may be half a file
     * @return whether something has changed
     * @throws TlsException if anything is wrong, once the rest is in use; the first time nothing is used then
     */
    boolean load(Set<KeySource.Kind> kinds) throws TlsException {
        Look look = new Look();
        if (kinds.isEmpty() && current != null) {
            return use(look);
        }
        asking.lock();
        try {
            for (KeySource source : sources) {
                if (source.kind() != KeySource.Kind.FILE && (current == null || kinds.contains(source.kind()))) {
                    read(source, look);
                }
            }
            return use(look);
        } finally {
            asking.unlock();
        }
    }

    /** The first time all must be good, so the first trouble ends it. */
    private void read(KeySource source, Look look) throws TlsException {
        look.read(source);
        if (current == null) {
            look.requireNone();
        }
    }

    private boolean use(Look look) throws TlsException {
        using.lock();
        try {
            for (KeySource source : sources) {
                if (source.kind() == KeySource.Kind.FILE) {
                    read(source, look);
                }
            }
            seen.putAll(look.contents());
            Contexts old = current;
            Contexts next = contexts(look, old);
            if (next != null) {
                current = next;
                next.identities().forEach((name, identity) -> tell(name, identity, old));
            }
            expiry.look(Objects.requireNonNull(current), time.instant());
            look.requireNone();
            return next != null;
        } finally {
            using.unlock();
        }
    }

    /** Null if all of them would be the old ones. */
    private @Nullable Contexts contexts(Look look, @Nullable Contexts old) throws TlsException {
        Authorities trusted = trusted(look);
        Map<String, Secured> byName = new HashMap<>();
        boolean changed = false;
        for (Map.Entry<String, IdentitySource> entry : identities.entrySet()) {
            String name = entry.getKey();
            Secured before = old == null ? null : old.of(name);
            Secured after;
            if (before == null) {
                after = secured(name, entry.getValue(), null, trusted, look);
            } else {
                try {
                    after = secured(name, entry.getValue(), before, trusted, look);
                } catch (TlsException e) {
                    look.trouble(e);
                    after = trusted == authorities ? before : again(before, trusted);
                }
            }
            changed |= !after.equals(before);
            byName.put(name, after);
        }
        authorities = trusted;
        return changed ? new Contexts(byName) : null;
    }

    private Authorities trusted(Look look) throws TlsException {
        if (clientCa == null || look.failedAnyOf(List.of(clientCa))) {
            return authorities;
        }
        try {
            return Authorities.of(content(clientCa), clientCa.describe(), authorities, time.instant());
        } catch (TlsException e) {
            if (current == null) {
                throw e;
            }
            look.trouble(e);
            return authorities;
        }
    }

    private Secured secured(
            String name, IdentitySource source, @Nullable Secured before, Authorities trusted, Look look)
            throws TlsException {
        TlsIdentity identity = before == null || isToBeLoaded(name, source, look)
                ? source.load(this::content, time.instant())
                : before.identity();
        if (before != null && before.identity() == identity && trusted == authorities) {
            return before;
        }
        Secured secured = new Secured(identity, Contexts.context(identity, trusted, provider, applicationProtocols));
        if (before == null || before.identity() != identity) {
            Map<KeySource, byte[]> contents = new HashMap<>();
            source.sources().forEach(each -> contents.put(each, content(each)));
            madeOf.put(name, contents);
        }
        return secured;
    }

    /** The identity that stays, for those whom it may know from now on. */
    private Secured again(Secured before, Authorities trusted) throws TlsException {
        return new Secured(
                before.identity(), Contexts.context(before.identity(), trusted, provider, applicationProtocols));
    }

    private boolean isToBeLoaded(String name, IdentitySource source, Look look) {
        if (look.failedAnyOf(source.sources())) {
            return false;
        }
        Map<KeySource, byte[]> contents = madeOf.getOrDefault(name, Map.of());
        return looksAtTime(source)
                || source.sources().stream().anyMatch(each -> !Arrays.equals(contents.get(each), seen.get(each)));
    }

    private byte[] content(KeySource source) {
        return seen.getOrDefault(source, new byte[0]);
    }

    private static void tell(String name, TlsIdentity identity, @Nullable Contexts old) {
        Secured before = old == null ? null : old.of(name);
        if (before != null && before.identity() == identity) {
            return;
        }
        if (old != null) {
            LOG.info("new TLS identity{}: {}", name.isEmpty() ? "" : " for " + name, identity);
        }
        if (!name.isEmpty() && !ServerName.isCovered(name, identity.names())) {
            LOG.warn("clients that ask for {} are shown a certificate that is not for that name: {}", name, identity);
        }
    }
}
