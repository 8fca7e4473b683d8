package dev.kumo.tls;

import dev.kumo.tls.KeySource.Kind;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at the sources from time to time: at files often, at Vault seldom, at suppliers never. */
final class Watch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ServerTls.class);

    private final Loader loader;
    private @Nullable ScheduledFuture<?> files;
    private @Nullable ScheduledFuture<?> vault;
    private @Nullable String suspected;
    private @Nullable String told;

    private Watch(Loader loader) {
        this.loader = loader;
    }

    static Watch start(
            Loader loader, ScheduledExecutorService scheduler, Duration fileInterval, Duration vaultInterval) {
        Watch watch = new Watch(loader);
        if (loader.reads(Kind.FILE)) {
            watch.files = every(fileInterval, watch::lookAtFiles, scheduler);
        }
        if (loader.reads(Kind.VAULT) || loader.looksAtTime()) {
            watch.vault = every(vaultInterval, watch::lookAtVault, scheduler);
        }
        return watch;
    }

    private static ScheduledFuture<?> every(Duration interval, Runnable look, ScheduledExecutorService scheduler) {
        return scheduler.scheduleWithFixedDelay(look, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
    }

    /**
     * Certificate and key are rarely replaced in one instant, so trouble is believed when it is seen twice, and then told
     * once.
     */
    private void lookAtFiles() {
        try {
            loader.load(EnumSet.noneOf(Kind.class));
            suspected = null;
            told = null;
        } catch (TlsException | RuntimeException | Error e) { // what is thrown out of a periodic task ends it for good
            String text = String.valueOf(e.getMessage());
            if (text.equals(suspected) && !text.equals(told)) {
                told = text;
                refused(e);
            }
            suspected = text;
        }
    }

    private void lookAtVault() {
        try {
            loader.load(Set.of(Kind.VAULT));
        } catch (TlsException | RuntimeException | Error e) {
            refused(e);
        }
    }

    static void refused(Throwable e) {
        if (e instanceof TlsException) {
            LOG.error("new TLS identity refused, the old one stays in use: {}", e.getMessage());
        } else {
            LOG.error("new TLS identity refused, the old one stays in use", e);
        }
    }

    @Override
    public void close() {
        if (files != null) {
            files.cancel(false);
        }
        if (vault != null) {
            vault.cancel(false);
        }
    }
}
