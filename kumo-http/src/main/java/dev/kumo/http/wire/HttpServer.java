package dev.kumo.http.wire;

import dev.kumo.core.log.Link;
import dev.kumo.core.net.HostPort;
import dev.kumo.tls.ServerTls;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A bound port: accepts clients, gives each a pipeline, and lets go of them when it closes. */
public final class HttpServer {

    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);

    private static final int BACKLOG = 1024;
    private static final int EVENT_LOOPS = Runtime.getRuntime().availableProcessors();

    private final ServerContext context;
    private final EventLoopGroup loops;
    private final Channel port;

    /** How each connection is shut down: by closing it, until it is known what it speaks. */
    private final Map<Channel, Runnable> connections = new ConcurrentHashMap<>();

    private final Map<Channel, Link> links = new ConcurrentHashMap<>();

    private final AtomicInteger connected = new AtomicInteger();
    private final CountDownLatch drained = new CountDownLatch(1);

    private HttpServer(ServerContext context, HostPort listen) throws IOException {
        InetSocketAddress address = listen.resolve();
        this.context = context;
        boolean epoll = Epoll.isAvailable();
        IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        this.loops = new MultiThreadIoEventLoopGroup(
                EVENT_LOOPS, new DefaultThreadFactory("kumo-http-" + address.getPort()), io);
        this.port = bind(listen, address, epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class);
    }

    /**
     * Binds a port.
     *
     * @throws IOException if it cannot be had
     */
    public static HttpServer open(ServerContext context, HostPort listen) throws IOException {
        return new HttpServer(context, listen);
    }

    private Channel bind(HostPort listen, InetSocketAddress address, Class<? extends ServerChannel> type)
            throws IOException {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops)
                .channel(type)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                // A client may close its side and still read the answers to what it has sent.
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        accept(channel);
                    }
                });
        var bound = bootstrap.bind(address).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            loops.shutdownGracefully(0, 0, TimeUnit.SECONDS).awaitUninterruptibly();
            throw new IOException("cannot listen on " + listen + ": " + reason(bound.cause()), bound.cause());
        }
        return bound.channel();
    }

    /** Without the system call and its number, which Netty's native transports put in front. */
    private static String reason(Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        return message.contains("failed with error(") ? message.substring(message.lastIndexOf(": ") + 2) : message;
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) port.localAddress();
    }

    /** How many clients are connected. */
    public int connections() {
        return links.size();
    }

    /** Some of the connections. */
    public List<Link> links(int most) {
        return links.values().stream().limit(most).toList();
    }

    private void accept(Channel channel) {
        // First of all, so that a place is given back whatever happens from here on.
        boolean tooMany = connected.incrementAndGet() > context.bounds().maxConnections();
        channel.closeFuture().addListener(closed -> left(channel));
        if (tooMany) {
            context.metrics().denied();
            channel.close(); // an answer could cost a handshake first
            return;
        }
        Link link = new Link(
                (InetSocketAddress) channel.remoteAddress(),
                (InetSocketAddress) channel.localAddress(),
                context.time().instant());
        context.metrics().connected();
        tell(() -> context.observer().connected(link));
        channel.closeFuture().addListener(closed -> {
            context.metrics().disconnected();
            tell(() -> context.observer().disconnected(link, context.time().instant()));
        });
        connections.put(channel, channel::close);
        links.put(channel, link);
        ServerTls tls = context.tls();
        if (tls != null) {
            channel.pipeline().addLast(tls.handlerFor(channel, context.bounds().headerTimeout()));
        }
        channel.pipeline()
                .addLast(new Protocols(
                        context, channel, tls != null, shutDown -> connections.replace(channel, shutDown)));
        if (context.isClosing()) {
            channel.close();
        }
    }

    /** Observers decide nothing: a connection goes on whatever becomes of the telling. */
    private static void tell(Runnable event) {
        try {
            event.run();
        } catch (RuntimeException e) {
            LOG.error("An observer failed", e);
        }
    }

    private void left(Channel channel) {
        connections.remove(channel);
        links.remove(channel);
        if (connected.decrementAndGet() == 0 && context.isClosing()) {
            drained.countDown();
        }
    }

    /** Accepts no more, lets requests end within the grace period, and closes what is left. */
    public void close(Duration gracePeriod) {
        port.close().awaitUninterruptibly();
        context.beginClosing();
        connections
                .keySet()
                .forEach(channel -> channel.eventLoop().execute(() -> {
                    Runnable shutDown = connections.get(channel);
                    if (shutDown != null) {
                        shutDown.run();
                    }
                }));
        if (connected.get() > 0) {
            awaitDrained(gracePeriod);
        }
        connections.keySet().forEach(HttpServer::cut);
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    /** Beneath TLS and HTTP/2, which would first try to say goodbye. */
    private static void cut(Channel channel) {
        channel.eventLoop().execute(() -> channel.pipeline().firstContext().close());
    }

    private void awaitDrained(Duration gracePeriod) {
        try {
            drained.await(gracePeriod.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closes at once
        }
    }
}
