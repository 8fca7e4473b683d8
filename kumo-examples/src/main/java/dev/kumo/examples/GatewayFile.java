package dev.kumo.examples;

import dev.kumo.core.delivery.Delivery;
import dev.kumo.core.options.OptionException;
import dev.kumo.core.options.OptionTable;
import dev.kumo.smtp.server.EsmtpListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a gateway's file describes.
 *
 * @param listeners from {@code esmtp_listeners}: a list of tables with the documented keys of
 *     {@code start_esmtp_listener}
 * @param delivery from {@code deliver}: {@code "discard"}, or {@code {"maildir": "path"}}
 * @param destination where mail lands, in words
 */
record GatewayFile(List<EsmtpListener> listeners, Delivery delivery, String destination) {

    static GatewayFile read(Path file) {
        if (!Files.isReadable(file)) {
            throw new OptionException(file.toString(), "cannot be read; name a JSON file that exists");
        }
        try {
            JsonMapper json = JsonMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build();
            return of(json.readValue(file.toFile(), new TypeReference<Map<String, Object>>() {}));
        } catch (JacksonException e) {
            throw new OptionException(file.toString(), "is not the JSON of a gateway: " + e.getOriginalMessage());
        }
    }

    /** A gateway for trying things: mail from this machine, to anywhere, into a folder. */
    static GatewayFile localDefault() {
        return of(Map.of(
                "esmtp_listeners",
                List.of(Map.of("listen", "127.0.0.1:2525", "hostname", "localhost")),
                "deliver",
                Map.of("maildir", "./mail")));
    }

    static GatewayFile of(Map<String, ?> table) {
        return OptionTable.apply("gateway", table, new Builder()).build();
    }

    /** One setter for each key of the file. */
    public static final class Builder {

        private final List<EsmtpListener> listeners = new ArrayList<>();
        private @Nullable Delivery delivery;
        private String destination = "";

        private Builder() {}

        public Builder esmtpListeners(List<Map<String, ?>> tables) {
            for (Map<String, ?> table : tables) {
                String where = "esmtp_listeners[" + listeners.size() + "]";
                listeners.add(
                        OptionTable.apply(where, table, EsmtpListener.builder()).build());
            }
            return this;
        }

        public Builder deliver(String name) {
            if (!name.equals("discard")) {
                throw new IllegalArgumentException(
                        "must be \"discard\" or {\"maildir\": \"path\"}, not '" + name + "'");
            }
            delivery = Delivery.discard();
            destination = "nowhere: it is discarded";
            return this;
        }

        public Builder deliver(Consumer<DeliverBuilder> table) {
            table.accept(new DeliverBuilder());
            return this;
        }

        /** The keys of the table {@code deliver}. */
        public final class DeliverBuilder {

            private DeliverBuilder() {}

            public DeliverBuilder maildir(String path) {
                Path folder = Path.of(path).toAbsolutePath().normalize();
                try {
                    delivery = Delivery.maildir(folder);
                } catch (IOException e) {
                    throw new IllegalArgumentException("cannot be a Maildir: " + e.getMessage(), e);
                }
                destination = "in the Maildir " + folder;
                return this;
            }
        }

        private GatewayFile build() {
            if (listeners.isEmpty()) {
                throw new OptionException("gateway", "esmtp_listeners needs at least one listener");
            }
            if (delivery == null) {
                throw new OptionException("gateway", "deliver is missing: \"discard\" or {\"maildir\": \"path\"}");
            }
            return new GatewayFile(List.copyOf(listeners), delivery, destination);
        }
    }
}
