package dev.kumo.http.wire;

import dev.kumo.http.answer.Answer;
import dev.kumo.http.answer.RefusedException;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The requests of a connection of HTTP/1.1, answered in turn, or the one request of a stream of HTTP/2.
 *
 * <p>It asks for what comes next only when it can use it, so a client that pipelines waits in the kernel. All but
 * policies and handlers runs on the event loop.
 */
final class Exchange extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);
    /**
     * For nobody: the client has gone before the work has begun. Later it is not cut short, as it would be left half done; and a client of
     * HTTP/1.1 that sends no more may well wait for its answer.
     */
    private static final Answer ABANDONED = Answer.problem(503, "the client has gone");

    private static final Duration LINGER = Duration.ofSeconds(2);

    private final ServerContext server;
    private final boolean http2;
    private @Nullable ChannelHandlerContext context;
    private @Nullable Patience patience;
    private Progress state = Progress.IDLE;
    private boolean headerBegun;
    private boolean inputEnded;
    private final Parts parts = new Parts();

    private @Nullable RequestHead head;
    private Service.@Nullable Task task;
    private @Nullable BodyBuffer body;
    private @Nullable Ongoing ongoing;
    private boolean complete;
    private boolean reusable;
    private boolean counted;
    private long began;

    Exchange(ServerContext server, boolean http2) {
        this.server = server;
        this.http2 = http2;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        patience = new Patience(ctx.executor(), this::timedOut);
        if (!http2) {
            awaitRequest();
        }
        if (ctx.channel().isActive()) {
            pump();
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        pump();
        ctx.fireChannelActive();
    }

    private void awaitRequest() {
        Bounds bounds = server.bounds();
        patience().expect(headerBegun ? bounds.headerTimeout() : bounds.idleTimeout());
    }

    /** The first octets of a request are there; called by the decoder. */
    void headerBegan() {
        if (!headerBegun) {
            headerBegun = true;
            if (state == Progress.IDLE && patience != null) {
                patience.expect(server.bounds().headerTimeout());
            }
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object part) {
        parts.add(part);
        pump();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        pump();
        ctx.fireChannelReadComplete();
    }

    /** Uses what waits, and asks for more if there is too little. */
    private void pump() {
        if (!parts.feed(this::isHungry, this::use)) {
            return;
        }
        if (state == Progress.OVER) {
            parts.drop();
        }
        if (inputEnded && (isHungry() || state == Progress.OVER)) {
            context().close(); // nothing can come that would complete a request
        } else if (isHungry()) {
            context().read();
        }
    }

    private boolean isHungry() {
        return state == Progress.IDLE || state == Progress.BODY;
    }

    private void use(Object part) {
        try {
            if (state == Progress.BODY && part instanceof HttpContent content) {
                content(content);
            } else if (state == Progress.IDLE && part instanceof HttpRequest request) {
                begin(request);
            } // else it is the end of a request without a body
        } catch (RefusedException refused) {
            refuse(refused.answer());
        }
    }

    private void begin(HttpRequest request) {
        headerBegun = false;
        patience().suspend();
        forget();
        complete = request instanceof LastHttpContent;
        reusable = false;
        server.capacity().requireRoom();
        RequestHead read = RequestHead.of(request, http2, server.bounds().maxHeaders());
        head = read;
        complete |= !http2 && !read.hasBody();
        reusable = read.keepAlive();
        Channel connection = http2 ? context().channel().parent() : context().channel();
        Service.Task found = server.service()
                .find(read, (InetSocketAddress) connection.remoteAddress(), (InetSocketAddress)
                        connection.localAddress());
        task = found;
        if (found.mustAsk()) {
            work(() -> {
                found.admit();
                context().executor().execute(this::admitted);
                return null;
            });
        } else {
            found.admit();
            receive();
        }
    }

    /** Nothing of the request before counts for the next. */
    private void forget() {
        began = System.nanoTime();
        head = null;
        task = null;
    }

    private void admitted() {
        uncount();
        if (!context().channel().isActive()) {
            abandon();
            return;
        }
        try {
            receive();
        } catch (RefusedException refused) {
            refuse(refused.answer());
        }
    }

    /** The caller may go on: its body is welcome, if it is not too large. */
    private void receive() {
        RequestHead head = Objects.requireNonNull(this.head);
        body = BodyBuffer.onTheWire(server.capacity(), head, server.bounds().bodyLimit());
        if (complete) {
            dispatch();
            return;
        }
        if (head.expectsContinue()) {
            context().writeAndFlush(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
        }
        state = Progress.BODY;
        patience().expect(server.bounds().bodyTimeout());
        pump();
    }

    private void content(HttpContent part) {
        if (part.decoderResult().isFailure()) {
            reusable = false;
            throw new RefusedException(400, "the body is not chunked as it should be (RFC 9112 section 7.1)");
        }
        Objects.requireNonNull(body).append(part.content());
        if (part instanceof LastHttpContent) {
            complete = true;
            patience().suspend();
            dispatch();
        }
    }

    private void dispatch() {
        RequestHead head = Objects.requireNonNull(this.head);
        Service.Task task = Objects.requireNonNull(this.task);
        Takeover takeover = task.takeover();
        if (takeover != null && !head.bodyless()) {
            hand(takeover, head);
            return;
        }
        BodyBuffer received = Objects.requireNonNull(body);
        Channel channel = context().channel();
        work(() -> {
            try {
                return channel.isActive() ? Work.answer(server, task, head, received) : ABANDONED;
            } finally {
                received.release();
            }
        });
        body = null; // the worker's now
    }

    /** Leaves the connection, or the stream, to what goes on by itself. */
    private void hand(Takeover takeover, RequestHead head) {
        Ongoing next = takeover.take(server, head, context().channel(), http2);
        ongoing = next;
        Work.count(server, task, takeover.status(), began);
        abandon();
        context().pipeline().replace(this, null, next);
    }

    /** Runs what may block. It gives an answer, or null if it goes on by itself. */
    private void work(Supplier<@Nullable Answer> step) {
        server.capacity().begin(); // not before: a client that is slow with its body shuts nobody out
        counted = true;
        state = Progress.WORKING;
        Work.start(
                server,
                task,
                Objects.requireNonNull(head),
                step,
                answer -> context().executor().execute(() -> answer(answer)));
    }

    private void answer(Outgoing answer) {
        if (!context().channel().isActive()) {
            abandon();
            return;
        }
        release();
        uncount(); // not later: a client that is slow to read shuts nobody out either
        boolean last = !http2 && (!reusable || !complete || server.isClosing());
        state = Progress.ANSWERING;
        patience().expect(server.bounds().writeTimeout());
        Work.count(server, task, answer.status(), began);
        context()
                .writeAndFlush(answer.response(head, http2, last, server.time().instant()))
                .addListener(sent -> {
                    if (sent.isSuccess()) {
                        answered(last);
                    } else {
                        cut();
                    }
                });
    }

    private void answered(boolean last) {
        patience().suspend();
        if (http2) {
            state = Progress.OVER;
            if (!complete) {
                // Not reset at once: there are clients that read no answer before all of their request is sent.
                patience().expect(LINGER);
                context().channel().config().setAutoRead(true);
            }
        } else if (last) {
            state = Progress.OVER;
            patience().expect(LINGER);
            Farewell.say(context().channel(), inputEnded);
        } else {
            state = Progress.IDLE;
            awaitRequest();
            pump();
        }
    }

    private void timedOut() {
        switch (state) {
            case IDLE -> {
                forget();
                if (headerBegun) {
                    late("the header");
                } else {
                    context().close();
                }
            }
            case BODY -> late("the body");
            case OVER -> {
                if (http2) {
                    // RFC 9113 section 8.1: the answer stands, and the rest of the request is not wanted.
                    context().writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.NO_ERROR));
                }
                context().close();
            }
            default -> cut();
        }
    }

    private void late(String what) {
        reusable = false;
        complete = false;
        refuse(Answer.problem(408, what + " of the request did not come in time"));
    }

    private void refuse(Answer answer) {
        answer(Outgoing.plain(answer));
    }

    /** Lets a request that is here be answered, and closes. */
    void shutDown() {
        if (ongoing != null) {
            ongoing.shutDown();
        } else if (state == Progress.IDLE && !headerBegun) {
            context().close();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            inputEnded = true;
            pump();
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        patience().cancel();
        if (state != Progress.WORKING) {
            abandon();
        }
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("a connection failed: {}", String.valueOf(cause));
        if (!(cause instanceof Http2Exception)) { // of those, Netty tells the client
            cut();
        }
    }

    private void abandon() {
        state = Progress.OVER;
        patience().cancel();
        parts.drop();
        release();
        uncount();
    }

    private void release() {
        if (body != null) {
            body.release();
            body = null;
        }
    }

    private void uncount() {
        if (counted) {
            counted = false;
            server.capacity().end();
        }
    }

    private void cut() {
        state = Progress.OVER;
        if (http2) { // to close it would leave an answer behind that waits for room in a window
            context().writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.CANCEL));
        }
        context().close();
    }

    private ChannelHandlerContext context() {
        return Objects.requireNonNull(context);
    }

    private Patience patience() {
        return Objects.requireNonNull(patience);
    }
}
