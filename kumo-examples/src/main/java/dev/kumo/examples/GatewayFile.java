package dev.kumo.examples;

import dev.kumo.core.Listener;
import dev.kumo.core.Mta;
import dev.kumo.core.delivery.EgressPathOptions;
import dev.kumo.core.delivery.Protocol;
import dev.kumo.core.log.file.LogFile;
import dev.kumo.core.log.file.LogFileOptions;
import dev.kumo.core.options.OptionException;
import dev.kumo.core.options.OptionTable;
import dev.kumo.core.queue.QueueOptions;
import dev.kumo.core.queue.Queues;
import dev.kumo.http.HttpListener;
import dev.kumo.http.HttpPolicy;
import dev.kumo.smtp.server.EsmtpListener;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a gateway's file describes. To read one opens nothing and makes no folder.
 *
 * @param listeners from {@code esmtp_listeners}: a list of tables with the documented keys of
 *     {@code start_esmtp_listener}
 * @param http from {@code http_listeners}: a list of tables with the documented keys of {@code start_http_listener}
 * @param users from {@code http_users}: who may inject from elsewhere than {@code trusted_hosts}
 * @param destination from {@code deliver}, and from the {@code protocol} of {@code queue}
 * @param spool from {@code spool}: where mail waits; without one, its first attempt is made before the client is answered
 * @param queue from {@code queue}: a table with the documented keys of {@code make_queue_config}
 * @param egressPath from {@code egress_path}: a table with the documented keys of {@code make_egress_path}
 * @param dkim from {@code dkim}: a list of tables with the documented keys of {@code kumo.dkim.rsa_sha256_signer}
 * @param localLogs from {@code local_logs}: a table with the documented keys of {@code configure_local_logs}
 */
