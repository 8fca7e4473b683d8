package dev.kumo.examples;

import dev.kumo.core.Mta;
import dev.kumo.core.delivery.EgressPathOptions;
import dev.kumo.core.log.file.LogFile;
import dev.kumo.core.log.file.LogFileOptions;
import dev.kumo.core.options.OptionException;
import dev.kumo.core.options.OptionTable;
import dev.kumo.core.queue.QueueOptions;
import dev.kumo.smtp.server.EsmtpListener;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a gateway's file describes. To read one opens nothing and makes no folder.
 *
 * @param listeners from {@code esmtp_listeners}: a list of tables with the documented keys of
 *     {@code start_esmtp_listener}
 * @param destination from {@code deliver}
 * @param spool from {@code spool}: where mail waits; without one, its first attempt is made before the client is answered
 * @param queue from {@code queue}: a table with the documented keys of {@code make_queue_config}
 * @param egressPath from {@code egress_path}: a table with the documented keys of {@code make_egress_path}
 * @param localLogs from {@code local_logs}: a table with the documented keys of {@code configure_local_logs}
 */
record GatewayFile(
        List<EsmtpListener> listeners,
        Destination destination,
        Optional<SpoolKeys> spool,
        Consumer<QueueOptions.Builder> queue,
        Consumer<EgressPathOptions.Builder> egressPath,
        Optional<LogFileOptions> localLogs) {

    static final String LOCAL_ADDRESS = "127.0.0.1:2525";

    static GatewayFile read(Path file) {
        return of(JsonTable.read(file));
    }

    /** A gateway for trying things: mail from this machine, to anywhere, into a folder. */
    static GatewayFile localDefault() {
        return of(Map.of(
                "esmtp_listeners",
                List.of(Map.of("listen", LOCAL_ADDRESS, "hostname", "localhost")),
                "deliver",
                Map.of("maildir", "./mail")));
    }

    static GatewayFile of(Map<String, ?> table) {
        return OptionTable.apply("gateway", table, new Builder()).build();
    }

    /** What the MTA is made of. Opens the spool and where mail goes, and no port. */
    Mta.Builder compose() throws IOException {
        Mta.Builder mta = Mta.builder().delivery(destination.open());
        if (spool.isPresent()) {
            mta.spool(spool.get().open()).queue(queue).egressPath(egressPath);
        }
        listeners.forEach(mta::listener);
        return mta;
    }

    Optional<LogFile> openLog() throws IOException {
        if (localLogs.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(LogFile.open(localLogs.get()));
        } catch (IOException e) {
            throw new IOException("gateway.local_logs: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new OptionException("gateway.local_logs", String.valueOf(e.getMessage()), e);
        }
    }

    /** One setter for each key of the file. */
    public static final class Builder {

        private final List<EsmtpListener> listeners = new ArrayList<>();
        private @Nullable Destination destination;
        private @Nullable SpoolKeys spool;
        private @Nullable LogFileOptions localLogs;
        private Consumer<QueueOptions.Builder> queue = unchanged -> {};
        private Consumer<EgressPathOptions.Builder> egressPath = unchanged -> {};
        private boolean queued;

        private Builder() {}

        public Builder esmtpListeners(List<Map<String, ?>> tables) {
            for (Map<String, ?> table : tables) {
                listeners.add(listener("esmtp_listeners[" + listeners.size() + "]", table));
            }
            return this;
        }

        private static EsmtpListener listener(String where, Map<String, ?> table) {
            EsmtpListener.Builder builder = OptionTable.apply(where, table, EsmtpListener.builder());
            try {
                return builder.build();
            } catch (IllegalArgumentException e) {
                throw new OptionException(where, String.valueOf(e.getMessage()), e);
            }
        }

        public Builder deliver(String name) {
            destination = Destination.named(name);
            return this;
        }

        public Builder deliver(Consumer<Destination.Builder> table) {
            Destination.Builder builder = new Destination.Builder();
            table.accept(builder);
            destination = builder.build().orElse(null);
            return this;
        }

        public Builder spool(Consumer<SpoolKeys.Builder> table) {
            SpoolKeys.Builder builder = new SpoolKeys.Builder();
            table.accept(builder);
            spool = builder.build();
            return this;
        }

        public Builder queue(Consumer<QueueOptions.Builder> table) {
            table.accept(QueueOptions.builder());
            queue = table;
            queued = true;
            return this;
        }

        public Builder egressPath(Consumer<EgressPathOptions.Builder> table) {
            table.accept(EgressPathOptions.builder());
            egressPath = table;
            queued = true;
            return this;
        }

        public Builder localLogs(Consumer<LogFileOptions.Builder> table) {
            LogFileOptions.Builder builder = LogFileOptions.builder();
            table.accept(builder);
            localLogs = builder.build();
            return this;
        }

        private GatewayFile build() {
            if (listeners.isEmpty()) {
                throw new OptionException(
                        "gateway",
                        "esmtp_listeners is missing or empty; give it at least one, such as [{\"listen\": \"127.0.0.1:2525\"}]");
            }
            if (destination == null) {
                throw new OptionException("gateway", "deliver is missing or empty; it is " + Destination.WANTED);
            }
            if (queued && spool == null) {
                throw new OptionException(
                        "gateway",
                        "queue and egress_path need a spool, in which mail waits; add \"spool\": {\"kind\": \"LocalDisk\", \"path\": \"./spool\"}");
            }
            return new GatewayFile(
                    List.copyOf(listeners),
                    destination,
                    Optional.ofNullable(spool),
                    queue,
                    egressPath,
                    Optional.ofNullable(localLogs));
        }
    }
}
