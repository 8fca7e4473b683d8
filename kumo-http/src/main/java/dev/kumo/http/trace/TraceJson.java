package dev.kumo.http.trace;

import dev.kumo.core.log.SessionEvent;
import dev.kumo.core.policy.ReportDisposition;
import dev.kumo.http.answer.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** An event of a session as KumoMTA's trace-smtp-server shows it. */
final class TraceJson {

    /** What is longer is cut in terse mode. */
    private static final int SNIPPET = 128;

    private TraceJson() {}

    static String of(SessionEvent event, boolean terse) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("conn_meta", event.meta());
        json.put("payload", payload(event.what(), terse));
        json.put("when", event.at().toString());
        return new String(Json.write(json), StandardCharsets.UTF_8);
    }

    private static Object payload(SessionEvent.What what, boolean terse) {
        if (what instanceof SessionEvent.Connected) {
            return "Connected";
        }
        if (what instanceof SessionEvent.Closed) {
            return "Closed";
        }
        if (what instanceof SessionEvent.Read read) {
            return read(read.text(), terse);
        }
        if (what instanceof SessionEvent.Write write) {
            return Map.of("Write", write.text());
        }
        if (what instanceof SessionEvent.Diagnostic diagnostic) {
            return Map.of("Diagnostic", Map.of("level", level(diagnostic.level()), "message", diagnostic.message()));
        }
        if (what instanceof SessionEvent.Callback callback) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("name", callback.name());
            callback.result().ifPresent(result -> json.put("result", result));
            callback.error().ifPresent(error -> json.put("error", error));
            return Map.of("Callback", json);
        }
        return Map.of("MessageDisposition", disposition((SessionEvent.MessageDisposition) what));
    }

    private static Map<String, Object> read(String text, boolean terse) {
        return terse && text.length() > SNIPPET
                ? Map.of("AbbreviatedRead", Map.of("snippet", text.substring(0, SNIPPET), "len", text.length()))
                : Map.of("Read", text);
    }

    private static String level(System.Logger.Level level) {
        return level == System.Logger.Level.WARNING ? "WARN" : level.name();
    }

    private static Map<String, Object> disposition(SessionEvent.MessageDisposition disposition) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("relay", disposition.relay());
        json.put("log_arf", written(disposition.logArf()));
        json.put("log_oob", written(disposition.logOob()));
        json.put("queue", disposition.queue().text());
        json.put("meta", disposition.meta());
        json.put("sender", disposition.sender().toString());
        json.put("recipient", disposition.recipient().toString());
        json.put("id", disposition.id().text());
        json.put("was_arf_or_oob", disposition.wasArfOrOob());
        json.put("will_enqueue", disposition.willEnqueue());
        return json;
    }

    /** As the documents write it. */
    private static Object written(ReportDisposition disposition) {
        return switch (disposition) {
            case IGNORE -> false;
            case LOG -> true;
            case LOG_THEN_DROP -> "LogThenDrop";
            case LOG_THEN_RELAY -> "LogThenRelay";
        };
    }
}
