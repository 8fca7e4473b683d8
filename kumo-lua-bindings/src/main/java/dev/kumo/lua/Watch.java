package dev.kumo.lua;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at a policy file from time to time. */
final class Watch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LuaPolicyFile.class);

    private final LuaPolicyFile policy;
    private @Nullable ScheduledFuture<?> looks;
    private @Nullable String suspected;
    private @Nullable String told;

    private Watch(LuaPolicyFile policy) {
        this.policy = policy;
    }

    static Watch start(LuaPolicyFile policy, ScheduledExecutorService scheduler, Duration interval) {
        Watch watch = new Watch(policy);
        long nanos = interval.toNanos();
        watch.looks = scheduler.scheduleWithFixedDelay(watch::look, nanos, nanos, TimeUnit.NANOSECONDS);
        return watch;
    }

    /** An editor may be in the midst of writing, so trouble is believed when it is seen twice, and then told once. */
    private void look() {
        try {
            policy.reload();
            suspected = null;
            told = null;
        } catch (RuntimeException | Error e) { // what is thrown out of a periodic task ends it for good
            String text = String.valueOf(e.getMessage());
            if (text.equals(suspected) && !text.equals(told)) {
                told = text;
                if (e instanceof LuaPolicyException) {
                    LOG.error("new policy script refused, the old one stays in use: {}", text);
                } else {
                    LOG.error("new policy script refused, the old one stays in use", e);
                }
            }
            suspected = text;
        }
    }

    /** Tells of a new version, and of what in it has no effect yet. */
    static void swapped(String name, Generation first, Generation next) {
        LOG.info("{} has changed; sessions that begin from now on use the new script", name);
        if (!next.configuration().asked().equals(first.configuration().asked())) {
            LOG.warn(
                    "{} asks for other listeners or logs in its init event; that takes effect at the next start", name);
        }
        if (next.events().contains(Events.AUTH_PLAIN) && !first.events().contains(Events.AUTH_PLAIN)) {
            LOG.warn("{} handles {} now; AUTH is offered from the next start on", name, Events.AUTH_PLAIN);
        }
    }

    @Override
    public void close() {
        if (looks != null) {
            looks.cancel(false);
        }
    }
}
