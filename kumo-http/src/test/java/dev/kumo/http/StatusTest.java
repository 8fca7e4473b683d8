package dev.kumo.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.queue.QueueMatch;
import dev.kumo.http.answer.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The status page, and the live figures that it shows. */
@Timeout(60)
class StatusTest {

    private final Undelivered mail;
    private final HttpListener listener;

    StatusTest() throws IOException {
        mail = new Undelivered();
        listener = mail.listener;
    }

    @AfterEach
    void stop() {
        mail.close();
    }

    private RawClient.Reply ask(String method, String path, String headers) throws IOException {
        try (RawClient client = new RawClient(listener.address())) {
            return client.send(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n")
                    .reply(!method.equals("HEAD"));
        }
    }

    /** One who watches, and reads when it is told to. */
    private static final class Watcher implements AutoCloseable {

        private final HttpResponse<InputStream> answer;
        private final BufferedReader lines;

        Watcher(HttpClient.Builder client, String url) throws Exception {
            answer = client.build()
                    .send(
                            HttpRequest.newBuilder(URI.create(url))
                                    .timeout(Duration.ofSeconds(20))
                                    .build(),
                            HttpResponse.BodyHandlers.ofInputStream());
            lines = new BufferedReader(new InputStreamReader(answer.body(), UTF_8));
        }

        Map<?, ?> next() throws IOException {
            String data = lines.readLine();
            assertThat(data).startsWith("data: ");
            assertThat(lines.readLine()).isEmpty();
            return (Map<?, ?>) Json.read(data.substring(6).getBytes(UTF_8));
        }

        @Override
        public void close() throws IOException {
            answer.body().close();
        }
    }

    private void inject(String to) throws IOException {
        String json = "{\"envelope_sender\":\"s@b.example\",\"recipients\":[{\"email\":\"" + to
                + "\"}],\"content\":{\"text_body\":\"Hello\"}}";
        assertThat(ask(
                                "POST",
                                "/api/inject/v1",
                                "Content-Type: application/json\r\nContent-Length: " + json.length() + "\r\n\r\n"
                                        + json)
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "/, text/html; charset=utf-8, <title>Kumo</title>",
        "/status/page.css, text/css; charset=utf-8, --ink",
        "/status/page.js, text/javascript; charset=utf-8, EventSource",
        "/status/icon.svg, image/svg+xml, <svg"
    })
    void thePageIsServedWithAStrictPolicy(String path, String type, String inside) throws IOException {
        RawClient.Reply reply = ask("GET", path, "");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body()).contains(inside);
        assertThat(reply.headers())
                .containsEntry("Content-Type", type)
                .containsEntry("x-content-type-options", "nosniff")
                .containsEntry("Referrer-Policy", "no-referrer");
        assertThat(List.of(reply.header("Content-Security-Policy").split("; ")))
                .contains("default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'")
                .noneMatch(directive -> directive.contains("unsafe"));
    }

