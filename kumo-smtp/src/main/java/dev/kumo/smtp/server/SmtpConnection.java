package dev.kumo.smtp.server;

import dev.kumo.core.mail.Reply;
import dev.kumo.tls.TlsSession;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The wire of one session: bytes become lines and content, answers become bytes. All of it runs on the connection's
 * event loop; while a step of the session runs elsewhere, what the client sends ahead is kept, up to a bound.
 */
final class SmtpConnection extends ChannelInboundHandlerAdapter {

    /** What a client may send ahead of its answers before it is left waiting. */
    private static final int READ_AHEAD = 64 * 1024;

    private static final int LONGEST_RESPONSE = 12288; // RFC 4954 section 4

    /** How long a client has to read a last reply and to close its side. */
    private static final long LINGER_SECONDS = 2;

    private static final Logger LOG = LoggerFactory.getLogger(SmtpConnection.class);

    private enum State {
        /** Waits for a command line. */
        COMMAND,
        /** Waits for a response to a challenge. */
        SASL,
        /** Waits for content. */
        CONTENT,
        /** Waits for the session's answer. */
        ANSWER,
        /** Waits for a TLS handshake to end. */
        HANDSHAKE,
        /** The last reply is said: whatever the client sends now is dropped. */
        CLOSING
    }

    private final SmtpSession session;
    private final SessionContext context;
    private final LineReader lines;
    private final LineReader responses = new LineReader(LONGEST_RESPONSE);
    private @Nullable ChannelHandlerContext wire;
    private @Nullable Patience patience;
    private @Nullable ByteBuf input;
    private @Nullable ByteBuf output;
    private @Nullable ChannelFuture said;
    private @Nullable Future<?> linger;
    private State state = State.ANSWER;
    private boolean inputEnded;
    private boolean shuttingDown;

    SmtpConnection(SessionContext context, SmtpSession session) {
        this.context = context;
        this.session = session;
        this.lines = new LineReader(context.options().lineLengthHardLimit());
    }

