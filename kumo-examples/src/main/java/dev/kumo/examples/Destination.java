package dev.kumo.examples;

import dev.kumo.core.delivery.Delivery;
import dev.kumo.core.delivery.Protocol;
import dev.kumo.core.delivery.SmartHost;
import dev.kumo.core.net.HostPort;
import dev.kumo.core.options.OptionException;
import dev.kumo.smtp.client.SmtpDelivery;
import dev.kumo.tls.ClientTls;
import dev.kumo.tls.KeySource;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where a gateway's mail goes: the key {@code deliver}.
 *
 * @param words a sentence for people
 * @param toHosts whether it can be led to other hosts
 * @param opener opens it
 */
record Destination(String words, boolean toHosts, Opener opener) {

    static final String WANTED = "\"mx\", \"discard\", {\"smart_host\": [\"host:port\"]}, {\"lmtp\": \"host:port\"}"
            + " or {\"maildir\": \"path\"}";

    /** Opens a delivery, which touches disks and nets; to describe one does not. */
    interface Opener {
        Delivery open() throws IOException;
    }

    Delivery open() throws IOException {
        return opener.open();
    }

    static Destination named(String name) {
        return switch (name) {
            case "discard" -> new Destination("Mail lands nowhere: it is discarded", false, Delivery::discard);
            case "mx" ->
                new Destination("Mail goes to the hosts that the DNS has for its domains", true, SmtpDelivery::toMx);
            default -> throw new IllegalArgumentException("must be " + WANTED + ", not '" + name + "'");
        };
    }

    /**
     * Where it goes by a queue that may name hosts or a folder of its own.
     *
     * @throws OptionException if it names hosts, which this would pass over
     */
    Destination by(Protocol protocol) {
        if (protocol instanceof Protocol.Maildir maildir) {
            return new Destination(landing(maildir.path().toAbsolutePath().normalize()), false, opener);
        }
        List<SmartHost> hosts = ((Protocol.Smtp) protocol).mxList();
        if (hosts.isEmpty()) {
            return this;
        }
        if (!toHosts) {
            throw new OptionException(
                    "gateway.queue.protocol.smtp.mx_list",
                    "mail would not go to these hosts, as gateway.deliver is \"discard\" or a maildir; say"
                            + " \"deliver\": \"mx\", or leave mx_list out");
        }
        return new Destination(
                hosts.stream().map(SmartHost::toString).collect(Collectors.joining(", else to ", "Mail goes to ", "")),
                true,
                opener);
    }

    private static String landing(Path folder) {
        return "Mail lands in the Maildir " + folder + ", a file per message in " + folder.resolve("new");
    }

    /** The keys of the table {@code deliver}. */
    public static final class Builder {

        private @Nullable Destination plain;
        private @Nullable String next;
        private @Nullable Function<SmtpDelivery.Builder, Delivery> smtp;
        private @Nullable String trustedCa;

        Builder() {}

        public Builder maildir(String path) {
            Path folder = folder(path);
            return plain(new Destination(landing(folder), false, () -> openMaildir(folder)));
        }

        private static Path folder(String path) {
            if (path.isEmpty()) {
                throw new IllegalArgumentException("must be the path of a folder, not ''");
            }
            try {
                return Path.of(path).toAbsolutePath().normalize();
            } catch (InvalidPathException e) {
                // Its message would show the path with the character that is refused.
                throw new IllegalArgumentException("must be the path of a folder: " + e.getReason(), e);
            }
        }

        private static Delivery openMaildir(Path folder) throws IOException {
            try {
                return Delivery.maildir(folder);
            } catch (IOException e) {
                throw new IOException(
                        "gateway.deliver.maildir: " + e.getMessage() + "; name a folder that this user may write", e);
            }
        }

        public Builder smartHost(List<String> hosts) {
            SmtpDelivery.to(hosts.toArray(String[]::new)).close(); // so that a wrong one is an error of this key
            return smtp("Mail goes to " + String.join(", else to ", hosts), to -> to.to(hosts.toArray(String[]::new)));
        }

        public Builder lmtp(String server) {
            HostPort at = HostPort.parse(server);
            return smtp("Mail goes by LMTP to " + at, to -> to.lmtp(at));
        }

        /** PEM of the authorities by which the next hop is verified, in place of those of Java. */
        public Builder trustedCa(String path) {
            trustedCa = path;
            return this;
        }

        private Builder plain(Destination destination) {
            requireOne();
            plain = destination;
            return this;
        }

        private Builder smtp(String words, Function<SmtpDelivery.Builder, Delivery> to) {
            requireOne();
            next = words;
            smtp = to;
            return this;
        }

        private void requireOne() {
            if (plain != null || smtp != null) {
                throw new IllegalArgumentException("mail goes to one place; keep one of maildir, smart_host and lmtp");
            }
        }

        Optional<Destination> build() {
            Function<SmtpDelivery.Builder, Delivery> to = smtp;
            if (to == null || next == null) {
                if (trustedCa != null) {
                    throw new OptionException("gateway.deliver.trusted_ca", "needs smart_host or lmtp beside it");
                }
                return Optional.ofNullable(plain);
            }
            Optional<String> trusted = Optional.ofNullable(trustedCa);
            return Optional.of(new Destination(next, true, () -> to.apply(client(trusted))));
        }

        private static SmtpDelivery.Builder client(Optional<String> trusted) throws IOException {
            SmtpDelivery.Builder builder = SmtpDelivery.builder();
            if (trusted.isPresent()) {
                builder.tls(
                        ClientTls.builder().trust(KeySource.file(trusted.get())).build());
            }
            return builder;
        }
    }
}
