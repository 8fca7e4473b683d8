package dev.kumo.http.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.log.MtaObserver;
import dev.kumo.http.metric.Metrics;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One who watches, and reads as fast as the test has it. */
class EventStreamTest {

    private static final Duration WRITE_TIMEOUT = Duration.ofSeconds(30);

    private final List<Object> written = new ArrayList<>();
    private final List<ChannelPromise> unread = new ArrayList<>();
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Broadcast broadcast = new Broadcast(() -> new byte[0], Duration.ofDays(1));
    private final EventStream stream = new EventStream(context(), broadcast, channel, false);

    private static ServerContext context() {
        Duration time = Duration.ofMinutes(5);
        Bounds bounds = new Bounds(1, 1, 1, 1, 1000, 10, 1000, 1000, time, time, time, WRITE_TIMEOUT, time);
        Service none = (head, client, server) -> {
            throw new AssertionError("nothing is asked for");
        };
        return new ServerContext(
                bounds,
                none,
                new Metrics(),
                MtaObserver.NONE,
                Runnable::run,
                InstantSource.fixed(Instant.parse("2026-11-22T10:15:30Z")),
                null);
    }

    @BeforeEach
    void open() {
        channel.freezeTime();
        channel.pipeline().addLast(new ChannelOutboundHandlerAdapter() {
            @Override
            public void write(ChannelHandlerContext ctx, Object part, ChannelPromise promise) {
                written.add(part);
                unread.add(promise);
            }

            @Override
            public void flush(ChannelHandlerContext ctx) {
                // the client reads when the test says so
            }
        });
        channel.pipeline().addLast(stream);
    }

    @AfterEach
    void close() {
        broadcast.close();
        channel.close();
    }

    private void offer(String event) {
        stream.offer(event.getBytes(UTF_8));
        channel.runPendingTasks();
    }

    private void read() {
        unread.forEach(ChannelPromise::trySuccess);
        unread.clear();
        channel.runPendingTasks();
    }

    private List<String> events() {
        return written.stream()
                .filter(HttpContent.class::isInstance)
                .map(part -> ((HttpContent) part).content().toString(UTF_8))
                .toList();
    }

    @Test
    void theHeadSaysWhatComes() {
        assertThat(written).singleElement().isInstanceOfSatisfying(HttpResponse.class, head -> {
            assertThat(head.headers().get("content-type")).isEqualTo("text/event-stream");
            assertThat(head.headers().get("transfer-encoding")).isEqualTo("chunked");
            assertThat(head.headers().get("cache-control")).isEqualTo("no-store");
        });
    }

    @Test
    void whatASlowReaderCannotTakeIsLeftOut() {
        read();
        offer("a");
        offer("b");
        offer("c");
        assertThat(events()).containsExactly("a");

        read();
        offer("d");
        assertThat(events()).containsExactly("a", "d");
    }

    @Test
    void whoReadsNothingIsGivenUp() {
        offer("a");
        channel.advanceTimeBy(WRITE_TIMEOUT.toNanos(), TimeUnit.NANOSECONDS);
        channel.runScheduledPendingTasks();

        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void nothingComesAfterTheEnd() {
        stream.end();
        channel.runPendingTasks();
        offer("a");

        assertThat(written).last().isEqualTo(LastHttpContent.EMPTY_LAST_CONTENT);
        read();
        assertThat(channel.isOpen()).isFalse();
    }
}
