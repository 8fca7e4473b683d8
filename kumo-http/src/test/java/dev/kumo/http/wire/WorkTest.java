package dev.kumo.http.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.log.MtaObserver;
import dev.kumo.http.answer.Answer;
import dev.kumo.http.metric.Metrics;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** What is done off the event loop. */
class WorkTest {

    private static final Answer LARGE = Answer.text(200, "x".repeat(100_000));
    private static final RequestHead HEAD = RequestHeads.get("/", "Host", "localhost", "Accept-Encoding", "gzip");

    private final Queue<Runnable> workers = new ArrayDeque<>();
    private final List<Outgoing> given = new ArrayList<>();

    private ServerContext context() {
        Duration time = Duration.ofMinutes(5);
        return new ServerContext(
                new Bounds(1, 1, 1, 1, 1000, 10, 1000, 1000, time, time, time, time, time),
                (head, client, server) -> {
                    throw new AssertionError("nothing is asked for");
                },
                new Metrics(),
                MtaObserver.NONE,
                workers::add,
                InstantSource.fixed(Instant.EPOCH),
                null);
    }

    private static FullHttpResponse response(Outgoing answer) {
        return answer.response(HEAD, false, true, Instant.EPOCH);
    }

    @Test
    void anAnswerLeavesTheWorkerCompressed() {
        Work.start(context(), null, HEAD, () -> LARGE, given::add);
        assertThat(given).isEmpty();
        workers.remove().run();

        assertThat(given).singleElement().satisfies(answer -> {
            FullHttpResponse first = response(answer);
            assertThat(first.headers().get(HttpHeaderNames.CONTENT_ENCODING)).isEqualTo("gzip");
            assertThat(response(answer).content().array())
                    .as("written as it is, however often")
                    .isSameAs(first.content().array());
        });
    }

    @Test
    void whatAnEventLoopAnswersIsNotCompressed() {
        FullHttpResponse response = response(Outgoing.plain(LARGE));

        assertThat(response.headers().get(HttpHeaderNames.CONTENT_ENCODING)).isNull();
        assertThat(response.content().array()).isSameAs(LARGE.body());
    }

    @Test
    void whatFailsIsAnswered() {
        Work.start(
                context(),
                null,
                HEAD,
                () -> {
                    throw new IllegalStateException("broken");
                },
                given::add);
        workers.remove().run();

        assertThat(given).singleElement().extracting(Outgoing::status).isEqualTo(500);
    }
}
