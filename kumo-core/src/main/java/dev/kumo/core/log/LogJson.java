package dev.kumo.core.log;

import dev.kumo.core.mail.Headers;
import dev.kumo.core.net.IpLiteral;
import java.io.IOException;
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

/** Writes lines of the log as JSON, in the order of KumoMTA's members. */
final class LogJson {

    private static final String UNCATEGORIZED = "Uncategorized";

    private final Layout layout;
    private final byte[] nodeId;
    private final JsonBytes json = new JsonBytes();
    private final Timestamp timestamp = new Timestamp();

    /** What is written beside the facts. */
    record Layout(
            Selection headers,
            Selection meta,
            String nodeId,
            @Nullable UnaryOperator<String> classifier) {}

    LogJson(Layout layout) {
        this.layout = layout;
        this.nodeId = JsonBytes.ascii(layout.nodeId());
    }

    /**
     * Writes a line in one call.
     *
     * @return how many bytes it has
     */
    int write(LogLine line, OutputStream out) throws IOException {
        try {
            line(line);
            json.writeTo(out);
            return json.size();
        } finally {
            json.clear();
        }
    }

    private void line(LogLine line) {
        json.open('{');
        text(Member.TYPE, line.type);
        text(Member.ID, line.id);
        text(Member.SENDER, line.sender);
        json.name(Member.RECIPIENT.encoded);
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
        json.name(Member.FEEDBACK_REPORT.encoded);
        value(line.feedback);
        meta(line.meta);
        headers(line.headers);
        text(Member.DELIVERY_PROTOCOL, line.deliveryProtocol);
        json.name(Member.RECEPTION_PROTOCOL.encoded);
        value(line.receptionProtocol);
        json.name(Member.NODEID.encoded);
        json.plain(nodeId, nodeId.length);
        if (line.tlsProtocol != null) {
            text(Member.TLS_CIPHER, line.tlsCipher);
            text(Member.TLS_PROTOCOL_VERSION, line.tlsProtocol);
            json.name(Member.TLS_PEER_SUBJECT_NAME.encoded);
            value(line.tlsSubject);
        }
        if (line.session != null) {
            text(Member.SESSION_ID, line.session);
        }
        json.close('}');
        json.endOfLine();
    }

    private void response(LogLine line) {
        json.name(Member.RESPONSE.encoded);
        json.open('{');
        number(Member.CODE, line.code);
        json.name(Member.ENHANCED_CODE.encoded);
        if (line.status == null) {
            json.nothing();
        } else {
            json.open('{');
            number(Member.CLASS, line.status.statusClass());
            number(Member.SUBJECT, line.status.subject());
            number(Member.DETAIL, line.status.detail());
            json.close('}');
        }
        text(Member.CONTENT, line.content);
        text(Member.COMMAND, line.command);
        json.close('}');
    }

    private void peerAddress(LogLine line) {
        json.name(Member.PEER_ADDRESS.encoded);
        if (line.peerAddress == null) {
            json.nothing();
            return;
        }
        json.open('{');
        text(Member.NAME, line.peerName);
        text(Member.ADDR, line.peerAddress);
        json.close('}');
    }

    private String classification(LogLine line) {
        UnaryOperator<String> classifier = layout.classifier();
        if (classifier == null || !line.failure) {
            return UNCATEGORIZED;
        }
        return classifier.apply(line.code + " " + (line.status == null ? "" : line.status + " ") + line.content);
    }

    private void sourceAddress(@Nullable InetAddress address) {
        json.name(Member.SOURCE_ADDRESS.encoded);
        if (address == null) {
            json.nothing();
            return;
        }
        String host = IpLiteral.format(address);
        json.open('{');
        // KumoMTA has address and port here, and writes port 0 where it does not know it either.
        text(Member.ADDRESS, (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":0");
        json.close('}');
    }

    private void meta(Map<String, Object> meta) {
        json.name(Member.META.encoded);
        json.open('{');
        if (!layout.meta().isEmpty()) {
            meta.forEach((name, value) -> {
                if (layout.meta().spelling(name).isPresent()) {
                    json.name(name);
                    value(value);
                }
            });
        }
        json.close('}');
    }

    private void headers(List<Headers.Field> headers) {
        json.name(Member.HEADERS.encoded);
        json.open('{');
        if (!headers.isEmpty() && !layout.headers().isEmpty()) {
            byName(headers).values().forEach(named -> {
                json.name(named.spelling());
                oneOrMany(named.values());
            });
        }
        json.close('}');
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
            json.string(texts.get(0));
        } else {
            value(texts);
        }
    }

    private void number(Member name, long number) {
        json.name(name.encoded);
        json.number(number);
    }

    private void text(Member name, @Nullable String text) {
        json.name(name.encoded);
        if (text == null) {
            json.nothing();
        } else {
            json.string(text);
        }
    }

    private void time(Member name, Instant time) {
        json.name(name.encoded);
        int length = timestamp.set(time);
        if (length == 0) {
            json.string(time.toString());
        } else {
            json.plain(timestamp.text(), length);
        }
    }

    private void value(@Nullable Object value) {
        if (value instanceof String text) {
            json.string(text);
        } else if (value instanceof Map<?, ?> map) {
            json.open('{');
            map.forEach((name, item) -> {
                json.name(String.valueOf(name));
                value(item);
            });
            json.close('}');
        } else if (value instanceof Iterable<?> items) {
            json.open('[');
            items.forEach(this::value);
            json.close(']');
        } else if (value instanceof Boolean flag) {
            json.bool(flag);
        } else if (value instanceof Number number) {
            number(number);
        } else {
            json.nothing();
        }
    }

    private void number(Number number) {
        if (number instanceof Integer || number instanceof Long || number instanceof Short || number instanceof Byte) {
            json.number(number.longValue());
        } else if (number instanceof BigInteger big) {
            json.number(big.toString());
        } else {
            try {
                json.number(new BigDecimal(number.toString()).toString());
            } catch (NumberFormatException e) {
                json.string(number.toString()); // of a kind that no number of JSON can tell
            }
        }
    }
}
