package dev.kumo.smtp.client;

import dev.kumo.core.mail.DomainName;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.resolver.ResolvedAddressTypes;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsNameResolverChannelStrategy;
import io.netty.resolver.dns.DnsServerAddressStream;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.resolver.dns.DnsServerAddressStreamProviders;
import io.netty.resolver.dns.NoopDnsCache;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** A {@link DnsResolver} on Netty's. All state belongs to one event loop. */
final class NettyDns implements DnsResolver {

    /** How often a question is sent before it is given up. */
    static final int TRIES = 3;

    static final int MOST_AT_ONCE = 128;
    private static final int MOST_WAITING = 10_000;
    private static final Duration LONGEST_PATIENCE = Duration.ofMinutes(1);

    /** Larger datagrams are cut into fragments on the way, which get lost and can be forged; RFC 9715. */
    private static final int LARGEST_DATAGRAM = 1232;

    private final EventLoopGroup loops;
    private final EventLoop loop;
    private final DnsNameResolver resolver;
    private final Supplier<List<InetSocketAddress>> servers;
    private final Duration patience;
    private final Queue<Inquiry<?>> waiting = new ArrayDeque<>();
    private final Set<Inquiry<?>> open = new HashSet<>();
    private boolean closed;

    private NettyDns(Supplier<List<InetSocketAddress>> servers, Duration patience) {
        if (patience.toMillis() < TRIES || patience.compareTo(LONGEST_PATIENCE) > 0) {
            throw new IllegalArgumentException("patience with the DNS is " + TRIES + " ms to "
                    + LONGEST_PATIENCE.toSeconds() + " s, not " + patience);
        }
        this.servers = servers;
        this.patience = patience;
        boolean epoll = Epoll.isAvailable();
        this.loops = new MultiThreadIoEventLoopGroup(
                1,
                new DefaultThreadFactory("kumo-dns", true),
                epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        this.loop = loops.next();
        this.resolver = new DnsNameResolverBuilder(loop)
                .datagramChannelType(epoll ? EpollDatagramChannel.class : NioDatagramChannel.class)
                .socketChannelType(epoll ? EpollSocketChannel.class : NioSocketChannel.class)
                // A port of its own for each question: who has to guess it can hardly forge the answer, RFC 5452.
                .datagramChannelStrategy(DnsNameResolverChannelStrategy.ChannelPerResolution)
                .queryTimeoutMillis(patience.toMillis() / TRIES)
                .maxPayloadSize(LARGEST_DATAGRAM)
                // The rest serves Netty's own look-up of addresses, which is not used; its defaults read files.
                .nameServerProvider(name -> unused())
                .queryServerAddressStream(unused())
                .hostsFileEntriesResolver((name, types) -> null)
                .resolvedAddressTypes(ResolvedAddressTypes.IPV4_ONLY)
                .resolveCache(NoopDnsCache.INSTANCE)
                .searchDomains(List.of())
                .ndots(1)
                .build();
    }

    static NettyDns of(List<InetSocketAddress> servers, Duration patience) {
        List<InetSocketAddress> given = List.copyOf(servers);
        if (given.isEmpty()) {
            throw new IllegalArgumentException("no name server is given: name one, or use DnsResolver.system()");
        }
        for (InetSocketAddress server : given) {
            if (server.isUnresolved()) {
                throw new IllegalArgumentException("name server " + server + " is not given by its IP address");
            }
        }
        List<InetSocketAddress> first = List.copyOf(given.subList(0, Math.min(TRIES, given.size())));
        return new NettyDns(() -> first, patience);
    }

    static NettyDns system(Duration patience) {
        DnsServerAddressStreamProvider system = DnsServerAddressStreamProviders.platformDefault();
        return new NettyDns(() -> first(system.nameServerAddressStream("")), patience);
    }

    private static List<InetSocketAddress> first(DnsServerAddressStream stream) {
        List<InetSocketAddress> servers = new ArrayList<>();
        for (int i = Math.min(TRIES, stream.size()); i > 0; i--) {
            servers.add(stream.next());
        }
        return servers;
    }

    private static DnsServerAddressStream unused() {
        return new DnsServerAddressStream() {
            @Override
            public InetSocketAddress next() {
                throw new IllegalStateException("each question names its server");
            }

            @Override
            public int size() {
                return 0;
            }

            @Override
            public DnsServerAddressStream duplicate() {
                return this;
            }
        };
    }

    @Override
    public <T> CompletionStage<DnsAnswer<T>> lookup(String name, DnsType<T> type) {
        Inquiry<T> inquiry = new Inquiry<>(DomainName.normalize(name), type, resolver::query, servers);
        try {
            loop.execute(() -> admit(inquiry));
        } catch (RejectedExecutionException afterClose) {
            inquiry.fail("the resolver is closed");
        }
        return inquiry.answer().minimalCompletionStage(); // which nobody else can complete
    }

    private void admit(Inquiry<?> inquiry) {
        if (closed) {
            inquiry.fail("the resolver is closed");
            return;
        }
        if (open.size() >= MOST_AT_ONCE && waiting.size() >= MOST_WAITING) {
            inquiry.fail("more than " + MOST_WAITING + " questions wait for others");
            return;
        }
        var timer = loop.schedule(
                () -> inquiry.fail("no answer within " + patience.toMillis() + " ms"),
                patience.toMillis(),
                TimeUnit.MILLISECONDS);
        inquiry.answer().whenComplete((answer, never) -> {
            timer.cancel(false);
            left(inquiry);
        });
        if (open.size() < MOST_AT_ONCE) {
            open(inquiry);
        } else {
            waiting.add(inquiry);
        }
    }

    private void open(Inquiry<?> inquiry) {
        open.add(inquiry);
        inquiry.ask();
    }

    private void left(Inquiry<?> inquiry) {
        if (!open.remove(inquiry)) {
            waiting.remove(inquiry);
        } else if (!closed) {
            Inquiry<?> next = waiting.poll();
            if (next != null) {
                // Not from here: a row of inquiries that fail at once would be a tower of calls.
                loop.execute(() -> open(next));
            }
        }
    }

    @Override
    public void close() {
        try {
            loop.execute(this::failAll);
        } catch (RejectedExecutionException closedBefore) {
            return;
        }
        loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private void failAll() {
        closed = true;
        List<Inquiry<?>> all = new ArrayList<>(open);
        all.addAll(waiting);
        all.forEach(inquiry -> inquiry.fail("the resolver is closed"));
        resolver.close();
    }
}
