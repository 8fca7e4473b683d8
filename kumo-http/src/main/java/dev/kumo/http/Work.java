package dev.kumo.http;

import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What becomes of a request off the event loop: its body is decompressed, and its handler asked. */
final class Work {

    private static final Logger LOG = LoggerFactory.getLogger(HttpListener.class);

    private static final String UNKNOWN = "the request could not be worked on; the log of the server has the cause";

    private Work() {}

    /** Runs what may block and may throw. It gives an answer, or null if it goes on by itself. */
    static @Nullable Response guarded(@Nullable Route route, Supplier<@Nullable Response> task) {
        try {
            return task.get();
        } catch (RefusedException refused) {
            return refused.response();
        } catch (RuntimeException | Error e) {
            LOG.error("{} failed", route == null ? "A request" : route.method() + " " + route.path(), e);
            return Response.problem(500, UNKNOWN);
        }
    }

    static Response answer(ServerContext server, Route route, RequestHead head, BodyBuffer received, Caller caller) {
        BodyBuffer plain = new BodyBuffer(
                server.capacity(),
                server.options().requestBodyLimit(),
                server.options().requestBodyLimit());
        try {
            byte[] body = received.toArray();
            if (head.encoding() != Encoding.IDENTITY && received.size() > 0) {
                Inflation.run(head.encoding(), received.bytes(), received.size(), plain);
                body = plain.toArray();
            }
            Request request = new Request(route.method(), route.path(), head.parameters(), head.fields(), body, caller);
            return Objects.requireNonNull(route.handler().handle(request), "a handler's answer is null");
        } catch (RefusedException refused) {
            return refused.response();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Response.problem(503, "the listener is closing; try again later");
        } catch (Exception | Error e) {
            LOG.error("The handler of {} {} failed", route.method(), route.path(), e);
            return Response.problem(500, UNKNOWN);
        } finally {
            plain.release();
        }
    }
}
