package dev.kumo.core.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.TestMail;
import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.Headers;
import dev.kumo.core.mail.QueueName;
import dev.kumo.core.mail.Reply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class LogJsonPropertyTest {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    void everyRecordIsALineOfJsonWhateverStrangersWrote(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        LogRecordWriter writer = LogRecordWriter.builder()
                .nodeId(new UUID(0, 0))
                .meta(List.of("*"))
                .headers(List.of("*"))
                .classifier(line -> line)
                .build();
        for (int i = 0; i < 2_000; i++) {
            Map<String, Object> meta = meta(random);
            List<Headers.Field> headers = headers(random);
            LogRecord record = record(random, meta, headers);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            writer.write(record, out);

            byte[] line = out.toByteArray();
            // A strict decoder: what is no UTF-8 would be an error.
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line))
                    .toString();
            assertThat(text.indexOf('\n')).isEqualTo(text.length() - 1);
            JsonNode json = JSON.readTree(text);
            assertThat(json.get("type").asString()).isEqualTo(record.type());
            meta.forEach((name, value) -> {
                if (value instanceof String words) {
                    assertThat(json.get("meta").get(mended(name)).asString()).isEqualTo(mended(words));
                }
            });
            if (!(record instanceof LogRecord.Rejection)) {
                assertThat(json.get("headers").size()).isEqualTo((int)
                        headers.stream().map(Headers.Field::name).distinct().count());
            }
        }
    }

    /** Another way than the writer's: through UTF-16, whose encoder replaces what is no character. */
    private static String mended(String text) {
        String replaced = new String(text.getBytes(StandardCharsets.UTF_16BE), StandardCharsets.UTF_16BE);
        assertThat(replaced.codePoints().noneMatch(c -> c >= 0xd800 && c < 0xe000))
                .isTrue();
        return replaced;
    }

    private static LogRecord record(SplittableRandom random, Map<String, Object> meta, List<Headers.Field> headers) {
        MessageFacts facts = new MessageFacts(
                TestMail.id(1),
                address(random),
                List.of(address(random), address(random)),
                QueueName.parse(text(random)),
                random.nextLong(),
                random.nextInt(),
                meta,
                headers);
        Instant at = Instant.ofEpochSecond(random.nextLong(-1L << 40, 1L << 40), random.nextInt(1_000_000_000));
        Attempt attempt = new Attempt(
                text(random),
                text(random),
                text(random),
                text(random),
                Optional.empty(),
                text(random),
                Optional.of(InetSocketAddress.createUnresolved("mx.example", 25)),
                text(random),
                text(random),
                Optional.of(new Attempt.Tls(text(random), text(random), text(random))));
        return switch (random.nextInt(11)) {
            case 0 -> new LogRecord.Reception(at, facts);
            case 1 -> new LogRecord.Delivery(at, facts, reply(random, 2), attempt);
            case 2 -> new LogRecord.TransientFailure(at, facts, reply(random, 4), attempt);
            case 3 -> new LogRecord.Bounce(at, facts, reply(random, 5), attempt);
            case 4 -> new LogRecord.Expiration(at, facts, reply(random, 5));
            case 5 -> new LogRecord.AdminBounce(at, facts, reply(random, 5));
            case 6 -> new LogRecord.AdminRebind(at, facts, reply(random, 2));
            case 7 -> new LogRecord.Delayed(at, facts, reply(random, 4));
            case 8 -> new LogRecord.Feedback(at, facts, SampleReports.complaint(text(random), meta));
            case 9 -> SampleReports.oob(at, facts, text(random), Optional.empty());
            default ->
                new LogRecord.Rejection(
                        at,
                        InetSocketAddress.createUnresolved("192.0.2.1", 1),
                        text(random),
                        Optional.of(address(random)),
                        Optional.of(address(random)),
                        "MAIL",
                        reply(random, 5),
                        text(random),
                        meta);
        };
    }

    private static Map<String, Object> meta(SplittableRandom random) {
        Map<String, Object> meta = new TreeMap<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            // Two names may be the same once mended, which no writer could keep apart.
            meta.put(i + text(random), value(random, 3));
        }
        for (String name : List.of("ehlo_domain", "received_from", "reception_protocol", "tls_cipher", "session_id")) {
            if (random.nextBoolean()) {
                meta.put(name, random.nextInt(5) == 0 ? value(random, 2) : text(random));
            }
        }
        return meta;
    }

    private static Object value(SplittableRandom random, int depth) {
        return switch (random.nextInt(depth > 0 ? 8 : 6)) {
            case 0 -> random.nextBoolean();
            case 1 -> random.nextLong();
            case 2 -> random.nextDouble(-1e300, 1e300);
            case 3 -> (float) random.nextDouble();
            case 4 -> BigDecimal.valueOf(random.nextLong(), random.nextInt(9));
            case 5 -> text(random);
            case 6 -> List.of(value(random, depth - 1), value(random, depth - 1));
            default -> Map.of("k" + text(random), value(random, depth - 1));
        };
    }

    private static List<Headers.Field> headers(SplittableRandom random) {
        List<Headers.Field> headers = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            headers.add(new Headers.Field("x-" + (char) random.nextInt('!', '9'), text(random)));
        }
        return headers;
    }

    private static EnvelopeAddress address(SplittableRandom random) {
        StringBuilder local = new StringBuilder("\"");
        for (int i = random.nextInt(20); i > 0; i--) {
            char c = (char) random.nextInt(' ', 0x7f);
            local.append(c == '"' || c == '\\' ? "\\" : "").append(c);
        }
        return EnvelopeAddress.parse(local + "x\"@example.com");
    }

    private static Reply reply(SplittableRandom random, int statusClass) {
        StringBuilder text = new StringBuilder("x");
        for (int i = random.nextInt(30); i > 0; i--) {
            text.append((char) random.nextInt(0xa0, 0xffff));
        }
        return Reply.plain(statusClass * 100, List.of(text.toString(), "more"));
    }

    private static String text(SplittableRandom random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(12); i > 0; i--) {
            text.append(
                    switch (random.nextInt(5)) {
                        case 0 -> (char) random.nextInt(0x20);
                        case 1 -> (char) random.nextInt(0xd800, 0xe000);
                        case 2 -> (char) random.nextInt(0x10000);
                        case 3 -> "\"\\\u2028\u2029\ufeff\u007f\u0085".charAt(random.nextInt(7));
                        default -> (char) random.nextInt(' ', 0x7f);
                    });
        }
        return text.toString();
    }
}
