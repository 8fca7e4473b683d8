package dev.kumo.http.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.util.List;

/**
 * Finds out what a client speaks: over TLS by ALPN (RFC 7301), in clear by the preface of HTTP/2 (RFC 9113 section 3.3),
 * and HTTP/1.1 otherwise.
 */
final class Protocols extends ByteToMessageDecoder {

    private static final ByteBuf PREFACE =
            Unpooled.unreleasableBuffer(Http2CodecUtil.connectionPrefaceBuf()).asReadOnly();

    private final ServerContext server;
    private final boolean tls;
    private final Patience patience;
    private Runnable shutDown;
    private boolean begun;

    Protocols(ServerContext server, Channel channel, boolean tls) {
        this.server = server;
        this.tls = tls;
        this.shutDown = channel::close; // until it is known what it speaks
        this.patience = new Patience(channel.eventLoop(), channel::close);
        patience.expect(server.bounds().idleTimeout());
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (tls) {
            return; // the handshake says what follows
        }
        if (!begun && in.isReadable()) {
            begun = true;
            patience.expect(server.bounds().headerTimeout());
        }
        int length = Math.min(in.readableBytes(), PREFACE.readableBytes());
        if (!in.slice(in.readerIndex(), length).equals(PREFACE.slice(0, length))) {
            http1(ctx);
        } else if (length == PREFACE.readableBytes()) {
            http2(ctx);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
        if (event instanceof SslHandshakeCompletionEvent done && done.isSuccess()) {
            SslHandler handler = ctx.pipeline().get(SslHandler.class);
            if (ApplicationProtocolNames.HTTP_2.equals(handler.applicationProtocol())) {
                http2(ctx);
            } else {
                http1(ctx);
            }
        }
        if (event instanceof ChannelInputShutdownEvent) {
            ctx.close(); // before it has said anything
        }
        super.userEventTriggered(ctx, event);
    }

    /** Ends the connection as soon as no request is interrupted by it. */
    void shutDown() {
        shutDown.run();
    }

    private void http1(ChannelHandlerContext ctx) {
        patience.cancel();
        ctx.channel().config().setAutoRead(false);
        Exchange exchange = new Exchange(server, false);
        shutDown = exchange::shutDown;
        ctx.pipeline()
                .addLast(new StrictRequestDecoder(server.bounds().maxHeaderSize(), exchange::headerBegan))
                .addLast(new HttpResponseEncoder())
                .addLast(exchange);
        ctx.pipeline().remove(this);
    }

    private void http2(ChannelHandlerContext ctx) {
        patience.cancel();
        Http2Connection connection = new Http2Connection(server);
        shutDown = connection::shutDown;
        ChannelPipeline pipeline = ctx.pipeline();
        connection.addTo(pipeline);
        pipeline.remove(this);
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext ctx) {
        patience.cancel();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        patience.cancel();
        super.channelInactive(ctx);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close(); // a failed handshake, or a connection that broke
    }
}
