package dev.kumo.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;

/** A client and a server with nothing but memory between them. */
final class Wire {

    final EmbeddedChannel server = new EmbeddedChannel();
    final EmbeddedChannel client;
    final Ear serverHears = new Ear();
    final Ear clientHears = new Ear();

    private Wire(ServerTls tls, SslHandler clientTls) {
        server.pipeline().addLast(serverHears);
        server.pipeline().addFirst(tls.handlerFor(server, Duration.ofSeconds(10)));
        client = new EmbeddedChannel(clientTls, clientHears);
    }

    /** What comes through. */
    static final class Ear extends ChannelInboundHandlerAdapter {

        final StringBuilder text = new StringBuilder();
        final List<SslHandshakeCompletionEvent> handshakes = new ArrayList<>();

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            text.append(bytes.toString(StandardCharsets.US_ASCII));
            bytes.release();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof SslHandshakeCompletionEvent handshake) {
                handshakes.add(handshake);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            // a failed handshake is told by its event
        }

        boolean secured() {
            return handshakes.size() == 1 && handshakes.get(0).isSuccess();
        }

        boolean refused() {
            return handshakes.size() == 1 && !handshakes.get(0).isSuccess();
        }
    }

    static Wire connect(ServerTls tls, SslContext clientContext, String serverName) {
        EmbeddedChannel allocates = new EmbeddedChannel();
        Wire wire = new Wire(
                tls,
                serverName.isEmpty()
                        ? clientContext.newHandler(allocates.alloc())
                        : clientContext.newHandler(allocates.alloc(), serverName, 25));
        wire.pump();
        return wire;
    }

    static Wire connect(ServerTls tls, TestCa trusted, String serverName) {
        return connect(tls, client(trusted), serverName);
    }

    /** A client that verifies, as the most careful senders do. */
    static SslContext client(TestCa trusted, String... protocols) {
        return build(verifying(trusted, protocols));
    }

    static SslContextBuilder verifying(TestCa trusted, String... protocols) {
        SslContextBuilder builder =
                SslContextBuilder.forClient().sslProvider(SslProvider.JDK).trustManager(trusted.certificate);
        return protocols.length == 0 ? builder : builder.protocols(protocols);
    }

    static SslContext believing() {
        return build(SslContextBuilder.forClient()
                .sslProvider(SslProvider.JDK)
                .endpointIdentificationAlgorithm(null)
                .trustManager(InsecureTrustManagerFactory.INSTANCE));
    }

    static SslContext build(SslContextBuilder builder) {
        try {
            return builder.build();
        } catch (SSLException e) {
            throw new AssertionError(e);
        }
    }

    /** Carries bytes to and fro until there are none. */
    void pump() {
        boolean moved;
        do {
            moved = carry(client, server);
            moved |= carry(server, client);
        } while (moved);
    }

    private static boolean carry(EmbeddedChannel from, EmbeddedChannel to) {
        boolean moved = false;
        try {
            from.runPendingTasks();
            for (ByteBuf bytes = from.readOutbound(); bytes != null; bytes = from.readOutbound()) {
                moved = true;
                to.pipeline().fireChannelRead(bytes);
                to.pipeline().fireChannelReadComplete();
            }
            to.runPendingTasks();
            to.checkException();
        } catch (DecoderException e) {
            return true; // a failed handshake, which its event tells as well
        }
        return moved;
    }

    Wire clientSays(String text) {
        client.writeOutbound(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
        pump();
        return this;
    }

    Wire serverSays(String text) {
        server.writeOutbound(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
        pump();
        return this;
    }

    boolean secured() {
        return serverHears.secured() && clientHears.secured();
    }

    /** The certificate that the client was shown. */
    X509Certificate shown() {
        try {
            return (X509Certificate) client.pipeline()
                    .get(SslHandler.class)
                    .engine()
                    .getSession()
                    .getPeerCertificates()[0];
        } catch (SSLPeerUnverifiedException e) {
            throw new AssertionError(e);
        }
    }

    TlsSession session() {
        return TlsSession.of(server).orElseThrow();
    }

    /** What a server answers to bytes of a client, in a connection of its own. */
    static byte[] answer(ServerTls tls, byte[] sent) {
        EmbeddedChannel channel = new EmbeddedChannel();
        ChannelHandler quiet = new Ear();
        channel.pipeline().addLast(quiet);
        channel.pipeline().addFirst(tls.handlerFor(channel, Duration.ofSeconds(10)));
        channel.pipeline().fireChannelRead(Unpooled.wrappedBuffer(sent));
        channel.pipeline().fireChannelReadComplete();
        channel.runPendingTasks();
        ByteBuf all = Unpooled.buffer();
        for (ByteBuf bytes = channel.readOutbound(); bytes != null; bytes = channel.readOutbound()) {
            all.writeBytes(bytes);
            bytes.release();
        }
        byte[] answered = new byte[all.readableBytes()];
        all.readBytes(answered);
        channel.close();
        return answered;
    }
}
