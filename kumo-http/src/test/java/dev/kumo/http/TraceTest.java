package dev.kumo.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kumo.core.log.SessionEvent;
import dev.kumo.http.answer.Json;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** SMTP sessions over a WebSocket: trace-smtp-server. */
@Timeout(60)
class TraceTest {

    private static final String PATH = "/api/admin/trace-smtp-server/v1";
    private static final String KEY = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    private static final Instant NOW = Instant.parse("2026-11-22T10:15:30Z");
    private static final InetSocketAddress CLIENT = new InetSocketAddress("192.0.2.1", 25);

    private final List<WebSocket> sockets = new ArrayList<>();
    private Served served;

    @BeforeEach
    void open() throws IOException {
        served = new Served(builder -> {});
    }

    @AfterEach
    void close() {
        sockets.forEach(WebSocket::abort);
        served.close();
    }

    /** Keeps the texts that come, and how the socket was closed. */
    private static final class Ear implements WebSocket.Listener {

        final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
        final CompletableFuture<String> closed = new CompletableFuture<>();
        private final StringBuilder parts = new StringBuilder();
        private final boolean reads;

        Ear(boolean reads) {
            this.reads = reads;
        }

        @Override
        public void onOpen(WebSocket socket) {
            if (reads) {
                socket.request(1);
            }
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            parts.append(data);
            if (last) {
                texts.add(parts.toString());
                parts.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
            closed.complete(status + " " + reason);
            return null;
        }

        Map<?, ?> next() throws InterruptedException {
            String text = texts.poll(20, TimeUnit.SECONDS);
            assertThat(text).as("an event").isNotNull();
            return (Map<?, ?>) Json.read(text.getBytes(UTF_8));
        }
    }

    private WebSocket connect(Ear ear) {
        WebSocket socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(URI.create(served.url(PATH).replace("http:", "ws:")), ear)
                .join();
        sockets.add(socket);
        return socket;
    }

    /** Sends a filter, and waits until it is heard by. */
    private void listen(Ear ear, String filter) {
        connect(ear).sendText(filter.replace('\'', '"'), true).join();
        while (!served.inbox.trace.isHeard(CLIENT.getAddress())) {
            Thread.onSpinWait();
        }
    }

    private void tell(SessionEvent.What what) {
        served.inbox.trace.tell(new SessionEvent(NOW, CLIENT, Map.of("received_from", "192.0.2.1:25"), what));
    }

    @Test
    void eventsComeAsKumoMtaShowsThem() throws Exception {
        Ear ear = new Ear(true);
        listen(ear, "{}");
        tell(new SessionEvent.Connected());
        tell(new SessionEvent.Read("EHLO you"));
        tell(new SessionEvent.Write("250 me\r\n"));
        tell(new SessionEvent.Diagnostic(System.Logger.Level.WARNING, "careful"));
        tell(new SessionEvent.Callback("smtp_server_ehlo", Optional.empty(), Optional.of("550 no")));
        tell(new SessionEvent.Closed());

        assertThat(ear.next())
                .isEqualTo(Map.of(
                        "conn_meta",
                        Map.of("received_from", "192.0.2.1:25"),
                        "payload",
                        "Connected",
                        "when",
                        "2026-11-22T10:15:30Z"));
        assertThat(ear.next().get("payload")).isEqualTo(Map.of("Read", "EHLO you"));
        assertThat(ear.next().get("payload")).isEqualTo(Map.of("Write", "250 me\r\n"));
        assertThat(ear.next().get("payload"))
                .isEqualTo(Map.of("Diagnostic", Map.of("level", "WARN", "message", "careful")));
        assertThat(ear.next().get("payload"))
                .isEqualTo(Map.of("Callback", Map.of("name", "smtp_server_ehlo", "error", "550 no")));
        assertThat(ear.next().get("payload")).isEqualTo("Closed");
    }

    @Test
    void terseCutsWhatIsLong() throws Exception {
        Ear ear = new Ear(true);
        listen(ear, "{'terse':true,'source_addr':['192.0.2.0/24']}");
        tell(new SessionEvent.Read("x".repeat(1000)));

        assertThat(ear.next().get("payload"))
                .isEqualTo(Map.of("AbbreviatedRead", Map.of("snippet", "x".repeat(128), "len", 1000)));
    }

