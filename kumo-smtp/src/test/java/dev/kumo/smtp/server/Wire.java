package dev.kumo.smtp.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.tls.ServerTls;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One connection without a socket, at a time that stands still. What the session would run elsewhere waits until the test
 * runs it. Closing it finds every buffer, timer and byte of budget that was not given back.
 */
final class Wire implements AutoCloseable {

    static final Instant NOW = Instant.parse("2026-11-22T10:15:30Z");
    static final InetSocketAddress STRANGER = new InetSocketAddress("192.0.2.1", 25_000);
    static final String BEGIN =
            "EHLO client.example\r\nMAIL FROM:<a@client.example>\r\nRCPT TO:<b@here.example>\r\nDATA\r\n";
    static final String CONTENT = "Subject: hello\r\n\r\n..body\r\n.\r\n";

    final Inbox inbox;
    final Deque<Runnable> elsewhere = new ArrayDeque<>();
    final SessionContext context;
    final SmtpSession session;
    final SmtpConnection connection;
    final EmbeddedChannel channel = new EmbeddedChannel();
    private final UnpooledByteBufAllocator buffers = new UnpooledByteBufAllocator(false);
    private boolean closed;

    Wire(Consumer<EsmtpListener.Builder> options, Policy... policies) {
        this(new Inbox(), options, policies);
    }

    Wire(Inbox inbox, Consumer<EsmtpListener.Builder> options, Policy... policies) {
        this(inbox, null, options, policies);
    }

    /** A wire that may turn to TLS. */
    Wire(Inbox inbox, ServerTls tls, Consumer<EsmtpListener.Builder> options, Policy... policies) {
        this.inbox = inbox;
        this.context = new SessionContext(
                options(options),
                new Policies(List.of(policies)),
                inbox,
                elsewhere::add,
                InstantSource.fixed(NOW),
                new Random(1),
                tls);
        this.session = new SmtpSession(
                context, new Peer(STRANGER, new InetSocketAddress("192.0.2.25", 25), "mx.example", new Random(2)));
        this.connection = new SmtpConnection(context, session);
        channel.config().setAllocator(buffers);
        channel.freezeTime();
        if (context.options().implicitTls()) {
            channel.pipeline().addLast(context.tlsHandler(channel));
        }
        channel.pipeline().addLast(connection);
        channel.pipeline().fireChannelActive();
    }

    static EsmtpListenerOptions options(Consumer<EsmtpListener.Builder> changes) {
        return builder(changes).build().options();
    }

    /** Mail to here.example is relayed for everyone, other mail for nobody. */
    static EsmtpListener.Builder builder(Consumer<EsmtpListener.Builder> changes) {
        EsmtpListener.Builder builder = EsmtpListener.builder()
                .listen("127.0.0.1:0")
                .hostname("mx.example")
                .relayHosts()
                .domain("here.example", domain -> domain.relayTo(true));
        changes.accept(builder);
        return builder;
    }

    /** A wire with the defaults, and the greeting heard. */
    static Wire greeted(Policy... policies) {
        Wire wire = new Wire(options -> {}, policies);
        assertThat(wire.heard()).isEqualTo("220 mx.example ESMTP Kumo\r\n");
        return wire;
    }

    Wire send(String text) {
        return send(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends bytes; once the server has closed the connection they come to nothing, as on a socket. */
    Wire send(byte[] bytes) {
        if (!channel.isOpen()) {
            return this;
        }
        ByteBuf buffer = buffers.buffer(bytes.length).writeBytes(bytes);
        channel.writeInbound(buffer);
        return this;
    }

    /** Half-closes the client's side. */
    Wire sendEnd() {
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        channel.runPendingTasks();
        return this;
    }

    Wire pass(Duration time) {
        channel.advanceTimeBy(time.toNanos(), TimeUnit.NANOSECONDS);
        channel.runScheduledPendingTasks();
        channel.runPendingTasks();
        return this;
    }

    /** Has the client read, or stop reading, what it is sent. */
    Wire writable(boolean writable) {
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, writable);
        channel.runPendingTasks();
        return this;
    }

    /** From now on nothing that is said gets through to the client. */
    Wire stall() {
        channel.pipeline().addFirst(new ChannelOutboundHandlerAdapter() {
            @Override
            public void flush(ChannelHandlerContext ctx) {
                // the client's window is closed
            }
        });
        return this;
    }

    /** Runs the step that waits longest. */
    Wire runStep() {
        elsewhere.remove().run();
        channel.runPendingTasks();
        return this;
    }

    Wire runSteps() {
        while (!elsewhere.isEmpty()) {
            runStep();
        }
        return this;
    }

    /** What was sent to the client since the last call, one string a write. */
    List<String> writes() {
        List<String> writes = new ArrayList<>();
        for (ByteBuf write = channel.readOutbound(); write != null; write = channel.readOutbound()) {
            writes.add(write.toString(StandardCharsets.UTF_8));
            write.release();
        }
        return writes;
    }

    String heard() {
        return String.join("", writes());
    }

    List<String> lines() {
        return heard().lines().toList();
    }

    /** The first four characters of each line that was heard. */
    String codes() {
        StringBuilder codes = new StringBuilder();
        heard().lines().forEach(line -> codes.append(line, 0, 4));
        return codes.toString().strip();
    }

    boolean isOpen() {
        channel.runPendingTasks();
        return channel.isOpen();
    }

    /** Memory that buffers hold now, in bytes. */
    long memory() {
        return buffers.metric().usedHeapMemory() + buffers.metric().usedDirectMemory();
    }

    /** The client is gone. */
    Wire disconnect() {
        channel.close();
        channel.runPendingTasks();
        return this;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        disconnect();
        runSteps();
        channel.finishAndReleaseAll();
        assertThat(memory()).as("bytes in buffers").isZero();
        assertThat(context.budget().used()).as("bytes of the content budget").isZero();
        assertThat(channel.runScheduledPendingTasks())
                .as("nanoseconds to the next timer")
                .isEqualTo(-1);
    }
}
