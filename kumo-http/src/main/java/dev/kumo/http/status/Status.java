package dev.kumo.http.status;

import dev.kumo.core.Reception;
import dev.kumo.core.log.LogRecord;
import dev.kumo.core.queue.Queues;
import dev.kumo.http.answer.Json;
import dev.kumo.http.endpoint.Endpoint;
import dev.kumo.http.endpoint.Operation;
import dev.kumo.http.wire.Broadcast;
import dev.kumo.http.wire.Takeover;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The status page, {@code GET /}, and what it shows, {@code GET /api/live/v1}. */
public final class Status implements AutoCloseable {

    private static final Duration PERIOD = Duration.ofSeconds(1);

    /** Nothing but what this listener serves itself; and nobody may frame it, for a click on it is an order. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
            + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final Figures figures;
    private final Broadcast broadcast = new Broadcast(this::snapshot, PERIOD);
    private volatile @Nullable Reception house;

    /**
     * One that has heard nothing yet.
     *
     * @param queues null if they are not to be shown
     */
    public Status(String hostname, @Nullable Supplier<Queues> queues, InstantSource time) {
        this.figures = new Figures(hostname, queues, time);
    }

    /** Shows the listeners of the house from now on. */
    public void open(Reception reception) {
        house = reception;
    }

    public void hear(LogRecord record) {
        figures.hear(record);
    }

    private byte[] snapshot() {
        Reception shown = house;
        return Json.write(figures.json(most -> shown == null ? List.of() : shown.listeners(most)));
    }

    public List<Endpoint> endpoints() {
        return List.of(
                file("/", "page.html", "text/html; charset=utf-8", "Show the status page"),
                file("/status/page.css", "page.css", "text/css; charset=utf-8", "Part of the status page"),
                file("/status/page.js", "page.js", "text/javascript; charset=utf-8", "Part of the status page"),
                file("/status/icon.svg", "icon.svg", "image/svg+xml", "Part of the status page"),
                Endpoint.taken(
                        "/api/live/v1",
                        Operation.of("Watch listeners, sessions, queues, throughput and the last messages")
                                .id("live_v1")
                                .tag("status")
                                .answer(200, "A snapshot a second", "text/event-stream", Map.of("type", "string"))
                                .answer(503, "Too many watch already"),
                        Takeover.events(broadcast)));
    }

    private static Endpoint file(String path, String name, String type, String summary) {
        PageFile file = PageFile.read(name, type);
        Operation operation = Operation.of(summary)
                .tag("status")
                .answer(200, "The file", type.replaceFirst(";.*", ""), Map.of("type", "string"));
        return Endpoint.trusted(
                "GET",
                path,
                operation,
                ask -> file.answer()
                        .header("Content-Security-Policy", POLICY)
                        .header("Referrer-Policy", "no-referrer")
                        .header("Cross-Origin-Resource-Policy", "same-origin"));
    }

    /** Ends what everybody watches. */
    @Override
    public void close() {
        broadcast.close();
    }
}