record GatewayFile(
        List<EsmtpListener> listeners,
        List<HttpKeys> http,
        List<HttpUser> users,
        Destination destination,
        Optional<SpoolKeys> spool,
        Consumer<QueueOptions.Builder> queue,
        Consumer<EgressPathOptions.Builder> egressPath,
        DkimKeys dkim,
        Optional<LogFileOptions> localLogs) {

    static final String LOCAL_ADDRESS = "127.0.0.1:2525";
    static final String LOCAL_HTTP_ADDRESS = "127.0.0.1:8000";

    static GatewayFile read(Path file) {
        return of(JsonTable.read(file));
    }

    /** A gateway for trying things: mail from this machine, to anywhere, into a folder. */
    static GatewayFile localDefault() {
        return of(Map.of(
                "esmtp_listeners",
                List.of(Map.of("listen", LOCAL_ADDRESS, "hostname", "localhost")),
                "http_listeners",
                List.of(Map.of("listen", LOCAL_HTTP_ADDRESS, "hostname", "localhost")),
                "deliver",
                Map.of("maildir", "./mail")));
    }

    static GatewayFile of(Map<String, ?> table) {
        return OptionTable.apply("gateway", table, new Builder()).build();
    }

    /**
     * Makes the HTTP listeners, which share their users. Reads passwords, and opens no port.
     *
     * @param queues what administrators look at; throws if there are none
     */
    List<HttpListener> httpListeners(Supplier<Queues> queues) {
        Map<String, String> passwords = new LinkedHashMap<>();
        for (HttpUser user : users) {
            passwords.put(user.name(), user.password());
        }
        return http.stream()
                .map(keys -> keys.listener(listener -> {
                    listener.queues(queues);
                    if (!dkim.isEmpty()) {
                        listener.policy(HttpPolicy.onMessageGenerated((caller, message) -> dkim.sign(message)));
                    }
                    if (!passwords.isEmpty()) {
                        listener.policy(HttpPolicy.basic(passwords));
                    }
                }))
                .toList();
    }

    /**
     * All listeners by their place in the file, in the order in which they are opened.
     *
     * @param httpListeners those of this file
     */
    Map<String, Listener> doors(List<HttpListener> httpListeners) {
        Map<String, Listener> doors = new LinkedHashMap<>();
        for (int i = 0; i < listeners.size(); i++) {
            doors.put("esmtp_listeners[" + i + "]", listeners.get(i));
        }
        for (int i = 0; i < httpListeners.size(); i++) {
            doors.put(http.get(i).key(), httpListeners.get(i));
        }
        return doors;
    }

    /** What the MTA is made of beside its listeners. Reads keys, opens the spool and where mail goes. */
    Mta.Builder compose() throws IOException {
        dkim.open();
        Mta.Builder mta = Mta.builder().delivery(destination.open());
        if (spool.isPresent()) {
            mta.spool(spool.get().open()).queue(queue).egressPath(egressPath);
        }
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

        private final List<EsmtpListener.Builder> listeners = new ArrayList<>();
        private final DkimKeys dkim = new DkimKeys();
        private final List<HttpKeys> http = new ArrayList<>();
        private final List<HttpUser> users = new ArrayList<>();
        private @Nullable Destination destination;
        private @Nullable SpoolKeys spool;
        private @Nullable LogFileOptions localLogs;
        private Consumer<QueueOptions.Builder> queue = unchanged -> {};
        private Protocol protocol = Protocol.DEFAULT;
        private Consumer<EgressPathOptions.Builder> egressPath = unchanged -> {};
        private boolean queued;

        private Builder() {}

        public Builder esmtpListeners(List<Map<String, ?>> tables) {
            for (Map<String, ?> table : tables) {
                String where = listener(listeners.size());
                listeners.add(OptionTable.apply(where, table, EsmtpListener.builder()));
                listener(where, listeners.get(listeners.size() - 1));
            }
            return this;
        }

        private static String listener(int index) {
            return "esmtp_listeners[" + index + "]";
        }

        private static EsmtpListener listener(String where, EsmtpListener.Builder builder) {
            try {
                return builder.build();
            } catch (IllegalArgumentException e) {
                throw new OptionException(where, String.valueOf(e.getMessage()), e);
            }
        }

        private List<EsmtpListener> listeners() {
            List<EsmtpListener> built = new ArrayList<>();
            for (EsmtpListener.Builder builder : listeners) {
                String where = listener(built.size());
                if (!dkim.isEmpty()) {
                    builder.policy(dkim.policy(listener(where, builder).options()));
                }
                built.add(listener(where, builder));
            }
            return List.copyOf(built);
        }

        public Builder httpListeners(List<Map<String, ?>> tables) {
            for (Map<String, ?> table : tables) {
                http.add(new HttpKeys("http_listeners[" + http.size() + "]", table));
            }
            return this;
        }

        public Builder httpUser(String name, Consumer<HttpUser.Builder> table) {
            HttpUser.Builder builder = new HttpUser.Builder();
            table.accept(builder);
            users.add(builder.build("gateway.http_users['" + name + "']", name));
            return this;
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
            QueueOptions.Builder builder = QueueOptions.builder();
            table.accept(builder);
            protocol = builder.build().protocol();
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

        public Builder dkim(List<Map<String, ?>> tables) {
            tables.forEach(dkim::add);
            return this;
        }

        public Builder localLogs(Consumer<LogFileOptions.Builder> table) {
            LogFileOptions.Builder builder = LogFileOptions.builder();
            table.accept(builder);
            localLogs = builder.build();
            return this;
        }

        private GatewayFile build() {
            if (listeners.isEmpty() && http.isEmpty()) {
                throw new OptionException(
                        "gateway",
                        "esmtp_listeners and http_listeners are missing or empty; give one of them a listener, such as"
                                + " \"esmtp_listeners\": [{\"listen\": \"127.0.0.1:2525\"}]");
            }
            if (!users.isEmpty() && http.isEmpty()) {
                throw new OptionException("gateway", "http_users need http_listeners; add \"http_listeners\": [{}]");
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
                    listeners(),
                    List.copyOf(http),
                    List.copyOf(users),
                    destination.by(protocol),
                    Optional.ofNullable(spool),
                    queue,
                    egressPath,
                    dkim,
                    Optional.ofNullable(localLogs));
        }
    }
}
