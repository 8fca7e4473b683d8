package dev.kumo.smtp.server;

import dev.kumo.core.log.Link;
import dev.kumo.core.mail.Reply;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A bound port: accepts clients, gives each a session, and lets go of them when it closes. */
final class SmtpServer {

    private static final int BACKLOG = 4096;
    private static final int EVENT_LOOPS = Runtime.getRuntime().availableProcessors();

    private final SessionContext context;
    private final EventLoopGroup loops;
    private final Channel port;
    private final Map<Channel, Client> connections = new ConcurrentHashMap<>();
    private final AtomicInteger connected = new AtomicInteger();
    private final CountDownLatch drained = new CountDownLatch(1);
    private volatile boolean closing;

    private record Client(SmtpConnection connection, Link link) {}

    private SmtpServer(SessionContext context, InetSocketAddress address) throws IOException {
        this.context = context;
        boolean epoll = Epoll.isAvailable();
        IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        this.loops = new MultiThreadIoEventLoopGroup(
                EVENT_LOOPS, new DefaultThreadFactory("kumo-smtp-" + address.getPort()), io);
        this.port = bind(address, epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class);
    }

    static SmtpServer open(SessionContext context, InetSocketAddress address) throws IOException {
        return new SmtpServer(context, address);
    }

    private Channel bind(InetSocketAddress address, Class<? extends ServerChannel> type) throws IOException {
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
            throw new IOException(
                    "cannot listen on " + context.options().listen() + ": " + reason(bound.cause()), bound.cause());
        }
        return bound.channel();
    }

    /** Without the system call and its number, which Netty's native transports put in front. */
    private static String reason(Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        return message.contains("failed with error(") ? message.substring(message.lastIndexOf(": ") + 2) : message;
    }

    InetSocketAddress address() {
        return (InetSocketAddress) port.localAddress();
    }

    /** How many clients are connected. */
    int connections() {
        return connections.size();
    }

    /** Some of the connections. */
    List<Link> links(int most) {
        return connections.values().stream().limit(most).map(Client::link).toList();
    }

    private void accept(Channel channel) {
        // First of all, so that a place is given back whatever happens from here on.
        boolean tooMany = connected.incrementAndGet() > context.options().maxConnections();
        channel.closeFuture().addListener(closed -> left(channel));
        if (tooMany) {
            if (context.options().implicitTls()) {
                channel.close(); // a reply would cost a handshake first
            } else {
                refuse(channel, context.replies().tooManyConnections);
            }
            return;
        }
        SmtpSession session = new SmtpSession(
                context,
                new Peer(
                        (InetSocketAddress) channel.remoteAddress(),
                        (InetSocketAddress) channel.localAddress(),
                        context.options().hostname(),
                        context.random()));
        SmtpConnection connection = new SmtpConnection(context, session);
        Link link = new Link(
                session.peer().client(), session.peer().local(), context.time().instant());
        connections.put(channel, new Client(connection, link));
        context.observer().connected(link);
        channel.closeFuture()
                .addListener(closed ->
                        context.observer().disconnected(link, context.time().instant()));
        if (context.options().implicitTls()) {
            channel.pipeline().addLast(context.tlsHandler(channel));
        }
        channel.pipeline().addLast(connection);
        if (closing) {
            connection.shutDown();
        }
    }

    private void left(Channel channel) {
        connections.remove(channel);
        if (connected.decrementAndGet() == 0 && closing) {
            drained.countDown();
        }
    }

    private static void refuse(Channel channel, Reply reply) {
        channel.writeAndFlush(Unpooled.copiedBuffer(reply.wire(), StandardCharsets.UTF_8))
                .addListener(ChannelFutureListener.CLOSE);
    }

    /** Accepts no more, lets transactions end within the grace period, and closes what is left. */
    void close(Duration gracePeriod) {
        port.close().awaitUninterruptibly();
        closing = true;
        connections.forEach((channel, client) -> channel.eventLoop().execute(client.connection()::shutDown));
        if (connected.get() > 0) {
            awaitDrained(gracePeriod);
        }
        connections.keySet().forEach(Channel::close);
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private void awaitDrained(Duration gracePeriod) {
        try {
            drained.await(gracePeriod.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closes at once
        }
    }
}
