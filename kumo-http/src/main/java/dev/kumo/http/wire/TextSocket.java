package dev.kumo.http.wire;

import dev.kumo.http.answer.Answer;
import dev.kumo.http.answer.Json;
import dev.kumo.http.answer.Printable;
import dev.kumo.http.answer.RefusedException;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.function.Function;

/** The server's side of a WebSocket, RFC 6455, over which one text comes in and others go out. */
final class TextSocket extends Ongoing {

    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; // RFC 6455 section 1.3
    private static final int KEY_LENGTH = 16;
    private static final int LONGEST_TEXT = 65_536;
    private static final int LONGEST_REASON = 100;

    /** Who has not answered a ping when the next is due is gone. */
    private static final Duration PING = Duration.ofSeconds(30);

    private final ServerContext server;
    private final Channel channel;
    private final String key;
    private final Patience patience;
    private final Dialogue dialogue;
    private boolean begun;
    private boolean pinged;
    private boolean ended;

    TextSocket(ServerContext server, Channel channel, String key, Function<Runnable, Dialogue> dialogues) {
        this.server = server;
        this.channel = channel;
        this.key = key;
        this.patience = new Patience(channel.eventLoop(), this::late);
        this.dialogue = dialogues.apply(() -> channel.eventLoop().execute(this::drain));
    }

    /**
     * The key of a client that opens one, RFC 6455 section 4.2.1.
     *
     * @throws RefusedException if it does not
     */
    static String key(RequestHead head, boolean http2) {
        HttpHeaders headers = head.headers();
        boolean asked = headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)
                && headers.containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true);
        String key = head.header(HttpHeaderNames.SEC_WEBSOCKET_KEY);
        if (http2 || !asked || !isKey(key)) {
            throw new RefusedException(
                    400, "this is a WebSocket, of HTTP/1.1 (RFC 6455); connect to it by ws:// or wss://");
        }
        if (!head.header(HttpHeaderNames.SEC_WEBSOCKET_VERSION).equals("13")) {
            throw new RefusedException(
                    Answer.problem(426, "the version of WebSocket here is 13").header("Sec-WebSocket-Version", "13"));
        }
        return key;
    }

    private static boolean isKey(String key) {
        try {
            return Base64.getDecoder().decode(key).length == KEY_LENGTH;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        FullHttpResponse switching =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.SWITCHING_PROTOCOLS);
        switching
                .headers()
                .set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET)
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE)
                .set(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT, accept(key));
        ctx.writeAndFlush(switching);
        patience.expect(server.bounds().headerTimeout());
        // Not at once, as the decoder of the request is still at work.
        ctx.executor().execute(() -> {
            if (ctx.channel().isActive()) {
                speakFrames(ctx);
            }
        });
    }

    private static void speakFrames(ChannelHandlerContext ctx) {
        WebSocketDecoderConfig config = WebSocketDecoderConfig.newBuilder()
                .maxFramePayloadLength(LONGEST_TEXT)
                .closeOnProtocolViolation(true)
                .build();
        ctx.pipeline()
                .addBefore(ctx.name(), null, new WebSocket13FrameDecoder(config))
                .addBefore(ctx.name(), null, new WebSocket13FrameEncoder(false));
        ctx.pipeline().remove(HttpResponseEncoder.class);
        ctx.pipeline().remove(StrictRequestDecoder.class);
        ctx.channel().config().setAutoRead(true);
    }

    private static String accept(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("each Java has SHA-1", e);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object frame) {
        try {
            if (frame instanceof WebSocketFrame received && !ended) {
                read(ctx, received);
            }
        } finally {
            ReferenceCountUtil.release(frame);
        }
    }

    private void read(ChannelHandlerContext ctx, WebSocketFrame frame) {
        if (frame instanceof PingWebSocketFrame) {
            if (channel.isWritable()) { // an answer to the last of several is enough, section 5.5.3
                ctx.writeAndFlush(new PongWebSocketFrame(frame.content().retain()));
            }
        } else if (frame instanceof PongWebSocketFrame) {
            pinged = false;
        } else if (frame instanceof CloseWebSocketFrame) {
            close(WebSocketCloseStatus.NORMAL_CLOSURE, "");
        } else if (frame instanceof TextWebSocketFrame text && frame.isFinalFragment() && !begun) {
            begin(text.text());
        } else {
            close(WebSocketCloseStatus.POLICY_VIOLATION, "send one text message, in one frame");
        }
    }

    private void begin(String text) {
        begun = true;
        patience.expect(PING);
        try {
            dialogue.begin(text);
        } catch (RefusedException refused) {
            Object problem = Json.read(refused.answer().body());
            Object detail = problem instanceof Map<?, ?> members ? members.get("detail") : "";
            close(WebSocketCloseStatus.INVALID_PAYLOAD_DATA, String.valueOf(detail));
        }
    }

    /** Says as much as the client reads. */
    private void drain() {
        boolean any = false;
        while (!ended && channel.isWritable()) {
            String text = dialogue.next();
            if (text == null) {
                break;
            }
            channel.write(new TextWebSocketFrame(text));
            any = true;
        }
        if (any) {
            channel.flush();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        drain();
        ctx.fireChannelWritabilityChanged();
    }

    private void late() {
        if (ended || pinged) {
            channel.close();
        } else if (!begun) {
            close(WebSocketCloseStatus.POLICY_VIOLATION, "nothing came in time");
        } else {
            pinged = true;
            channel.writeAndFlush(new PingWebSocketFrame());
            patience.expect(PING);
        }
    }

    @Override
    void shutDown() {
        close(WebSocketCloseStatus.ENDPOINT_UNAVAILABLE, "the listener is closing");
    }

    /** Says why, RFC 6455 section 5.5.1, and closes. */
    private void close(WebSocketCloseStatus status, String reason) {
        if (!ended) {
            ended = true;
            dialogue.end();
            patience.expect(server.bounds().writeTimeout());
            String shown = Printable.of(reason);
            channel.writeAndFlush(new CloseWebSocketFrame(
                            status, shown.substring(0, Math.min(shown.length(), LONGEST_REASON))))
                    .addListener(ChannelFutureListener.CLOSE);
        }
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
        dialogue.end();
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close(); // of frames that are wrong the decoder has told the client
    }
}
