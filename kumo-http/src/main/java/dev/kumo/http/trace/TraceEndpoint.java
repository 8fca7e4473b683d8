package dev.kumo.http.trace;

import dev.kumo.core.log.SessionTrace;
import dev.kumo.http.endpoint.Endpoint;
import dev.kumo.http.endpoint.Operation;
import dev.kumo.http.wire.Takeover;
import java.time.InstantSource;
import java.util.function.Supplier;

/** {@code GET /api/admin/trace-smtp-server/v1}: what SMTP sessions say and hear, over a WebSocket. */
public final class TraceEndpoint {

    private static final int MOST = 16;

    private TraceEndpoint() {}

    /**
     * The endpoint.
     *
     * @param trace asked for each client
     */
    public static Endpoint endpoint(Supplier<SessionTrace> trace, InstantSource time) {
        return Endpoint.taken(
                "/api/admin/trace-smtp-server/v1",
                Operation.of("Listen to SMTP sessions over a WebSocket")
                        .description(
                                "Send one text message with a filter, {\"source_addr\": [\"192.0.2.0/24\"], \"terse\": true}"
                                        + " or {}; then each event comes as one text message with conn_meta, payload and when.")
                        .id("trace_smtp_server_v1")
                        .tag("admin")
                        .answer(101, "The connection is a WebSocket now")
                        .answer(400, "No WebSocket of HTTP/1.1")
                        .answer(426, "Another version of WebSocket")
                        .answer(503, "Too many listen already"),
                Takeover.socket(MOST, wake -> new TraceDialogue(trace.get(), time, wake)));
    }
}
