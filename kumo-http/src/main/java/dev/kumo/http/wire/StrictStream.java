package dev.kumo.http.wire;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Headers.PseudoHeaderName;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * Refuses requests of HTTP/2 that are malformed in ways that Netty lets pass: without a method, a scheme or a path, for a
 * protocol that was not offered (RFC 8441), or with two hosts (RFC 9113 sections 8.1.1 and 8.3.1).
 */
final class StrictStream extends ChannelInboundHandlerAdapter {

    private boolean begun;
    private boolean broken;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object frame) {
        if (!begun && frame instanceof Http2HeadersFrame request) {
            begun = true;
            if (!isWellFormed(request.headers())) {
                broken = true;
                ctx.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.PROTOCOL_ERROR));
            }
        }
        if (broken) {
            ReferenceCountUtil.release(frame);
        } else {
            ctx.fireChannelRead(frame);
        }
    }

    private static boolean isWellFormed(Http2Headers headers) {
        CharSequence method = headers.method();
        if (method == null || method.isEmpty() || headers.contains(PseudoHeaderName.PROTOCOL.value())) {
            return false;
        }
        boolean connect = AsciiString.contentEquals(HttpMethod.CONNECT.asciiName(), method);
        return (connect || isThere(headers.scheme()) && isThere(headers.path())) && hasOneHost(headers);
    }

    private static boolean isThere(@Nullable CharSequence value) {
        return value != null && !value.isEmpty();
    }

    private static boolean hasOneHost(Http2Headers headers) {
        CharSequence authority = headers.authority();
        return authority == null
                || headers.getAll(HttpHeaderNames.HOST).stream()
                        .allMatch(host -> AsciiString.contentEqualsIgnoreCase(host, authority));
    }
}
