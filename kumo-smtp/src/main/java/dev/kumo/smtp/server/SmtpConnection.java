package dev.kumo.smtp.server;

import dev.kumo.core.mail.Reply;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
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

    /** How long a client has to read a last reply and to close its side. */
    private static final long LINGER_SECONDS = 2;

    private static final Logger LOG = LoggerFactory.getLogger(SmtpConnection.class);

    private enum State {
        /** Waits for a command line. */
        COMMAND,
        /** Waits for content. */
        CONTENT,
        /** Waits for the session's answer. */
        ANSWER,
        /** The last reply is said: whatever the client sends now is dropped. */
        CLOSING
    }

    private final SmtpSession session;
    private final SessionContext context;
    private final LineReader lines;
    private @Nullable ChannelHandlerContext wire;
    private @Nullable Patience patience;
    private @Nullable ByteBuf input;
    private @Nullable ByteBuf output;
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
        if (state == State.ANSWER && input != null && input.readableBytes() > READ_AHEAD) {
            ctx.channel().config().setAutoRead(false);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (ctx.channel().isWritable()) {
            work();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            inputEnded = true;
            work();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        patience().cancel();
        input = released(input);
        output = released(output);
        // A step that runs elsewhere still has the session; it is aborted when the answer comes.
        if (state != State.ANSWER) {
            session.abort();
        }
        state = state == State.ANSWER ? state : State.CLOSING;
        inputEnded = true;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException) {
            LOG.debug("Connection from {} broke", session.peer(), cause);
        } else {
            LOG.error("Connection from {} is closed after a failure", session.peer(), cause);
        }
        ctx.close();
    }

    /** Ends the session as soon as that interrupts no transaction. Called on the event loop. */
    void shutDown() {
        shuttingDown = true;
        if (state == State.COMMAND) {
            work();
        }
    }

    // ---- the work ----

    /** Goes through what the client has sent, as far as the session can answer it now. */
    private void work() {
        while (input != null && input.isReadable() && wire().channel().isWritable()) {
            if (state == State.COMMAND) {
                if (!lines.read(input)) {
                    break;
                }
                Reply problem = lines.problem();
                await(problem == null ? session.command(lines.line()) : answered(session.refuse(problem)));
            } else if (state == State.CONTENT) {
                ByteBuffer bytes = input.nioBuffer();
                boolean ended = session.content(bytes);
                input.skipBytes(input.readableBytes() - bytes.remaining());
                if (ended) {
                    await(session.endOfContent());
                }
            } else {
                break;
            }
        }
        if (input != null && !input.isReadable()) {
            input = released(input);
        }
        if (state == State.COMMAND && shuttingDown && !session.inTransaction()) {
            say(Answer.of(context.replies().shuttingDown));
        }
        // RFC 2920 section 3.2: what answers pipelined commands leaves together.
        if (state != State.ANSWER) {
            flush();
            if (inputEnded) {
                wire().close();
            }
        }
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
        future.whenComplete((answer, cause) -> wire().executor().execute(() -> resume(answer, cause)));
    }

    private void resume(@Nullable Answer answer, @Nullable Throwable cause) {
        if (!wire().channel().isActive() && !wire().channel().isOpen()) {
            state = State.CLOSING;
            session.abort();
            return;
        }
        say(answer == null ? context.trouble(cause) : answer);
        wire().channel().config().setAutoRead(true);
        work();
    }

    private void say(Answer answer) {
        if (output == null) {
            output = wire().alloc().buffer(256);
        }
        output.writeCharSequence(answer.reply().wire(), StandardCharsets.UTF_8);
        switch (answer.next()) {
            case COMMAND -> expect(State.COMMAND, context.options().limits().commandTimeout());
            case CONTENT -> expect(State.CONTENT, context.options().limits().contentTimeout());
            case CLOSE -> end(answer.reply().isPositive());
        }
    }

    private void expect(State next, Duration within) {
        state = next;
        if (session.hasMailed()) {
            patience().mailed();
        }
        patience().expect(within);
    }

    private void timedOut() {
        say(Answer.of(context.replies().idle));
    }

    private void end(boolean clientAsked) {
        boolean nothingUnread = clientAsked && (input == null || !input.isReadable());
        state = State.CLOSING;
        patience().cancel();
        session.abort();
        input = released(input);
        ChannelFuture said = flush();
        Channel channel = wire().channel();
        if (nothingUnread || !(channel instanceof DuplexChannel duplex)) {
            said.addListener(ChannelFutureListener.CLOSE);
            return;
        }
        // Closing with bytes unread resets the connection, and the client may lose the reply that says why.
        said.addListener(sent -> duplex.shutdownOutput());
        wire().executor().schedule(() -> channel.close(), LINGER_SECONDS, TimeUnit.SECONDS);
        channel.config().setAutoRead(true);
    }

    private ChannelFuture flush() {
        ByteBuf reply = output;
        output = null;
        return reply == null ? wire().newSucceededFuture() : wire().writeAndFlush(reply);
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
