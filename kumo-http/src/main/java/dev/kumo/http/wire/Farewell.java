package dev.kumo.http.wire;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;

/**
 * Ends a connection so that the client can read the last answer: our side is closed, and what the client still sends is
 * read and dropped (RFC 9112 section 9.6). Closed at once, the kernel would answer it with a reset, which can overtake
 * the answer.
 */
final class Farewell {

    private Farewell() {}

    /**
     * Ends the output. The channel closes when the input ends too; who calls sees to it that it does.
     *
     * @param inputEnded whether there is nothing to wait for
     */
    static void say(Channel channel, boolean inputEnded) {
        if (inputEnded || !(channel instanceof DuplexChannel duplex)) {
            channel.close();
            return;
        }
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        ChannelFuture told = tls == null ? channel.newSucceededFuture() : tls.closeOutbound();
        channel.pipeline().addFirst(new Drain());
        told.addListener(ended -> {
            duplex.shutdownOutput();
            channel.config().setAutoRead(true);
        });
    }

    /** Stands before TLS, so that what is dropped is not deciphered first. */
    private static final class Drain extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object bytes) {
            ReferenceCountUtil.release(bytes);
        }
    }
}
