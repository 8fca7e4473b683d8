package dev.kumo.http.wire;

import dev.kumo.core.log.Link;
import dev.kumo.core.net.HostPort;
import dev.kumo.tls.ServerTls;
import dev.kumo.tls.port.BoundPort;
import io.netty.channel.Channel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An open port, at which each client finds what speaks its protocol. */
public final class HttpServer {

    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);

    private final ServerContext context;
    private final BoundPort port;

    private HttpServer(ServerContext context, HostPort listen, Predicate<InetAddress> trusted) throws IOException {
        this.context = context;
        this.port = BoundPort.open(
                listen,
                "kumo-http",
                context.bounds().maxConnections(),
                context.time(),
                new Clients(context, trusted, new Crowd(context.bounds().maxConnectionsPerAddress())));
    }

    /**
     * Binds a port.
     *
     * @param trusted whose connections are not counted by address
     * @throws IOException if it cannot be had
     */
    public static HttpServer open(ServerContext context, HostPort listen, Predicate<InetAddress> trusted)
            throws IOException {
        return new HttpServer(context, listen, trusted);
    }

    public InetSocketAddress address() {
        return port.address();
    }

    /** How many clients are connected. */
    public int connections() {
        return port.connections();
    }

    /** Some of the connections. */
    public List<Link> links(int most) {
        return port.links(most);
    }

    /** Accepts no more, lets requests end within the grace period, and closes what is left. */
    public void close(Duration gracePeriod) {
        context.beginClosing();
        port.close(gracePeriod);
    }

    private record Clients(ServerContext context, Predicate<InetAddress> trusted, Crowd strangers)
            implements BoundPort.Host {

        @Override
        public Runnable accept(Channel client, Link link) {
            InetAddress address = link.client().getAddress();
            if (!trusted.test(address)) {
                if (!strangers.enter(address)) {
                    refuse(client);
                    return client::close;
                }
                client.closeFuture().addListener(closed -> strangers.leave(address));
            }
            context.metrics().connected();
            tell(() -> context.observer().connected(link));
            client.closeFuture().addListener(closed -> {
                context.metrics().disconnected();
                tell(() -> context.observer().disconnected(link, context.time().instant()));
            });
            ServerTls tls = context.tls();
            if (tls != null) {
                client.pipeline()
                        .addLast(tls.handlerFor(client, context.bounds().headerTimeout()));
            }
            Protocols protocols = new Protocols(context, client, tls != null);
            client.pipeline().addLast(protocols);
            return protocols::shutDown;
        }

        @Override
        public void refuse(Channel client) {
            context.metrics().denied();
            client.close(); // an answer could cost a handshake first
        }

        /** Observers decide nothing: a connection goes on whatever becomes of the telling. */
        private static void tell(Runnable event) {
            try {
                event.run();
            } catch (RuntimeException e) {
                LOG.error("An observer failed", e);
            }
        }
    }
}
