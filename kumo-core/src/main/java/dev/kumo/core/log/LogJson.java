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
        word(Member.TYPE, line.type);
        word(Member.ID, line.id);
        text(Member.SENDER, line.sender);
        json.writeName(Member.RECIPIENT.text);
        oneOrMany(line.recipients);
        text(Member.QUEUE, line.queue);
        text(Member.SITE, line.site);
        number(Member.SIZE, line.size);
        response(line);
        peerAddress(line);
        number(Member.TIMESTAMP, line.at.getEpochSecond());
        time(Member.EVENT_TIME, line.at);
        number(Member.CREATED, line.created.getEpochSecond());
        time(Member.CREATED_TIME, line.created);
        number(Member.NUM_ATTEMPTS, line.attempts);
        text(Member.BOUNCE_CLASSIFICATION, classification(line));
        text(Member.EGRESS_POOL, line.pool);
        text(Member.EGRESS_SOURCE, line.source);
        sourceAddress(line.sourceAddress);
        json.writeName(Member.FEEDBACK_REPORT.text);
        value(line.feedback);
        meta(line.meta);
        headers(line.headers);
        text(Member.DELIVERY_PROTOCOL, line.deliveryProtocol);
        json.writeName(Member.RECEPTION_PROTOCOL.text);
        value(line.receptionProtocol);
        word(Member.NODEID, layout.nodeId());
        if (line.tlsProtocol != null) {
            text(Member.TLS_CIPHER, line.tlsCipher);
            text(Member.TLS_PROTOCOL_VERSION, line.tlsProtocol);
            json.writeName(Member.TLS_PEER_SUBJECT_NAME.text);
            value(line.tlsSubject);
        }
        if (line.session != null) {
            text(Member.SESSION_ID, line.session);
        }
        json.writeEndObject();
        json.writeRaw('\n');
        json.flush();
    }

    private void response(LogLine line) {
        json.writeName(Member.RESPONSE.text);
        json.writeStartObject();
        number(Member.CODE, line.code);
        json.writeName(Member.ENHANCED_CODE.text);
        if (line.status == null) {
            json.writeNull();
        } else {
            json.writeStartObject();
            number(Member.CLASS, line.status.statusClass());
            number(Member.SUBJECT, line.status.subject());
            number(Member.DETAIL, line.status.detail());
            json.writeEndObject();
        }
        text(Member.CONTENT, line.content);
        text(Member.COMMAND, line.command);
        json.writeEndObject();
    }

    private void peerAddress(LogLine line) {
        json.writeName(Member.PEER_ADDRESS.text);
        if (line.peerAddress == null) {
            json.writeNull();
            return;
        }
        json.writeStartObject();
        text(Member.NAME, line.peerName);
        text(Member.ADDR, line.peerAddress);
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
        json.writeName(Member.SOURCE_ADDRESS.text);
        if (address == null) {
            json.writeNull();
            return;
        }
        String host = IpLiteral.format(address);
        json.writeStartObject();
        // KumoMTA has address and port here, and writes port 0 where it does not know it either.
        text(Member.ADDRESS, (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":0");
        json.writeEndObject();
    }

    private void meta(Map<String, Object> meta) {
        json.writeName(Member.META.text);
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
        json.writeName(Member.HEADERS.text);
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

    /** Writes a text of our own, which holds nothing that has to be mended. */
    private void word(Member name, String word) {
        json.writeName(name.text);
        json.writeString(word);
    }

    private void number(Member name, long number) {
        json.writeName(name.text);
        json.writeNumber(number);
    }

    private void text(Member name, @Nullable String text) {
        json.writeName(name.text);
        if (text == null) {
            json.writeNull();
        } else {
            json.writeString(whole(text));
        }
    }

    private void time(Member name, Instant time) {
        json.writeName(name.text);
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
