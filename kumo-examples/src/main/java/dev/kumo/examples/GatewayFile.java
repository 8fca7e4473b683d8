package dev.kumo.examples;

import dev.kumo.core.delivery.Delivery;
import dev.kumo.core.log.file.LogFile;
import dev.kumo.core.log.file.LogFileOptions;
import dev.kumo.core.options.OptionException;
import dev.kumo.core.options.OptionTable;
import dev.kumo.smtp.server.EsmtpListener;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a gateway's file describes. To read one opens nothing and makes no folder.
 *
 * @param listeners from {@code esmtp_listeners}: a list of tables with the documented keys of
 *     {@code start_esmtp_listener}
 * @param maildir from {@code deliver}: {@code {"maildir": "path"}}; empty for {@code "discard"}
 * @param localLogs from {@code local_logs}: a table with the documented keys of {@code configure_local_logs}
 */
record GatewayFile(List<EsmtpListener> listeners, Optional<Path> maildir, Optional<LogFileOptions> localLogs) {

    static final String LOCAL_ADDRESS = "127.0.0.1:2525";

    private static final String WANTED =
            "one object in braces, such as {\"esmtp_listeners\": [{\"listen\": \"127.0.0.1:2525\"}], \"deliver\": \"discard\"}";

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    static GatewayFile read(Path file) {
        return of(parse(file, bytes(file)));
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new OptionException(file.toString(), "there is no such file; name a JSON file that exists", e);
        } catch (AccessDeniedException e) {
            throw new OptionException(file.toString(), "this user may not read it", e);
        } catch (IOException e) {
            throw new OptionException(file.toString(), "cannot be read: " + e.getMessage(), e);
        }
    }

    private static Map<String, Object> parse(Path file, byte[] json) {
        try {
            Map<String, Object> table = JSON.readValue(json, new TypeReference<Map<String, Object>>() {});
            if (table != null) {
                return table;
            }
        } catch (MismatchedInputException e) {
            // Another value than an object, none, or more than one.
        } catch (JacksonException e) {
            TokenStreamLocation at = e.getLocation();
            String where = at == null ? "" : "line " + at.getLineNr() + ", column " + at.getColumnNr() + ": ";
            throw new OptionException(file.toString(), where + problem(e), e);
        }
        throw new OptionException(file.toString(), "must hold " + WANTED);
    }

    /** What the parser says, without the words of the file and without places that it cannot name. */
    private static String problem(JacksonException e) {
        String text = e.getOriginalMessage().lines().findFirst().orElse("");
        return text.startsWith("Unrecognized token")
                ? "a bare word; a text stands in double quotes"
                : text.replaceFirst(" \\((for|start marker) .*", "");
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

    Delivery openDelivery() throws IOException {
        if (maildir.isEmpty()) {
            return Delivery.discard();
        }
        try {
            return Delivery.maildir(maildir.get());
        } catch (IOException e) {
            throw new IOException(
                    "gateway.deliver.maildir: " + e.getMessage() + "; name a folder that this user may write", e);
        }
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

    /** Where mail goes, in words that follow "Mail lands". */
    String destination() {
        return maildir.map(folder -> "in the Maildir " + folder + ", a file per message in " + folder.resolve("new"))
                .orElse("nowhere: it is discarded");
    }

    /** One setter for each key of the file. */
    public static final class Builder {

        private final List<EsmtpListener> listeners = new ArrayList<>();
        private @Nullable Path maildir;
        private boolean discard;
        private @Nullable LogFileOptions localLogs;

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
            if (!name.equals("discard")) {
                throw new IllegalArgumentException(
                        "must be \"discard\" or {\"maildir\": \"path\"}, not '" + name + "'");
            }
            discard = true;
            return this;
        }

        public Builder deliver(Consumer<DeliverBuilder> table) {
            table.accept(new DeliverBuilder());
            return this;
        }

        public Builder localLogs(Consumer<LogFileOptions.Builder> table) {
            LogFileOptions.Builder builder = LogFileOptions.builder();
            table.accept(builder);
            localLogs = builder.build();
            return this;
        }

        /** The keys of the table {@code deliver}. */
        public final class DeliverBuilder {

            private DeliverBuilder() {}

            public DeliverBuilder maildir(String path) {
                if (path.isEmpty()) {
                    throw new IllegalArgumentException("must be the path of a folder, not ''");
                }
                try {
                    maildir = Path.of(path).toAbsolutePath().normalize();
                } catch (InvalidPathException e) {
                    // Its message would show the path with the character that is refused.
                    throw new IllegalArgumentException("must be the path of a folder: " + e.getReason(), e);
                }
                return this;
            }
        }

        private GatewayFile build() {
            if (listeners.isEmpty()) {
                throw new OptionException(
                        "gateway",
                        "esmtp_listeners is missing or empty; give it at least one, such as [{\"listen\": \"127.0.0.1:2525\"}]");
            }
            if (maildir == null && !discard) {
                throw new OptionException(
                        "gateway", "deliver is missing or empty; it is \"discard\" or {\"maildir\": \"path\"}");
            }
            return new GatewayFile(
                    List.copyOf(listeners), Optional.ofNullable(maildir), Optional.ofNullable(localLogs));
        }
    }
}
