package dev.kumo.http.trace;

import dev.kumo.core.log.SessionTrace;
import dev.kumo.core.net.CidrSet;
import dev.kumo.http.answer.Fields;
import dev.kumo.http.answer.Json;
import dev.kumo.http.answer.RefusedException;
import dev.kumo.http.wire.Dialogue;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One who listens to SMTP sessions: says whose, and then hears them. */
final class TraceDialogue implements Dialogue {

    private final SessionTrace trace;
    private final TraceBacklog backlog;
    private SessionTrace.@Nullable Listening listening;

    TraceDialogue(SessionTrace trace, InstantSource time, Runnable wake) {
        this.trace = trace;
        this.backlog = new TraceBacklog(time, wake);
    }

    @Override
    public void begin(String filter) {
        Fields fields = Fields.of("", Json.read(filter.getBytes(StandardCharsets.UTF_8)));
        Predicate<InetAddress> clients = clients(fields);
        backlog.terse(fields.flag("terse"));
        fields.end();
        listening = trace.listen(clients, backlog::add);
    }

    private static Predicate<InetAddress> clients(Fields fields) {
        if (fields.take("source_addr") == null) {
            return client -> true;
        }
        List<String> blocks = fields.list("source_addr", item -> {
            if (item.value() instanceof String block) {
                return block;
            }
            throw Fields.wrong(item.place(), "text", item.value());
        });
        try {
            return CidrSet.of(blocks)::contains;
        } catch (IllegalArgumentException e) {
            throw new RefusedException(422, "source_addr: " + e.getMessage());
        }
    }

    @Override
    public @Nullable String next() {
        return backlog.next();
    }

    @Override
    public void end() {
        if (listening != null) {
            listening.close();
        }
    }
}
