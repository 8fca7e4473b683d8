package dev.kumo.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SniHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Waits for the name that a client asks for, then leaves its place to the handler of the identity for it. */
final class NameHandler extends SniHandler {

    private static final int LONGEST_CLIENT_HELLO = 64 * 1024; // with keys of post-quantum size; Netty's own is 16 MiB

    private final long timeoutMillis;

    NameHandler(Contexts contexts, Duration handshakeTimeout) {
        super(contexts::choose, LONGEST_CLIENT_HELLO, TimeUnit.MILLISECONDS.convert(handshakeTimeout));
        this.timeoutMillis = TimeUnit.MILLISECONDS.convert(handshakeTimeout);
    }

    @Override
    protected SslHandler newSslHandler(SslContext context, ByteBufAllocator allocator) {
        SslHandler handler = super.newSslHandler(context, allocator);
        handler.setHandshakeTimeoutMillis(timeoutMillis);
        return handler;
    }
}
