package dev.kumo.http.wire;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DateFormatter;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.Date;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One who watches a broadcast: an answer that goes on, as server-sent events (HTML standard, section 9.2). At most one event is on its
 * way; those that come meanwhile are left out. What the client still sends is dropped.
 */
final class EventStream extends Ongoing implements Broadcast.Watcher {

    private final ServerContext server;
    private final Broadcast broadcast;
    private final Channel channel;
    private final boolean http2;
    private final Patience patience;
    private final AtomicBoolean busy = new AtomicBoolean();
    private @Nullable ChannelHandlerContext context;
    private boolean ended;

    EventStream(ServerContext server, Broadcast broadcast, Channel channel, boolean http2) {
        this.server = server;
        this.broadcast = broadcast;
        this.channel = channel;
        this.http2 = http2;
        this.patience = new Patience(channel.eventLoop(), channel::close);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        head.headers()
                .set(
                        HttpHeaderNames.DATE,
                        DateFormatter.format(Date.from(server.time().instant())))
                .set(HttpHeaderNames.CONTENT_TYPE, "text/event-stream")
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
                .set("x-content-type-options", "nosniff");
        if (!http2) {
            head.headers()
                    .set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED)
                    .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        ctx.writeAndFlush(head);
        ctx.read();
    }

    @Override
    public void offer(byte[] event) {
        if (busy.compareAndSet(false, true)) {
            channel.eventLoop().execute(() -> send(event));
        }
    }

    private void send(byte[] event) {
        if (ended) {
            return;
        }
        patience.expect(server.bounds().writeTimeout());
        Objects.requireNonNull(context)
                .writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(event)))
                .addListener(sent -> {
                    patience.suspend();
                    busy.set(false);
                });
    }

    @Override
    void shutDown() {
        end();
    }

    @Override
    public void end() {
        channel.eventLoop().execute(() -> {
            if (!ended) {
                ended = true;
                patience.expect(server.bounds().writeTimeout());
                Objects.requireNonNull(context)
                        .writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT)
                        .addListener(ChannelFutureListener.CLOSE);
            }
        });
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object part) {
        ReferenceCountUtil.release(part);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ctx.read(); // or it would not be heard that the client has gone
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            ctx.close();
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        ended = true;
        patience.cancel();
        broadcast.leave(this);
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
