package dev.kumo.http.wire;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.util.ReferenceCountUtil;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection of HTTP/2 (RFC 9113): each stream is an {@link Exchange}; without a stream it may idle for a while. */
final class Http2Connection extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);

    /** What a client may send on one stream before its request is worked on. */
    private static final int WINDOW = 65_535;

    private final ServerContext server;
    private @Nullable ChannelHandlerContext context;
    private @Nullable Patience patience;
    private int streams;

    Http2Connection(ServerContext server) {
        this.server = server;
    }

    void addTo(ChannelPipeline pipeline) {
        Bounds bounds = server.bounds();
        pipeline.addLast(Http2FrameCodecBuilder.forServer()
                .initialSettings(Http2Settings.defaultSettings()
                        .maxConcurrentStreams(bounds.maxStreams())
                        .maxHeaderListSize(bounds.maxHeaderSize())
                        .initialWindowSize(WINDOW))
                .validateHeaders(true)
                .gracefulShutdownTimeoutMillis(bounds.closeGracePeriod().toMillis())
                .build());
        pipeline.addLast(new Http2MultiplexHandler(new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel stream) {
                opened(stream);
            }
        }));
        pipeline.addLast(this);
    }

    private void opened(Channel stream) {
        streams++;
        patience().suspend();
        stream.closeFuture().addListener(closed -> {
            if (--streams == 0) {
                patience().expect(server.bounds().idleTimeout());
            }
        });
        stream.config().setAutoRead(false);
        stream.pipeline()
                .addLast(new StrictStream())
                .addLast(new Http2StreamFrameToHttpObjectCodec(true))
                .addLast(new Exchange(server, true));
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        patience = new Patience(ctx.executor(), ctx::close);
        patience.expect(server.bounds().idleTimeout());
    }

    /** Sends GOAWAY, and closes once the streams that are here have ended. */
    void shutDown() {
        Objects.requireNonNull(context).close();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object frame) {
        ReferenceCountUtil.release(frame); // settings and the like, which the codec has dealt with
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            ctx.close(); // no further request can come
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        patience().cancel();
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("a connection failed: {}", String.valueOf(cause));
        if (!(cause instanceof Http2Exception)) { // of those, the codec tells the client
            ctx.close();
        }
    }

    private Patience patience() {
        return Objects.requireNonNull(patience);
    }
}
