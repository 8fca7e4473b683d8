package dev.kumo.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.Mta;
import dev.kumo.core.delivery.Delivery;
import dev.kumo.core.mail.Reply;
import dev.kumo.core.spool.Spool;
import dev.kumo.http.answer.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is asked by those who look after a listener. */
@Timeout(60)
class EndpointsTest {

    private static RawClient.Reply get(Served served, String path) throws IOException {
        return served.ask("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }

    @Test
    void whileTheSpoolTakesNothingTheListenerIsNotAlive() throws IOException {
        try (Served served = new Served(unchanged -> {})) {
            served.inbox.trouble = Optional.of("the spool is not accepting writes");
            RawClient.Reply alive = get(served, "/api/check-liveness/v1");
            assertThat(alive.status()).isEqualTo(503);
            assertThat(alive.body()).contains("the spool is not accepting writes");
            String json = "{\"envelope_sender\":\"\",\"recipients\":[{\"email\":\"a@b.example\"}],\"content\":\"x\"}";
            String request = "POST /api/inject/v1 HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "Content-Length: " + json.length() + "\r\n\r\n" + json;
            RawClient.Reply injected = served.ask(request);
            assertThat(injected.status()).isEqualTo(503);
            assertThat(injected.body()).contains("the spool is not accepting writes");
            assertThat(served.inbox.messages).isEmpty();

            served.inbox.trouble = Optional.empty();
            assertThat(get(served, "/api/check-liveness/v1").status()).isEqualTo(200);
            assertThat(served.ask(request).status()).isEqualTo(200);
        }
    }

    @Test
    void aSpoolThatIsFullIsKnownToBe() throws IOException {
        HttpListener listener = HttpListener.builder().listen("127.0.0.1:0").build();
        try (Mta mta = Mta.builder()
                .listener(listener)
                .spool(Spool.inMemory(1000))
                .delivery(Delivery.discard())
                .build()) {
            mta.start();
            try (RawClient client = new RawClient(listener.address())) {
                assertThat(client.send("GET /api/check-liveness/v1 HTTP/1.1\r\nHost: localhost\r\n\r\n")
                                .reply()
                                .body())
                        .contains("storage is too full");
            }
        }
    }

    @Test
    void aListenerIsAliveUntilItIsSaidNotToBe() throws IOException {
        AtomicReference<Optional<String>> trouble = new AtomicReference<>(Optional.empty());
        try (Served served = new Served(builder -> builder.trustedHosts().liveness(trouble::get))) {
            assertThat(get(served, "/api/check-liveness/v1").body()).isEqualTo("OK");
            trouble.set(Optional.of("storage is too full"));
            RawClient.Reply reply = get(served, "/api/check-liveness/v1");
            assertThat(reply.status()).isEqualTo(503);
            assertThat(reply.body()).contains("storage is too full");
            RawClient.Reply head;
            try (RawClient client = served.client()) {
                head = client.send("HEAD /api/check-liveness/v1 HTTP/1.1\r\nHost: localhost\r\n\r\n")
                        .reply(false);
            }
            assertThat(head.status()).isEqualTo(503);
        }
    }

    @Test
    void metricsAreReadAsPrometheusReadsThem() throws IOException {
        try (Served served = new Served(unchanged -> {})) {
            get(served, "/hello");
            get(served, "/no/such\"path");
            RawClient.Reply reply = get(served, "/metrics");

            assertThat(reply.header("Content-Type")).isEqualTo("text/plain; version=0.0.4; charset=utf-8");
            String name = "[a-zA-Z_:][a-zA-Z0-9_:]*";
            String label = name + "=\"(?:[^\"\\\\\n]|\\\\[\\\\\"n])*\"";
            assertThat(reply.body().lines())
                    .allMatch(line -> line.matches("# HELP " + name + " .+")
                            || line.matches("# TYPE " + name + " (counter|gauge|histogram)")
                            || line.matches(name + "(\\{" + label + "(," + label + ")*\\})? [-+0-9.eE]+(Inf)?"));
            assertThat(reply.body())
                    .contains("http_requests_total{method=\"GET\",path=\"/hello\",status=\"200\"} 1\n")
                    .contains("http_requests_total{method=\"other\",path=\"other\",status=\"404\"} 1\n")
                    .contains("http_request_duration_seconds_bucket{path=\"/hello\",le=\"+Inf\"} 1\n")
                    .contains("total_connection_count{service=\"http_listener\"} 3\n");
            assertThat(get(served, "/metrics?prefix=kumo_").body()).contains("\nkumo_connection_count{");
            assertThat(get(served, "/metrics?prefix=a%20b").status()).isEqualTo(400);
            assertThat(get(served, "/metrics?prefix=%zz").status()).isEqualTo(400);
        }
    }

    @Test
    void metricsAreReadAsJson() throws IOException {
        try (Served served = new Served(unchanged -> {})) {
            get(served, "/hello");
            Map<?, ?> metrics =
                    (Map<?, ?>) Json.read(get(served, "/metrics.json").body().getBytes(StandardCharsets.UTF_8));
            assertThat(value(metrics, "total_connection_count"))
                    .isEqualTo(Map.of("service", Map.of("http_listener", 2)));
            assertThat(value(metrics, "http_requests_total"))
                    .isEqualTo(List.of(Map.of("method", "GET", "path", "/hello", "status", "200", "@", 1)));
            assertThat(value(metrics, "memory_limit")).isInstanceOf(Number.class);
        }
    }

    private static Object value(Map<?, ?> metrics, String name) {
        return ((Map<?, ?>) metrics.get(name)).get("value");
    }

    @Test
    void metricsAreForTrustedHosts() throws IOException {
        try (Served served = new Served(builder -> builder.trustedHosts())) {
            assertThat(get(served, "/metrics").status()).isEqualTo(403);
            assertThat(get(served, "/metrics.json").status()).isEqualTo(403);
            assertThat(get(served, "/api-docs/openapi.json").status()).isEqualTo(200);
        }
    }

    @Test
    void theDocumentTellsOfEveryRoute() throws IOException {
        try (Served served = new Served(unchanged -> {})) {
            Map<?, ?> document = document(served);
            assertThat(document.get("openapi")).isEqualTo("3.1.0");
            assertThat(document.get("info")).isEqualTo(Map.of("title", "Kumo HTTP listener", "version", "1"));
            Map<?, ?> paths = (Map<?, ?>) document.get("paths");
            assertThat(paths.keySet().stream().map(String::valueOf))
                    .containsExactlyInAnyOrder(
                            "/",
                            "/status/icon.svg",
                            "/status/page.css",
                            "/status/page.js",
                            "/api-docs/openapi.json",
                            "/api/admin/trace-smtp-server/v1",
                            "/api/live/v1",
                            "/api/check-liveness/v1",
                            "/api/inject/v1",
                            "/echo",
                            "/hello",
                            "/metrics",
                            "/metrics.json");
        }
    }

    /** OpenAPI 3.1 sections 4.8.10 to 4.8.17, as far as the document makes use of them. */
    @Test
    void theDocumentIsOneOfOpenApi() throws IOException {
        try (Served served = new Served(unchanged -> {})) {
            Map<?, ?> document = document(served);
            Set<Object> ids = new HashSet<>();
            ((Map<?, ?>) document.get("paths"))
                    .forEach((path, item) -> ((Map<?, ?>) item).forEach((method, value) -> {
                        Map<?, ?> operation = (Map<?, ?>) value;
                        assertThat(Set.of("get", "post", "put", "patch", "delete"))
                                .contains((String) method);
                        assertThat(Set.of(
                                        "summary",
                                        "description",
                                        "operationId",
                                        "tags",
                                        "parameters",
                                        "requestBody",
                                        "responses",
                                        "security"))
                                .containsAll(operation.keySet().stream()
                                        .map(String::valueOf)
                                        .toList());
                        if (operation.get("operationId") != null) {
                            assertThat(ids.add(operation.get("operationId"))).isTrue();
                        }
                        Map<?, ?> responses = (Map<?, ?>) operation.get("responses");
                        assertThat(responses).isNotEmpty();
                        responses.forEach((status, response) -> {
                            assertThat((String) status).matches("[1-5][0-9][0-9]|default");
                            assertThat(((Map<?, ?>) response).get("description"))
                                    .isInstanceOf(String.class);
                        });
                        if (operation.get("parameters") instanceof List<?> parameters) {
                            for (Object parameter : parameters) {
                                assertThat(((Map<?, ?>) parameter)
                                                .keySet().stream().map(String::valueOf))
                                        .contains("name", "in", "schema");
                            }
                        }
                    }));
            List<Map<?, ?>> schemas = new ArrayList<>();
            collect(document, "schema", schemas);
            assertThat(schemas).hasSizeGreaterThan(5);
            schemas.forEach(schema -> requireSchema(document, schema));
        }
    }

    private static void collect(Object value, String name, List<Map<?, ?>> found) {
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, item) -> {
                if (key.equals(name)) {
                    found.add((Map<?, ?>) item);
                }
                collect(item, name, found);
            });
        } else if (value instanceof List<?> list) {
            list.forEach(item -> collect(item, name, found));
        }
    }

    private static void requireSchema(Map<?, ?> document, Map<?, ?> schema) {
        if (schema.get("$ref") instanceof String reference) {
            Object at = document;
            for (String step : reference.substring(2).split("/", -1)) {
                at = ((Map<?, ?>) at).get(step);
            }
            assertThat(at).as(reference).isNotNull();
            requireSchema(document, (Map<?, ?>) at);
            return;
        }
        if (schema.get("oneOf") instanceof List<?> choices) {
            choices.forEach(choice -> requireSchema(document, (Map<?, ?>) choice));
            return;
        }
        assertThat(Set.of("string", "boolean", "integer", "number", "array", "object"))
                .contains((String) schema.get("type"));
        if (schema.get("type").equals("array")) {
            requireSchema(document, (Map<?, ?>) schema.get("items"));
        }
        if (schema.get("properties") instanceof Map<?, ?> properties) {
            properties.values().forEach(property -> requireSchema(document, (Map<?, ?>) property));
            assertThat(properties.keySet().stream().map(String::valueOf))
                    .containsAll(((List<?>) schema.get("required"))
                            .stream().map(String::valueOf).toList());
        }
    }

    @Test
    void theDocumentKnowsEveryMemberOfAnInjection() throws IOException {
        try (Served served = new Served(unchanged -> {})) {
            List<Map<?, ?>> bodies = new ArrayList<>();
            collect(document(served), "requestBody", bodies);
            List<Map<?, ?>> schemas = new ArrayList<>();
            collect(bodies.get(0), "schema", schemas);
            assertThat(((Map<?, ?>) schemas.get(0).get("properties"))
                            .keySet().stream().map(String::valueOf))
                    .containsExactlyInAnyOrder(
                            "envelope_sender",
                            "recipients",
                            "content",
                            "substitutions",
                            "deferred_spool",
                            "deferred_generation",
                            "trace_headers",
                            "template_dialect");
        }
    }

    private static Map<?, ?> document(Served served) throws IOException {
        return (Map<?, ?>)
                Json.read(get(served, "/api-docs/openapi.json").body().getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aRepeatWithItsKeyMakesNoSecondMessage() throws IOException {
        try (Served served = new Served(unchanged -> {})) {
            String body = "{\"envelope_sender\":\"s@b.example\",\"recipients\":[{\"email\":\"a@b.example\"}],"
                    + "\"content\":{\"text_body\":\"x\"}}";
            String request = "POST /api/inject/v1 HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "Idempotency-Key: \"8e03978e\"\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
            String first = served.ask(request).body();
            assertThat(served.ask(request).body()).isEqualTo(first);
            assertThat(served.inbox.messages).hasSize(1);
        }
    }

    @Test
    void anInjectionOfWhichNothingWasReceivedMayBeTriedAgainWithItsKey() throws IOException {
        try (Served served = new Served(unchanged -> {})) {
            served.inbox.answer =
                    messages -> CompletableFuture.completedFuture(Reply.of(452, "4.3.1", "insufficient storage"));
            String body = "{\"envelope_sender\":\"s@b.example\",\"recipients\":[{\"email\":\"a@b.example\"}],"
                    + "\"content\":{\"text_body\":\"x\"}}";
            String request = "POST /api/inject/v1 HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "Idempotency-Key: k\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
            assertThat(served.ask(request).body()).contains("\"success_count\":0");
            served.inbox.answer = messages -> CompletableFuture.completedFuture(Reply.OK);
            assertThat(served.ask(request).body()).contains("\"success_count\":1");
        }
    }
}