    // ---- what the event loop tells ----

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        wire = ctx;
        patience = new Patience(ctx.executor(), context.options(), this::timedOut);
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        if (!context.options().implicitTls()) {
            greet();
        } else if (shuttingDown) {
            cut(); // there is no word for it before the handshake
        } else {
            expectHandshake();
        }
    }

    private void greet() {
        await(session.greeting());
        work();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object bytes) {
        ByteBuf read = (ByteBuf) bytes;
        if (state == State.CLOSING) {
            read.release();
            return;
        }
        patience().read();
        input = input == null ? read : joined(input, read);
        work();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (ctx.channel().isWritable()) {
            work();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake) {
            if (handshake.isSuccess()) {
                handshaken();
            } // else TLS sends its alert and closes; in this state nothing goes on in clear
        } else if (event instanceof ChannelInputShutdownEvent) {
            if (state == State.CLOSING) {
                flush().addListener(ChannelFutureListener.CLOSE);
            } else {
                endOfInput();
            }
        } else if (event instanceof SslCloseCompletionEvent closed && closed.isSuccess() && state != State.CLOSING) {
            endOfInput(); // RFC 8446 section 6.1: the client's close_notify ends its side alone
        }
    }

    private void endOfInput() {
        inputEnded = true;
        work();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        patience().cancel();
        if (linger != null) {
            linger.cancel(false);
        }
        input = released(input);
        output = released(output);
        session.tracer().closed();
        // A step that runs elsewhere still has the session; it is aborted when the answer comes.
        if (state != State.ANSWER) {
            state = State.CLOSING;
            session.abort();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof DecoderException) { // of TLS; its text may hold what the client sent in clear
            LOG.debug("Connection from {} broke: {}", session.peer(), cause.getClass());
        } else if (cause instanceof IOException) {
            LOG.debug("Connection from {} broke", session.peer(), cause);
        } else {
            LOG.error("Connection from {} is closed after a failure", session.peer(), cause);
        }
        ctx.close();
    }

    private void handshaken() {
        session.secured(TlsSession.of(wire().channel()).orElseThrow());
        if (context.options().implicitTls()) {
            greet();
        } else {
            expect(State.COMMAND, context.options().limits().commandTimeout());
            work();
        }
    }

    /** Ends the session as soon as that interrupts no transaction. Called on the event loop. */
    void shutDown() {
        shuttingDown = true;
        if (state == State.COMMAND) {
            guarded(this::work);
        } else if (state == State.HANDSHAKE) {
            cut();
        }
    }

    // ---- the work ----

    /** Goes through what the client has sent, as far as the session can answer it now and the client reads answers. */
    private void work() {
        while (input != null && input.isReadable() && isWritable() && step(input)) {
            // one line, or all there is of content, at a time
        }
        if (input != null && !input.isReadable()) {
            input = released(input);
        }
        if ((state == State.COMMAND || state == State.SASL) && isOver()) {
            say(Answer.of(context.replies().shuttingDown));
        }
        boolean held = state == State.ANSWER || !isWritable();
        wire().channel().config().setAutoRead(!held || input == null || input.readableBytes() <= READ_AHEAD);
        if (state == State.ANSWER) {
            return; // RFC 2920 section 3.2: what answers pipelined commands leaves together.
        }
        ChannelFuture sent = flush();
        if (inputEnded && !held) {
            sent.addListener(ChannelFutureListener.CLOSE);
        }
    }

    /** False if there is nothing more to be done with the input for now. */
    private boolean step(ByteBuf in) {
        if (state == State.COMMAND || state == State.SASL) {
            LineReader reader = state == State.SASL ? responses : lines;
            if (isOver() || !reader.read(in)) {
                return false;
            }
            Reply problem = reader.problem();
            if (problem != null) {
                await(answered(session.refuse(problem)));
            } else {
                await(state == State.SASL ? session.response(reader.line()) : session.command(reader.line()));
            }
            return true;
        }
        if (state == State.CONTENT) {
            ByteBuffer bytes = in.nioBuffer();
            boolean ended = session.content(bytes);
            in.skipBytes(in.readableBytes() - bytes.remaining());
            if (ended) {
                await(session.endOfContent());
            }
            return true;
        }
        return false;
    }

    private boolean isOver() {
        return shuttingDown && !session.inTransaction();
    }

    private boolean isWritable() {
        return wire().channel().isWritable();
    }

    private static CompletionStage<Answer> answered(Answer answer) {
        return CompletableFuture.completedFuture(answer);
    }

    private void await(CompletionStage<Answer> step) {
        CompletableFuture<Answer> future = step.toCompletableFuture();
        state = State.ANSWER;
        if (future.isDone() && !future.isCompletedExceptionally()) {
            say(future.join());
            return;
        }
        patience().suspend();
        future.whenComplete((answer, cause) -> wire().executor().execute(() -> guarded(() -> resume(answer, cause))));
    }

    private void resume(@Nullable Answer answer, @Nullable Throwable cause) {
        if (!wire().channel().isOpen()) {
            state = State.CLOSING;
            session.abort();
            return;
        }
        say(answer == null ? context.trouble(cause) : answer);
        work();
    }

    /** Netty tells of no failure outside its own calls, and the client would wait forever. */
    private void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            exceptionCaught(wire(), e);
        }
    }

    private void say(Answer answer) {
        if (answer.next() != Answer.Next.CHUNK) {
            write(answer.reply());
        }
        switch (answer.next()) {
            case COMMAND -> expect(State.COMMAND, context.options().limits().commandTimeout());
            case SASL -> expect(State.SASL, context.options().limits().commandTimeout());
            case CONTENT -> expect(State.CONTENT, context.options().limits().contentTimeout());
            case CHUNK -> expectChunk();
            case TLS -> secure();
            case CLOSE -> end(answer.reply().isPositive());
        }
    }

    private void write(Reply reply) {
        if (output == null) {
            output = wire().alloc().buffer(256);
        }
        output.writeCharSequence(reply.wire(), StandardCharsets.UTF_8);
        session.tracer().said(reply);
    }

    /** Nothing is said before the chunk has come, and one of no octets has. */
    private void expectChunk() {
        Duration whole = context.options().limits().contentTimeout();
        expect(State.CONTENT, whole);
        patience().chunks(whole);
        if (session.content(ByteBuffer.allocate(0))) {
            await(session.endOfContent());
        }
    }

    private void expect(State next, Duration within) {
        state = next;
        if (!session.inTransaction()) {
            patience().noChunks();
        }
        if (session.hasMailed()) {
            patience().mailed();
        }
        patience().expect(within);
    }

    /** RFC 3207 section 4.2: what came ahead of the handshake came from anybody, and is thrown away. */
    private void secure() {
        expectHandshake();
        input = released(input);
        flush();
        wire().pipeline().addFirst(context.tlsHandler(wire().channel()));
    }

    /** All of it within the time that a client may be silent, however steadily its bytes come. */
    private void expectHandshake() {
        expect(State.HANDSHAKE, context.options().clientTimeout());
    }

    private void timedOut() {
        if (state == State.HANDSHAKE) {
            cut(); // a reply would go out in clear
        } else {
            say(Answer.of(context.replies().idle));
        }
    }

    private void end(boolean clientAsked) {
        boolean nothingUnread = inputEnded || clientAsked && (input == null || !input.isReadable());
        state = State.CLOSING;
        patience().cancel();
        session.abort();
        input = released(input);
        Channel channel = wire().channel();
        linger = wire().executor().schedule(this::cut, LINGER_SECONDS, TimeUnit.SECONDS);
        if (nothingUnread || !(channel instanceof DuplexChannel duplex)) {
            flush().addListener(ChannelFutureListener.CLOSE);
            return;
        }
        // Closing with bytes unread resets the connection, and the client may lose the reply that says why.
        flush().addListener(sent -> closeTls(channel).addListener(told -> duplex.shutdownOutput()));
        channel.config().setAutoRead(true);
    }

    /** Closes beneath TLS, which would first try to tell of it. */
    private void cut() {
        ChannelHandlerContext first = wire().pipeline().firstContext();
        if (first != null) {
            first.close();
        }
    }

    /** Ends our side of TLS, if there is any, and reads none any more. */
    private static ChannelFuture closeTls(Channel channel) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls == null) {
            return channel.newSucceededFuture();
        }
        channel.pipeline().addFirst(new Drain());
        return tls.closeOutbound();
    }

    /** Sends what is to be said; the future is done once all that was ever said is sent. */
    private ChannelFuture flush() {
        ByteBuf reply = output;
        output = null;
        if (reply != null) {
            said = wire().writeAndFlush(reply);
        }
        return said == null ? wire().newSucceededFuture() : said;
    }

    private static ByteBuf joined(ByteBuf first, ByteBuf second) {
        try {
            return first.discardSomeReadBytes().writeBytes(second);
        } finally {
            second.release();
        }
    }

    private static @Nullable ByteBuf released(@Nullable ByteBuf buffer) {
        if (buffer != null) {
            buffer.release();
        }
        return null;
    }

    private ChannelHandlerContext wire() {
        return Objects.requireNonNull(wire);
    }

    private Patience patience() {
        return Objects.requireNonNull(patience);
    }
}
