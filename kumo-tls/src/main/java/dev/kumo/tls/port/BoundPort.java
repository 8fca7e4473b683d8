package dev.kumo.tls.port;

import dev.kumo.core.log.Link;
import dev.kumo.core.net.HostPort;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
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
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.nio.channels.spi.SelectorProvider;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A bound TCP port: accepts clients, no more than some at once, and lets go of them when it closes. */
public final class BoundPort {

    private static final int BACKLOG = 4096;
    private static final int EVENT_LOOPS = Runtime.getRuntime().availableProcessors();

    /** Who speaks with the clients of a port. */
    public interface Host {

        /**
         * Takes a client: gives its channel a pipeline. Called on its event loop.
         *
         * @param client a connection
         * @param link whose it is
         * @return asks the connection to end as soon as nothing is interrupted by it; run on its event loop when the
         *     port closes
         */
        Runnable accept(Channel client, Link link);

        /**
         * Refuses a client, as there is no place: closes its channel, after a word perhaps. Called on its event loop.
         *
         * @param client a connection
         */
        void refuse(Channel client);
    }

    private record Guest(Link link, Runnable shutDown) {}

    private final Host host;
    private final int maxConnections;
    private final InstantSource time;
    private final EventLoopGroup loops;
    private final Channel port;
    private final Map<Channel, Guest> connections = new ConcurrentHashMap<>();
    private final AtomicInteger connected = new AtomicInteger();
    private final CountDownLatch drained = new CountDownLatch(1);
    private volatile boolean closing;

    private BoundPort(HostPort listen, String name, int maxConnections, InstantSource time, Host host)
            throws IOException {
        InetSocketAddress address = listen.resolve();
        this.host = host;
        this.maxConnections = maxConnections;
        this.time = time;
        boolean epoll = Epoll.isAvailable();
        IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        this.loops = new MultiThreadIoEventLoopGroup(
                EVENT_LOOPS, new DefaultThreadFactory(name + "-" + address.getPort()), io);
        this.port = bind(listen, address, () -> socket(address, epoll));
    }

    /**
     * Binds a port.
     *
     * @param listen where
     * @param name what the names of its threads begin with
     * @param maxConnections how many clients may be connected at once
     * @param time when a client came
     * @param host who speaks with them; may be called before this returns
     * @return the port, open
     * @throws IOException if it cannot be had
     */
    public static BoundPort open(HostPort listen, String name, int maxConnections, InstantSource time, Host host)
            throws IOException {
        return new BoundPort(listen, name, maxConnections, time, host);
    }

    /** For an address of IPv4 one of IPv4 alone: a socket of both would take 0.0.0.0 for all addresses of either. */
    private static ServerChannel socket(InetSocketAddress address, boolean epoll) {
        if (address.getAddress() instanceof Inet4Address) {
            return epoll
                    ? new EpollServerSocketChannel(SocketProtocolFamily.INET)
                    : new NioServerSocketChannel(SelectorProvider.provider(), SocketProtocolFamily.INET);
        }
        return epoll ? new EpollServerSocketChannel() : new NioServerSocketChannel();
    }

    private Channel bind(HostPort listen, InetSocketAddress address, ChannelFactory<ServerChannel> sockets)
            throws IOException {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops)
                .channelFactory(sockets)
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
        ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
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

    /**
     * Where it is bound.
     *
     * @return the address and the port, the one chosen where port 0 was asked for
     */
    public InetSocketAddress address() {
        return (InetSocketAddress) port.localAddress();
    }

    /**
     * How many clients are connected, without those that were refused.
     *
     * @return a number that may have changed by now
     */
    public int connections() {
        return connections.size();
    }

    /**
     * Some of the clients that are connected.
     *
     * @param most how many at most
     * @return in no order
     */
    public List<Link> links(int most) {
        return connections.values().stream().limit(most).map(Guest::link).toList();
    }

    private void accept(Channel channel) {
        // First of all, so that a place is given back whatever happens from here on.
        boolean tooMany = connected.incrementAndGet() > maxConnections;
        channel.closeFuture().addListener(closed -> left(channel));
        if (tooMany) {
            host.refuse(channel);
            return;
        }
        Link link = new Link(
                (InetSocketAddress) channel.remoteAddress(),
                (InetSocketAddress) channel.localAddress(),
                time.instant());
        connections.put(channel, new Guest(link, channel::close)); // until the host has a better way
        Runnable shutDown = host.accept(channel, link);
        connections.replace(channel, new Guest(link, shutDown));
        if (closing) {
            shutDown.run();
        }
    }

    private void left(Channel channel) {
        connections.remove(channel);
        if (connected.decrementAndGet() == 0 && closing) {
            drained.countDown();
        }
    }

    /**
     * Accepts no more, lets connections end, and cuts those that are left.
     *
     * @param gracePeriod how long they have
     */
    public void close(Duration gracePeriod) {
        port.close().awaitUninterruptibly();
        closing = true;
        connections.forEach((channel, guest) -> channel.eventLoop().execute(guest.shutDown()));
        if (connected.get() > 0) {
            awaitDrained(gracePeriod);
        }
        connections.keySet().forEach(BoundPort::cut);
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    /** Beneath TLS and HTTP/2, which would first try to say goodbye. */
    private static void cut(Channel channel) {
        channel.eventLoop().execute(() -> {
            ChannelHandlerContext first = channel.pipeline().firstContext();
            if (first == null) {
                channel.close();
            } else {
                first.close();
            }
        });
    }

    private void awaitDrained(Duration gracePeriod) {
        try {
            drained.await(gracePeriod.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closes at once
        }
    }
}