    @Test
    void onlyTheAddressesThatAreAskedForAreHeard() {
        Ear ear = new Ear(true);
        listen(ear, "{'source_addr':['192.0.2.1']}");

        assertThat(served.inbox.trace.isHeard(new InetSocketAddress("192.0.2.2", 25).getAddress()))
                .isFalse();
    }

    @Test
    void whoReadsTooSlowlyIsToldHowMuchWasLeftOut() throws Exception {
        Ear ear = new Ear(false);
        listen(ear, "{}");
        int told = 60_000;
        for (int i = 0; i < told; i++) {
            tell(new SessionEvent.Read("n".repeat(500) + i));
        }
        sockets.get(0).request(1);

        int heard = 0;
        Map<?, ?> payload = (Map<?, ?>) ear.next().get("payload");
        while (payload.containsKey("Read")) {
            heard++;
            payload = (Map<?, ?>) ear.next().get("payload");
        }
        Map<?, ?> diagnostic = (Map<?, ?>) payload.get("Diagnostic");
        assertThat(diagnostic.get("level")).isEqualTo("ERROR");
        assertThat(diagnostic.get("message"))
                .asString()
                .isEqualTo(told - heard + " events were left out, as they were read too slowly");
        tell(new SessionEvent.Connected());
        assertThat(ear.next().get("payload")).isEqualTo("Connected");
    }

    @Test
    void whoLeavesIsNotToldAnyMore() throws Exception {
        Ear ear = new Ear(true);
        listen(ear, "{}");
        sockets.get(0).sendClose(WebSocket.NORMAL_CLOSURE, "").join();

        assertThat(ear.closed.get(20, TimeUnit.SECONDS)).startsWith("1000");
        while (served.inbox.trace.isHeard(CLIENT.getAddress())) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aListenerThatClosesSaysSo() throws Exception {
        Ear ear = new Ear(true);
        listen(ear, "{}");
        served.close();

        assertThat(ear.closed.get(20, TimeUnit.SECONDS)).isEqualTo("1001 the listener is closing");
        assertThat(served.inbox.trace.isHeard(CLIENT.getAddress())).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "no json | 1007 the body is not JSON",
                "{\"source_addr\":[\"192.0.2.1/24\"]} | 1007 source_addr: ",
                "{\"source_addr\":\"192.0.2.1\"} | 1007 source_addr has to be a list",
                "{\"nonsense\":1} | 1007 nonsense is unknown",
            })
    void aWrongFilterIsRefused(String filter, String closed) throws Exception {
        Ear ear = new Ear(true);
        connect(ear).sendText(filter, true).join();

        assertThat(ear.closed.get(20, TimeUnit.SECONDS)).startsWith(closed);
    }

    @Test
    void aSecondTextIsRefused() throws Exception {
        Ear ear = new Ear(true);
        listen(ear, "{}");
        sockets.get(0).sendText("{}", true).join();

        assertThat(ear.closed.get(20, TimeUnit.SECONDS)).startsWith("1008");
    }

    @Test
    void thereIsABoundToThoseWhoListen() {
        for (int i = 0; i < 16; i++) {
            connect(new Ear(true));
        }
        assertThatThrownBy(() -> connect(new Ear(true)))
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        WebSocketHandshakeException.class,
                        refused ->
                                assertThat(refused.getResponse().statusCode()).isEqualTo(503));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "400 ",
                "400 Upgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Version: 13\r\n",
                "400 Upgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x\r\n",
                "426 Upgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Version: 8\r\n" + KEY,
                "403 Upgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Version: 13\r\nOrigin: http://evil.example\r\n"
                        + KEY,
            })
    void whatIsNoWebSocketOfOursIsRefused(String statusAndHeaders) throws IOException {
        RawClient.Reply reply =
                served.ask("GET " + PATH + " HTTP/1.1\r\nHost: localhost\r\n" + statusAndHeaders.substring(4) + "\r\n");
        assertThat(reply.status()).isEqualTo(Integer.parseInt(statusAndHeaders.substring(0, 3)));
    }

    @Test
    void theKeyIsAnsweredAsInTheRfc() throws IOException {
        try (RawClient client = served.client()) {
            RawClient.Reply reply = client.send("GET " + PATH + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                            + "Connection: keep-alive, Upgrade\r\nSec-WebSocket-Version: 13\r\n" + KEY + "\r\n")
                    .reply(false);
            assertThat(reply.status()).isEqualTo(101);
            assertThat(reply.header("Sec-WebSocket-Accept")).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        }
    }
}
