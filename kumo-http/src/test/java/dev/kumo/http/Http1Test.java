package dev.kumo.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** HTTP/1.1 as clients speak it. */
@Timeout(60)
class Http1Test {

    private static final String HOST = "Host: localhost\r\n";

    @Test
    void allAddressesOfVersion4AreNoneOfVersion6() throws IOException {
        try (Served served = new Served(builder -> builder.listen("0.0.0.0:0"))) {
            assertThat(served.listener.address().getAddress()).isInstanceOf(Inet4Address.class);
        }
    }

    @Test
    void answersAndKeepsTheConnection() throws IOException {
        try (Served served = new Served(unchanged -> {});
                RawClient client = served.client()) {
            for (int i = 0; i < 3; i++) {
                RawClient.Reply reply =
                        client.send("GET /hello HTTP/1.1\r\n" + HOST + "\r\n").reply();
                assertThat(reply.status()).isEqualTo(200);
                assertThat(reply.body()).isEqualTo("hello");
                assertThat(reply.header("Connection")).isEqualTo("keep-alive");
                assertThat(reply.header("Date"))
                        .matches("[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} GMT");
            }
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws IOException {
        try (Served served = new Served(unchanged -> {});
                RawClient client = served.client()) {
            StringBuilder requests = new StringBuilder();
            for (int i = 0; i < 3000; i++) {
                requests.append("GET /")
                        .append(i)
                        .append(" HTTP/1.1\r\n")
                        .append(HOST)
                        .append("\r\n");
            }
            Thread sender = new Thread(() -> {
                try {
                    client.send(requests.toString());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            sender.start();
            for (int i = 0; i < 3000; i++) {
                RawClient.Reply reply = client.reply();
                assertThat(reply.status()).isEqualTo(404);
                assertThat(reply.body()).contains("there is nothing at /" + i + "\"");
            }
        }
    }

    @Test
    void aBodyInManySmallChunksArrivesWhole() throws IOException {
        try (Served served = new Served(unchanged -> {});
                RawClient client = served.client()) {
            String chunks = "1\r\nx\r\n".repeat(20_000);
            RawClient.Reply reply = client.send("POST /echo HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n"
                            + chunks + "0\r\n\r\n")
                    .reply();
            assertThat(reply.body()).isEqualTo("x".repeat(20_000));
            assertThat(client.send("GET /hello HTTP/1.1\r\n" + HOST + "\r\n")
                            .reply()
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void headHearsWhatGetWouldWithoutTheBody() throws IOException {
        try (Served served = new Served(unchanged -> {});
                RawClient client = served.client()) {
            RawClient.Reply head =
                    client.send("HEAD /hello HTTP/1.1\r\n" + HOST + "\r\n").reply(false);
            assertThat(head.status()).isEqualTo(200);
            assertThat(head.header("Content-Length")).isEqualTo("5");
            assertThat(client.send("GET /hello HTTP/1.1\r\n" + HOST + "\r\n")
                            .reply()
                            .body())
                    .isEqualTo("hello");
        }
    }

    @Test
    void optionsNamesTheMethods() throws IOException {
        try (Served served = new Served(unchanged -> {})) {
            RawClient.Reply reply = served.ask("OPTIONS /hello HTTP/1.1\r\n" + HOST + "\r\n");
            assertThat(reply.status()).isEqualTo(204);
            assertThat(reply.header("Allow")).isEqualTo("GET, HEAD, OPTIONS");
            assertThat(served.ask("OPTIONS * HTTP/1.1\r\n" + HOST + "\r\n").header("Allow"))
                    .contains("POST");
        }
    }

    @Test
    void aWrongMethodIs405WithTheRightOnes() throws IOException {
        try (Served served = new Served(unchanged -> {})) {
            RawClient.Reply reply = served.ask("DELETE /hello HTTP/1.1\r\n" + HOST + "\r\n");
            assertThat(reply.status()).isEqualTo(405);
            assertThat(reply.header("Allow")).isEqualTo("GET, HEAD, OPTIONS");
            assertThat(reply.header("Content-Type")).isEqualTo("application/problem+json");
            assertThat(reply.body())
                    .isEqualTo("{\"title\":\"Method Not Allowed\",\"status\":405,"
                            + "\"detail\":\"/hello answers GET, HEAD, OPTIONS only\"}");
        }
    }

    @Test
    void http10IsAnsweredAndClosed() throws IOException {
        try (Served served = new Served(unchanged -> {});
                RawClient client = served.client()) {
            RawClient.Reply reply = client.send("GET /hello HTTP/1.0\r\n\r\n").reply();
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.header("Connection")).isEqualTo("close");
            assertThat(client.isEnded()).isTrue();
        }
    }

    @Test
    void aClientThatHasClosedItsSideIsStillAnswered() throws IOException {
        try (Served served = new Served(unchanged -> {});
                RawClient client = served.client()) {
            client.send("POST /echo HTTP/1.1\r\n" + HOST + "Content-Length: 3\r\n\r\nabc" + "GET /hello HTTP/1.1\r\n"
                            + HOST + "\r\n")
                    .endOutput();
            assertThat(client.reply().body()).isEqualTo("abc");
            assertThat(client.reply().body()).isEqualTo("hello");
            assertThat(client.isEnded()).isTrue();
        }
    }

    @Test
    void theAbsoluteFormIsUnderstood() throws IOException {
        try (Served served = new Served(unchanged -> {})) {
            assertThat(served.ask("GET http://example.com/hello?x HTTP/1.1\r\n" + HOST + "\r\n")
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void aClientThatAsksFirstIsToldToGoOn() throws IOException {
        try (Served served = new Served(unchanged -> {});
                RawClient client = served.client()) {
            client.send("POST /echo HTTP/1.1\r\n" + HOST + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n");
            assertThat(client.reply().status()).isEqualTo(100);
            assertThat(client.send("ok").reply().body()).isEqualTo("ok");
        }
    }

    @Test
    void aClientThatAsksFirstIsNotToldToGoOnIfItMayNot() throws IOException {
        try (Served served = new Served(builder -> builder.trustedHosts()
                        .route(Method.POST, "/mine", Access.TRUSTED, request -> Response.of(200)));
                RawClient client = served.client()) {
            client.send("POST /mine HTTP/1.1\r\n" + HOST + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n");
            assertThat(client.reply().status()).isEqualTo(403);
            assertThat(client.isEnded()).isTrue();
        }
    }

    @Test
    void aClientOfHttp10IsNotToldToGoOn() throws IOException {
        try (Served served = new Served(unchanged -> {});
                RawClient client = served.client()) {
            client.send("POST /echo HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nok");
            RawClient.Reply reply = client.reply();
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.body()).isEqualTo("ok");
        }
    }

    @Test
    void aClientOfHttp10MayKeepTheConnection() throws IOException {
        try (Served served = new Served(unchanged -> {});
                RawClient client = served.client()) {
            for (int i = 0; i < 2; i++) {
                RawClient.Reply reply = client.send("GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
                        .reply();
                assertThat(reply.header("Connection")).isEqualTo("keep-alive");
            }
        }
    }

    @Test
    void aClientThatWantsToCloseIsLetGo() throws IOException {
        try (Served served = new Served(unchanged -> {});
                RawClient client = served.client()) {
            RawClient.Reply reply = client.send("GET /hello HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n")
                    .reply();
            assertThat(reply.header("Connection")).isEqualTo("close");
            assertThat(client.isEnded()).isTrue();
        }
    }

    @Test
    void anErrorAmongPipelinedRequestsIsTheLastAnswer() throws IOException {
        try (Served served = new Served(unchanged -> {});
                RawClient client = served.client()) {
            String hello = "GET /hello HTTP/1.1\r\n" + HOST + "\r\n";
            client.send(hello + "GET /hello HTTP/1.1\r\nHost : localhost\r\n\r\n" + hello);
            assertThat(client.reply().status()).isEqualTo(200);
            assertThat(client.reply().status()).isEqualTo(400);
            assertThat(client.isEnded()).isTrue();
        }
    }

    @Test
    void aRefusalThatLeavesNoDoubtDoesNotEndThePipeline() throws IOException {
        try (Served served = new Served(unchanged -> {});
                RawClient client = served.client()) {
            String hello = "GET /hello HTTP/1.1\r\n" + HOST + "\r\n";
            client.send(hello + "GET /nothing HTTP/1.1\r\n" + HOST + "\r\n" + hello);
            assertThat(client.reply().status()).isEqualTo(200);
            assertThat(client.reply().status()).isEqualTo(404);
            assertThat(client.reply().status()).isEqualTo(200);
        }
    }

    @Test
    void aRequestThatIsCutIsNotAnswered() throws IOException {
        for (String cut : new String[] {
            "GET /hello HTT",
            "POST /echo HTTP/1.1\r\n" + HOST + "Content-Length: 10\r\n\r\nabc",
            "POST /echo HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n3\r\nab"
        }) {
            try (Served served = new Served(unchanged -> {});
                    RawClient client = served.client()) {
                assertThat(client.send(cut).endOutput().isEnded()).as(cut).isTrue();
            }
        }
    }

    @Test
    void aHeaderThatIsCutIsMalformed() throws IOException {
        try (Served served = new Served(unchanged -> {});
                RawClient client = served.client()) {
            client.send("GET /hello HTTP/1.1\r\nHost: local").endOutput();
            assertThat(client.reply().status()).isEqualTo(400);
            assertThat(client.isEnded()).isTrue();
        }
    }

    @Test
    void chunkExtensionsAndTrailersAreReadOver() throws IOException {
        try (Served served = new Served(unchanged -> {});
                RawClient client = served.client()) {
            client.send("POST /echo HTTP/1.1\r\n" + HOST + "Transfer-Encoding: Chunked\r\n\r\n"
                    + "3;a=b;c=\"d;e\"\r\nabc\r\n2\r\nde\r\n0\r\nHost: other\r\nContent-Length: 9\r\n\r\n");
            assertThat(client.reply().body()).isEqualTo("abcde");
            assertThat(client.send("GET /hello HTTP/1.1\r\n" + HOST + "\r\n")
                            .reply()
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void anUpgradeIsNotTaken() throws IOException {
        try (Served served = new Served(unchanged -> {});
                RawClient client = served.client()) {
            client.send("GET /hello HTTP/1.1\r\n" + HOST + "Connection: Upgrade, HTTP2-Settings\r\n"
                    + "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n");
            RawClient.Reply reply = client.reply();
            assertThat(reply.status()).isEqualTo(200); // RFC 9110 section 7.8: a server may ignore it
            assertThat(reply.header("Upgrade")).isNull();
            assertThat(reply.body()).isEqualTo("hello");
        }
    }

    @Test
    void aPathThatDiffersInItsEncodingIsAnother() throws IOException {
        try (Served served = new Served(unchanged -> {})) {
            for (String path : new String[] {"/%68ello", "/hello/", "//hello", "/./hello", "/HELLO", "/hello;a"}) {
                assertThat(served.ask("GET " + path + " HTTP/1.1\r\n" + HOST + "\r\n")
                                .status())
                        .as(path)
                        .isEqualTo(404);
            }
        }
    }

    @Test
    void aHandlerThatFailsTellsNothingOfTheCause() throws IOException {
        try (Served served = new Served(builder -> builder.route(Method.GET, "/bad", Access.OPEN, request -> {
            throw new IllegalStateException("the password is 1234");
        }))) {
            RawClient.Reply reply = served.ask("GET /bad HTTP/1.1\r\n" + HOST + "\r\n");
            assertThat(reply.status()).isEqualTo(500);
            assertThat(reply.body()).doesNotContain("1234").doesNotContain("IllegalState");
        }
    }

    @Test
    void aClientThatLeavesWithoutAWordIsLetGo() throws IOException {
        try (Served served = new Served(unchanged -> {});
                RawClient client = served.client()) {
            assertThat(client.endOutput().isEnded()).isTrue();
        }
    }
}
