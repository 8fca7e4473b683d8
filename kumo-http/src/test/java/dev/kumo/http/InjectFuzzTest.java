package dev.kumo.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.kumo.http.answer.Json;
import dev.kumo.http.answer.RefusedException;
import dev.kumo.http.metric.Metrics;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever comes as the body of an injection, the answer is a success or the client's error. */
class InjectFuzzTest {

    private static final String[] NAMES = {
        "envelope_sender",
        "recipients",
        "content",
        "substitutions",
        "deferred_spool",
        "deferred_generation",
        "trace_headers",
        "template_dialect",
        "email",
        "name",
        "metadata",
        "text_body",
        "html_body",
        "amp_html_body",
        "attachments",
        "headers",
        "from",
        "subject",
        "reply_to",
        "data",
        "content_type",
        "content_id",
        "file_name",
        "base64",
        "received_header",
        "header_name",
        "include_meta_names",
        "X-A",
        "To",
        "x"
    };
    private static final Object[] VALUES = {
        "",
        "a@b.example",
        "<>",
        "x\r\ny",
        "\u0000",
        "\ud800",
        "\u00fc",
        "{{ x }}",
        "{% for a in b %}",
        "{{#if",
        "{{ 1|round(400000000) }}",
        "{{ x|center(2000000000) }}",
        "{{ 'a\\nb'|indent(2000000000) }}",
        "{{ '%99999999d'|format(1) }}",
        "{{ x.repeat(500000000) }}",
        "{{ x|render }}",
        "{{ " + "(".repeat(5000) + "1" + ")".repeat(5000) + " }}",
        "{% if 1 %}".repeat(500) + "{% endif %}".repeat(500),
        "{{#if x}}".repeat(500) + "{{/if}}".repeat(500),
        "{{#*inline \"p\"}}{{> p}}{{/inline}}{{> p}}",
        "Static",
        "Handlebars",
        "Jinja",
        "text/plain",
        "a: b\n\n\u00fcber",
        "=?UTF-8?Q?x?=",
        true,
        false,
        0,
        -1,
        1.5e300,
        "x".repeat(1200),
        "\"",
        "a\u2028b",
        "Content-Type: multipart/mixed; boundary=b\n\n--b\n\n\u00fc\n--b--\n"
    };

    private final Inbox inbox = new Inbox();

    private final HttpLimits limits = HttpLimits.builder().maxRecipients(50).build();
    private final Injector injector = new Injector(
            new Workshop(
                    inbox,
                    new Policies(List.of()),
                    new Metrics(),
                    "mail.example.com",
                    limits,
                    () -> Instant.EPOCH,
                    new SplittableRandom(1)),
            "test");
    private final Route route = InjectEndpoint.route(
            () -> injector, Optional::empty, new Idempotency(1, limits.idempotencyTime(), () -> Instant.EPOCH));

    private int status(byte[] body) {
        InetSocketAddress nowhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
        Request request = new Request(
                Method.POST,
                route.path(),
                Map.of(),
                Map.of("content-type", List.of("application/json")),
                body,
                new Caller(nowhere, nowhere, true, Optional.empty()));
        try {
            return route.handler().handle(request).status();
        } catch (RefusedException refused) {
            return refused.answer().status();
        } catch (Exception e) {
            throw new AssertionError(new String(body, StandardCharsets.UTF_8), e);
        }
    }

    private void assertAnswered(byte[] body) {
        assertThat(status(body)).isIn(200, 400, 422);
        for (int i = 0; i < inbox.messages.size(); i++) {
            String text = new String(inbox.bytes(i), StandardCharsets.ISO_8859_1);
            assertThat(text.replace("\r\n", "")).doesNotContain("\r").doesNotContain("\n");
            assertThat(text).contains("\r\n\r\n");
        }
        inbox.messages.clear();
    }

    @FuzzTest(maxDuration = "30s")
    void isAnswered(byte[] body) {
        assertAnswered(body);
    }

    @ParameterizedTest(name = "seed {0}")
    @Timeout(60)
    @ValueSource(longs = {1, 2, 3, 4})
    void anyShapeIsAnswered(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int injected = 0;
        for (int i = 0; i < 700; i++) {
            Map<String, Object> request = valid(random);
            for (int change = random.nextInt(4); change > 0; change--) {
                change(request, random);
            }
            byte[] body = Json.write(request);
            injected += status(body) == 200 ? 1 : 0;
            assertAnswered(body);
        }
        assertThat(injected).isGreaterThan(100);
    }

    private static Map<String, Object> valid(SplittableRandom random) {
        Map<String, Object> request = new LinkedHashMap<>();
        request.put("envelope_sender", "s@b.example");
        List<Object> recipients = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            recipients.add(new LinkedHashMap<>(
                    Map.of("email", "u" + i + "@c.example", "substitutions", new LinkedHashMap<>())));
        }
        request.put("recipients", recipients);
        if (random.nextBoolean()) {
            request.put("content", value(random));
        } else {
            Map<String, Object> content = new LinkedHashMap<>(Map.of("text_body", value(random)));
            content.put("headers", new LinkedHashMap<>(Map.of("X-A", value(random))));
            content.put("from", new LinkedHashMap<>(Map.of("email", "a@b.example", "name", value(random))));
            content.put(
                    "attachments",
                    new ArrayList<>(List.of(new LinkedHashMap<>(
                            Map.of("data", value(random), "content_type", "text/plain", "file_name", value(random))))));
            request.put("content", content);
        }
        return request;
    }

    private static Object value(SplittableRandom random) {
        return VALUES[random.nextInt(VALUES.length)];
    }

    /** Puts something somewhere. */
    @SuppressWarnings("unchecked")
    private static void change(Object target, SplittableRandom random) {
        if (target instanceof Map<?, ?>) {
            Map<String, Object> map = (Map<String, Object>) target;
            List<Object> inner = new ArrayList<>(map.values());
            if (!inner.isEmpty() && random.nextBoolean()) {
                change(inner.get(random.nextInt(inner.size())), random);
            } else {
                map.put(
                        NAMES[random.nextInt(NAMES.length)],
                        random.nextInt(8) == 0 ? new ArrayList<>(List.of(value(random))) : value(random));
            }
        } else if (target instanceof List<?>) {
            List<Object> list = (List<Object>) target;
            if (!list.isEmpty() && random.nextInt(4) > 0) {
                change(list.get(random.nextInt(list.size())), random);
            } else {
                list.add(value(random));
            }
        }
    }
}
