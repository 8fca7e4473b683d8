package dev.kumo.lua;

import dev.kumo.core.Mta;
import dev.kumo.core.delivery.Delivery;
import dev.kumo.core.log.file.LogFile;
import dev.kumo.core.log.file.LogFileOptions;
import dev.kumo.core.log.webhook.WebhookOptions;
import dev.kumo.core.options.OptionException;
import dev.kumo.core.spool.DiskSpoolOptions;
import dev.kumo.core.spool.Spool;
import dev.kumo.smtp.client.SmtpDelivery;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens what a script asks for, and makes an MTA of it. */
final class Assembly {

    private static final Logger LOG = LoggerFactory.getLogger(LuaPolicyFile.class);

    private final Generation script;
    private final Sessions sessions;
    private final Dns dns;
    private final @Nullable Delivery given;
    private @Nullable SmtpDelivery own;

    Assembly(Generation script, Sessions sessions, Dns dns, @Nullable Delivery given) {
        this.script = script;
        this.sessions = sessions;
        this.dns = dns;
        this.given = given;
    }

    /** Whatever goes wrong, nothing that was opened here stays open. */
    Mta mta(LuaPolicyFile policy, Consumer<Mta.Builder> changes) throws IOException {
        Configuration configuration = script.configuration();
        List<AutoCloseable> opened = new ArrayList<>();
        try {
            Mta.Builder mta = Mta.builder().delivery(delivery());
            configuration.listeners().forEach(mta::listener);
            Optional<DiskSpoolOptions> spool = configuration.spool();
            if (spool.isPresent()) {
                mta.spool(keep(Spool.onDisk(spool.get()), opened));
            }
            queues(mta, policy, spool.isPresent());
            if (configuration.localLogs().isPresent()) {
                mta.observer(keep(localLogs(configuration.localLogs().get()), opened));
            }
            RandomGenerator random = new SecureRandom();
            for (Map.Entry<String, WebhookOptions> hook :
                    configuration.logHooks().entrySet()) {
                mta.observer(keep(LogHook.open(hook.getKey(), hook.getValue(), sessions, random), opened));
            }
            changes.accept(mta);
            return mta.build();
        } catch (IOException | RuntimeException | Error e) {
            opened.forEach(Assembly::closeQuietly);
            close();
            throw e;
        }
    }

    private static LogFile localLogs(LogFileOptions options) throws IOException {
        try {
            return LogFile.open(options);
        } catch (IllegalArgumentException e) {
            throw new OptionException("configure_local_logs", String.valueOf(e.getMessage()), e);
        }
    }

    private Delivery delivery() {
        if (given != null) {
            return given;
        }
        SmtpDelivery toMx = SmtpDelivery.builder().dns(dns.resolver()).toMx();
        own = toMx;
        return toMx;
    }

    /** A later version of a watched script may handle events that this one does not, so all are asked for. */
    private void queues(Mta.Builder mta, LuaPolicyFile policy, boolean spooled) {
        mta.queueOptions(policy::queueOptions)
                .egressPools(policy::egressPool)
                .egressSources(policy::egressSource)
                .egressPathOptions(policy::egressPathOptions);
        if (sessions.isChanging() || Events.OF_A_QUEUED_MESSAGE.stream().anyMatch(script.events()::contains)) {
            mta.queuePolicy(policy.queuePolicy());
        }
        List<String> unheard = Stream.of(QueueEvents.ALL, Events.OF_A_QUEUED_MESSAGE)
                .flatMap(List::stream)
                .filter(script.events()::contains)
                .toList();
        if (!spooled && !unheard.isEmpty()) {
            LOG.warn(
                    "{} handles {}, which never come: there are no queues without kumo.define_spool",
                    script.script().name(),
                    String.join(", ", unheard));
        }
    }

    private static <T extends AutoCloseable> T keep(T open, List<AutoCloseable> opened) {
        opened.add(open);
        return open;
    }

    private static void closeQuietly(AutoCloseable open) {
        try {
            open.close();
        } catch (Exception e) {
            LOG.warn("cannot close {}", open, e);
        }
    }

    /** Ends the delivery, if it was made here; the rest is closed with the MTA. */
    void close() {
        if (own != null) {
            own.close();
            own = null;
        }
    }
}
