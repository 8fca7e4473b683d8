package dev.kumo.core.log;

import dev.kumo.core.mail.Headers;
import dev.kumo.core.net.IpLiteral;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;

/** Writes lines of the log as JSON, in the order of KumoMTA's members. */
final class LogJson {

    private static final JsonFactory JSON = JsonFactory.builder()
            .rootValueSeparator((String) null)
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .build();

    private static final String UNCATEGORIZED = "Uncategorized";

    private final Layout layout;
    private final JsonGenerator json;
    private final Timestamp timestamp = new Timestamp();

    /** What is written beside the facts. */
    record Layout(
            Selection headers,
            Selection meta,
            String nodeId,
            @Nullable UnaryOperator<String> classifier) {}

    LogJson(Layout layout, OutputStream out) {
        this.layout = layout;
        this.json = JSON.createGenerator(ObjectWriteContext.empty(), out, JsonEncoding.UTF8);
    }

    void write(LogLine line) {
        json.writeStartObject();
        text("type", line.type);
        text("id", line.id);
        text("sender", line.sender);
        json.writeName("recipient");
        oneOrMany(line.recipients);
        text("queue", line.queue);
        text("site", line.site);
        json.writeNumberProperty("size", line.size);
        response(line);
        peerAddress(line);
        json.writeNumberProperty("timestamp", line.at.getEpochSecond());
        time("event_time", line.at);
        json.writeNumberProperty("created", line.created.getEpochSecond());
        time("created_time", line.created);
        json.writeNumberProperty("num_attempts", line.attempts);
        text("bounce_classification", classification(line));
        text("egress_pool", line.pool);
        text("egress_source", line.source);
        sourceAddress(line.sourceAddress);
        json.writeName("feedback_report");
        value(line.feedback);
        meta(line.meta);
        headers(line.headers);
        text("delivery_protocol", line.deliveryProtocol);
        json.writeName("reception_protocol");
        value(line.receptionProtocol);
        text("nodeid", layout.nodeId());
        if (line.tlsProtocol != null) {
            text("tls_cipher", line.tlsCipher);
            text("tls_protocol_version", line.tlsProtocol);
            json.writeName("tls_peer_subject_name");
            value(line.tlsSubject);
        }
        if (line.session != null) {
            text("session_id", line.session);
        }
        json.writeEndObject();
        json.writeRaw('\n');
        json.flush();
    }

    private void response(LogLine line) {
        json.writeName("response");
        json.writeStartObject();
        json.writeNumberProperty("code", line.code);
        json.writeName("enhanced_code");
        if (line.status == null) {
            json.writeNull();
        } else {
            json.writeStartObject();
            json.writeNumberProperty("class", line.status.statusClass());
            json.writeNumberProperty("subject", line.status.subject());
            json.writeNumberProperty("detail", line.status.detail());
            json.writeEndObject();
        }
        text("content", line.content);
        text("command", line.command);
        json.writeEndObject();
    }

    private void peerAddress(LogLine line) {
        json.writeName("peer_address");
        if (line.peerAddress == null) {
            json.writeNull();
            return;
        }
        json.writeStartObject();
        text("name", line.peerName);
        text("addr", line.peerAddress);
        json.writeEndObject();
    }

    private String classification(LogLine line) {
        UnaryOperator<String> classifier = layout.classifier();
        if (classifier == null || !line.failure) {
            return UNCATEGORIZED;
        }
        return classifier.apply(line.code + " " + (line.status == null ? "" : line.status + " ") + line.content);
    }

    private void sourceAddress(@Nullable InetAddress address) {
        json.writeName("source_address");
        if (address == null) {
            json.writeNull();
            return;
        }
        String host = IpLiteral.format(address);
        json.writeStartObject();
        // KumoMTA has address and port here, and writes port 0 where it does not know it either.
        text("address", (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":0");
        json.writeEndObject();
    }

    private void meta(Map<String, Object> meta) {
        json.writeName("meta");
        json.writeStartObject();
        if (!layout.meta().isEmpty()) {
            meta.forEach((name, value) -> {
                if (layout.meta().spelling(name).isPresent()) {
                    json.writeName(whole(name));
                    value(value);
                }
            });
        }
        json.writeEndObject();
    }

    private void headers(List<Headers.Field> headers) {
        json.writeName("headers");
        json.writeStartObject();
        if (!headers.isEmpty() && !layout.headers().isEmpty()) {
            byName(headers).values().forEach(named -> {
                json.writeName(named.spelling());
                oneOrMany(named.values());
            });
        }
        json.writeEndObject();
    }

    private record Named(String spelling, List<String> values) {}

    private Map<String, Named> byName(List<Headers.Field> headers) {
        Map<String, Named> byName = new LinkedHashMap<>();
        for (Headers.Field field : headers) {
            Optional<String> spelling = layout.headers().spelling(field.name());
            if (spelling.isPresent()) {
                byName.computeIfAbsent(
                                field.name().toLowerCase(Locale.ROOT),
                                name -> new Named(spelling.get(), new ArrayList<>(1)))
                        .values()
                        .add(field.value());
            }
        }
        return byName;
    }

    private void oneOrMany(List<String> texts) {
        if (texts.size() == 1) {
            json.writeString(whole(texts.get(0)));
        } else {
            value(texts);
        }
    }

    private void text(String name, @Nullable String text) {
        json.writeName(name);
        if (text == null) {
            json.writeNull();
        } else {
            json.writeString(whole(text));
        }
    }

    private void time(String name, Instant time) {
        json.writeName(name);
        int length = timestamp.set(time);
        if (length == 0) {
            json.writeString(time.toString());
        } else {
            json.writeString(timestamp.text(), 0, length);
        }
    }

    private void value(@Nullable Object value) {
        if (value instanceof String text) {
            json.writeString(whole(text));
        } else if (value instanceof Map<?, ?> map) {
            json.writeStartObject();
            map.forEach((name, item) -> {
                json.writeName(whole(String.valueOf(name)));
                value(item);
            });
            json.writeEndObject();
        } else if (value instanceof Iterable<?> items) {
            json.writeStartArray();
            items.forEach(this::value);
            json.writeEndArray();
        } else if (value instanceof Boolean flag) {
            json.writeBoolean(flag);
        } else if (value instanceof Number number) {
            number(number);
        } else {
            json.writeNull();
        }
    }

    private void number(Number number) {
        if (number instanceof Integer || number instanceof Long || number instanceof Short || number instanceof Byte) {
            json.writeNumber(number.longValue());
        } else if (number instanceof BigInteger big) {
            json.writeNumber(big);
        } else {
            try {
                json.writeNumber(new BigDecimal(number.toString()));
            } catch (NumberFormatException e) {
                json.writeString(whole(number.toString())); // of a kind that no number of JSON can tell
            }
        }
    }

    /** A surrogate without its other half is no character, and most readers of JSON refuse it. */
    private static String whole(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                return mended(text, i);
            }
        }
        return text;
    }

    private static String mended(String text, int from) {
        StringBuilder mended = new StringBuilder(text);
        for (int i = from; i < text.length(); i++) {
            if (!Character.isSurrogate(text.charAt(i))) {
                continue;
            }
            if (Character.isHighSurrogate(text.charAt(i))
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else {
                mended.setCharAt(i, '\ufffd');
            }
        }
        return mended.toString();
    }
}
