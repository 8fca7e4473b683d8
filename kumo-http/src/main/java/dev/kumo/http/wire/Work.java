package dev.kumo.http.wire;

import dev.kumo.http.answer.Answer;
import dev.kumo.http.answer.RefusedException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What becomes of a request off the event loop: its body is decompressed, and its handler asked. */
final class Work {

    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);

    private static final String UNKNOWN = "the request could not be worked on; the log of the server has the cause";

    private Work() {}

    /**
     * Runs what may block, and compresses its answer.
     *
     * @param step gives an answer, or null if it goes on by itself
     * @param then takes the answer, still off the event loop
     * @throws RefusedException if there is no thread for it
     */
    static void start(
            ServerContext server,
            Service.@Nullable Task task,
            RequestHead head,
            Supplier<@Nullable Answer> step,
            Consumer<Outgoing> then) {
        Runnable guarded = () -> {
            Outgoing answer = guarded(task, head, step);
            if (answer != null) {
                then.accept(answer);
            }
        };
        try {
            server.executor().execute(guarded);
        } catch (RejectedExecutionException full) {
            throw new RefusedException(503, "no thread takes the request; try again later");
        }
    }

    private static @Nullable Outgoing guarded(
            Service.@Nullable Task task, RequestHead head, Supplier<@Nullable Answer> step) {
        try {
            Answer answer = step.get();
            return answer == null ? null : Outgoing.encoded(answer, head);
        } catch (RefusedException refused) {
            return Outgoing.plain(refused.answer());
        } catch (RuntimeException | Error e) {
            LOG.error("{} failed", task == null ? "A request" : task.method() + " " + task.path(), e);
            return Outgoing.plain(Answer.problem(500, UNKNOWN));
        }
    }

    /** An answer goes out. Requests for nothing that is there share a name. */
    static void count(ServerContext server, Service.@Nullable Task task, int status, long began) {
        String method = task == null ? "other" : task.method();
        String path = task == null ? "other" : task.path();
        server.metrics().answered(method, path, status, System.nanoTime() - began);
    }

    static Answer answer(ServerContext server, Service.Task task, RequestHead head, BodyBuffer received) {
        BodyBuffer plain = new BodyBuffer(
                server.capacity(), server.bounds().bodyLimit(), server.bounds().bodyLimit());
        try {
            byte[] body = received.toArray();
            if (head.encoding() != Encoding.IDENTITY && received.size() > 0) {
                Inflation.run(head.encoding(), received.bytes(), received.size(), plain);
                body = plain.toArray();
            }
            return task.answer(body);
        } catch (RefusedException refused) {
            return refused.answer();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Answer.problem(503, "the listener is closing; try again later");
        } catch (Exception | Error e) {
            LOG.error("The handler of {} {} failed", task.method(), task.path(), e);
            return Answer.problem(500, UNKNOWN);
        } finally {
            plain.release();
        }
    }
}