    @Test
    void thePageAsksForNothingFromElsewhereAndHasNothingInline() throws IOException {
        assertThat(ask("GET", "/", "").body())
                .doesNotContainPattern("(src|href)=\"(https?:)?//")
                .doesNotContainPattern("<script(?![^>]* src=)")
                .doesNotContain("<style")
                .doesNotContainPattern(" (style|on[a-z]+)=\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/", "/status/page.js", "/status/page.css", "/api/live/v1", "/api/admin/trace-smtp-server/v1"})
    void onlyTrustedHostsSeeIt(String path) throws IOException {
        try (Served served = new Served(builder -> builder.trustedHosts())) {
            assertThat(served.ask("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                            .status())
                    .isEqualTo(403);
        }
    }

    private Watcher watch() throws Exception {
        return new Watcher(
                HttpClient.newBuilder(),
                "http://127.0.0.1:" + listener.address().getPort() + "/api/live/v1");
    }

    @Test
    void theFiguresComeAgainAndAgain() throws Exception {
        try (Watcher watcher = watch()) {
            assertThat(watcher.answer.headers().firstValue("content-type")).contains("text/event-stream");
            assertThat(watcher.next().get("hostname")).isEqualTo("mail.example.com");
            assertThat(watcher.next().get("listeners")).asString().contains("protocol=HTTP", "connections=1");
        }
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    @SuppressWarnings("try") // it is closed in the middle
    void theStreamEndsInOrderWhenTheListenerCloses(HttpClient.Version version) throws Exception {
        try (Served served = new Served(builder -> builder.useTls(true));
                Watcher watcher = new Watcher(
                        HttpClient.newBuilder().version(version).sslContext(Trusting.anyone()),
                        served.url("/api/live/v1"))) {
            assertThat(watcher.answer.version()).isEqualTo(version);
            watcher.next();
            watcher.next();
            served.listener.close();
            assertThat(watcher.lines.lines()).hasSizeLessThan(5); // what was on its way, and no exception
        }
    }

    @Test
    void theLifeOfAMessageIsTold() throws Exception {
        inject("to@c.example");
        try (Watcher watcher = watch()) {
            Map<?, ?> figures = watcher.next();
            while (!figures.get("messages").toString().contains("TransientFailure")
                    || !figures.get("queues").toString().contains("waiting=1")) {
                figures = watcher.next();
            }
            assertThat(figures.get("messages"))
                    .asString()
                    .contains("sender=s@b.example", "recipients=[to@c.example]", "type=Reception", "451 4.4.1 not now");
            assertThat(figures.get("queues")).asString().contains("name=c.example", "waiting=1", "oldest=");
            assertThat(figures.get("throughput")).asString().contains("totals={received=1, delivered=0, deferred=1");
        }
    }

    @Test
    void aSuspensionIsTold() throws Exception {
        inject("to@c.example");
        mail.queues().suspend(QueueMatch.named("c.example"), "wait", Duration.ofHours(1));
        try (Watcher watcher = watch()) {
            assertThat(watcher.next().get("suspensions")).asString().contains("of=c.example", "reason=wait");
        }
    }

    @Test
    void thereIsABoundToThoseWhoWatch() throws Exception {
        List<RawClient> watchers = new ArrayList<>();
        try {
            String request = "GET /api/live/v1 HTTP/1.1\r\nHost: localhost\r\n\r\n";
            for (int i = 0; i < 64; i++) {
                RawClient client = new RawClient(listener.address()).send(request);
                assertThat(client.reply(false).status()).isEqualTo(200);
                watchers.add(client);
            }
            assertThat(ask("GET", "/api/live/v1", "").status()).isEqualTo(503);

            watchers.remove(0).close();
            while (ask("HEAD", "/api/live/v1", "").status() != 200 || leftOver(request) != 200) {
                Thread.onSpinWait();
            }
        } finally {
            for (RawClient client : watchers) {
                client.close();
            }
        }
    }

    private int leftOver(String request) throws IOException {
        try (RawClient client = new RawClient(listener.address())) {
            return client.send(request).reply(false).status();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Sec-Fetch-Site: cross-site | 403",
                "Sec-Fetch-Site: same-site | 403",
                "Sec-Fetch-Site: same-origin | 422",
                "Sec-Fetch-Site: none | 422",
                "Origin: http://evil.example | 403",
                "Origin: null | 403",
                "Origin: http://localhost.evil.example | 403",
                "Origin: http://localhost | 422",
                "Origin: https://LOCALHOST | 422",
                "X-Nothing: said | 422",
            })
    void aPageOfAnotherOriginCannotGiveOrders(String header, int status) throws IOException {
        for (String path : List.of("/api/admin/suspend/v1", "/api/inject/v1")) {
            assertThat(ask("POST", path, header + "\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")
                            .status())
                    .isEqualTo(status);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "localhost, 200",
        "LOCALHOST:8000, 200",
        "127.0.0.1:8000, 200",
        "[::1]:8000, 200",
        "mail.example.com, 200",
        "a.localhost, 200",
        "evil.example, 421",
        "evil.example:8000, 421",
        "127.0.0.1.evil.example, 421"
    })
    void aNameThatMayBeAStrangersShowsNothing(String host, int status) throws IOException {
        try (RawClient client = new RawClient(listener.address())) {
            assertThat(client.send("GET /metrics HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
                            .reply()
                            .status())
                    .isEqualTo(status);
        }
    }

    @Test
    void aProgramMayInjectByWhateverNameItKnows() throws IOException {
        try (RawClient client = new RawClient(listener.address())) {
            assertThat(client.send("POST /api/inject/v1 HTTP/1.1\r\nHost: mail.internal\r\n"
                                    + "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")
                            .reply()
                            .status())
                    .isEqualTo(422);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/ | Sec-Fetch-Site: cross-site, Sec-Fetch-Mode: navigate | 200",
                "/ | Sec-Fetch-Site: same-site, Sec-Fetch-Mode: navigate | 200",
                "/ | Sec-Fetch-Site: cross-site, Sec-Fetch-Mode: no-cors | 403",
                "/metrics | Sec-Fetch-Site: cross-site, Sec-Fetch-Mode: navigate | 403",
                "/api/live/v1 | Sec-Fetch-Site: cross-site, Sec-Fetch-Mode: cors | 403",
                "/api/live/v1 | Origin: http://evil.example | 403",
                "/metrics | Sec-Fetch-Site: same-origin, Sec-Fetch-Mode: cors | 200",
                "/metrics | Sec-Fetch-Site: none, Sec-Fetch-Mode: navigate | 200",
                "/api/check-liveness/v1 | Sec-Fetch-Site: cross-site, Sec-Fetch-Mode: cors | 200"
            })
    void aPageOfAnotherOriginMayLinkToTheFrontAlone(String path, String headers, int status) throws IOException {
        assertThat(ask("GET", path, headers.replace(", ", "\r\n") + "\r\n").status())
                .isEqualTo(status);
    }
}
