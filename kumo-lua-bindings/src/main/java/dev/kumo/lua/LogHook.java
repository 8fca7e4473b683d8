package dev.kumo.lua;

import dev.kumo.core.log.LogRecord;
import dev.kumo.core.log.LogRecordWriter;
import dev.kumo.core.log.MtaObserver;
import dev.kumo.core.log.Selection;
import dev.kumo.core.log.webhook.Webhook;
import dev.kumo.core.log.webhook.WebhookOptions;
import dev.kumo.core.mail.Content;
import dev.kumo.core.mail.Envelope;
import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.MessageId;
import dev.kumo.core.mail.Meta;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * A hook of a script: sends records to a web server. If the script handles {@code should_enqueue_log_record}, it is asked of each, with the
 * record as the message that it would be in KumoMTA.
 */
final class LogHook implements MtaObserver, AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.shared();

    private final String name;
    private final WebhookOptions options;
    private final Sessions script;
    private final RandomGenerator random;
    private final LogRecordWriter writer;
    private final Webhook webhook;

    private LogHook(String name, WebhookOptions options, Sessions script, RandomGenerator random) throws IOException {
        this.name = name;
        this.options = options;
        this.script = script;
        this.random = random;
        LogRecordWriter.Builder lines =
                LogRecordWriter.builder().headers(options.headers()).meta(options.meta());
        options.nodeId().ifPresent(lines::nodeId);
        this.writer = lines.build();
        this.webhook = Webhook.open(options);
    }

    static LogHook open(String name, WebhookOptions options, Sessions script, RandomGenerator random)
            throws IOException {
        return new LogHook(name, options, script, random);
    }

    @Override
    public Selection wantedHeaders() {
        return webhook.wantedHeaders();
    }

    @Override
    public void record(LogRecord record) {
        boolean wanted =
                options.records().map(types -> types.contains(record.type())).orElse(true);
        if (wanted && (!script.current().events().contains(Events.LOG_RECORD) || isLetThrough(record))) {
            webhook.record(record);
        }
    }

    private boolean isLetThrough(LogRecord record) {
        Object result;
        try {
            result = script.call(Events.LOG_RECORD, true, message(record), name);
        } catch (LuaRefusal refusal) {
            throw new IllegalArgumentException(
                    "kumo.reject has no effect in " + Events.LOG_RECORD + "; return true or false", refusal);
        }
        if (result != null && !(result instanceof Boolean)) {
            throw new IllegalArgumentException("a handler of " + Events.LOG_RECORD + " must return true or false");
        }
        return Boolean.TRUE.equals(result);
    }

    private Message message(LogRecord record) {
        byte[] json = json(record);
        Map<?, ?> members = JSON.readValue(json, Map.class);
        Meta meta = new Meta().put("log_record", withoutNulls(members)).put("reception_protocol", "LogRecord");
        Envelope envelope = new Envelope(address(members.get("sender")), recipients(members.get("recipient")), true);
        return new Message(MessageId.next(record.at(), random), envelope, meta, Content.of(json));
    }

    /** Meta data knows no null, and a member of a table that is nil is none. */
    private static Object withoutNulls(Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> members = new LinkedHashMap<>();
            map.forEach((name, member) -> {
                if (member != null) {
                    members.put(name, withoutNulls(member));
                }
            });
            return members;
        }
        if (value instanceof List<?> list) {
            return list.stream()
                    .filter(Objects::nonNull)
                    .map(LogHook::withoutNulls)
                    .toList();
        }
        return value;
    }

    private byte[] json(LogRecord record) {
        ByteArrayOutputStream line = new ByteArrayOutputStream(1024);
        try {
            writer.write(record, line);
        } catch (IOException e) {
            throw new IllegalStateException("memory cannot fail", e);
        }
        return line.toByteArray();
    }

    /** As the record has it, which may be what a client wrote; none if it is no address. */
    private static EnvelopeAddress address(@Nullable Object text) {
        try {
            return text instanceof String address && !address.isEmpty()
                    ? EnvelopeAddress.parse(address)
                    : EnvelopeAddress.NULL_SENDER;
        } catch (IllegalArgumentException e) {
            return EnvelopeAddress.NULL_SENDER;
        }
    }

    private static List<EnvelopeAddress> recipients(@Nullable Object value) {
        List<EnvelopeAddress> recipients = new ArrayList<>();
        for (Object item : value instanceof List<?> list ? list : value == null ? List.of() : List.of(value)) {
            EnvelopeAddress address = address(item);
            if (!address.equals(EnvelopeAddress.NULL_SENDER)) {
                recipients.add(address);
            }
        }
        if (recipients.isEmpty()) { // a refused client names no recipient, and a message needs one
            recipients.add(EnvelopeAddress.parse("postmaster@localhost"));
        }
        return recipients;
    }

    @Override
    public void close() {
        webhook.close();
    }

    /** What it is, and the server. */
    @Override
    public String toString() {
        return "log hook '" + name + "', " + webhook;
    }
}
