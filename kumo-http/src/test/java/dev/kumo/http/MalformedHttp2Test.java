package dev.kumo.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** HTTP/2 as no well-behaved client speaks it: a malformed request ends its stream, broken framing the connection. */
@Timeout(60)
class MalformedHttp2Test {

    private static final int PROTOCOL_ERROR = 1;
    private static final int FLOW_CONTROL_ERROR = 3;
    private static final int STREAM_CLOSED = 5;
    private static final int FRAME_SIZE_ERROR = 6;
    private static final int COMPRESSION_ERROR = 9;

    /** What a test sends. */
    interface Speech {
        void to(RawHttp2 client) throws IOException;
    }

    private static String[] get(String... more) {
        String[] usual = {":method", "GET", ":scheme", "http", ":path", "/hello", ":authority", "localhost"};
        return Stream.concat(Stream.of(usual), Stream.of(more)).toArray(String[]::new);
    }

    private static String[] post(String... more) {
        String[] all = get(more);
        all[1] = "POST";
        all[5] = "/echo";
        return all;
    }

    private static Arguments request(String what, String... fields) {
        return Arguments.of(what, (Speech) client -> client.request(1, RawHttp2.END_STREAM, fields));
    }

    private static byte[] number(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }

    private static byte[] setting(int name, int value) {
        return ByteBuffer.allocate(6).putShort((short) name).putInt(value).array();
    }

    static Stream<Arguments> malformedRequests() {
        return Stream.of(
                request("no method", ":scheme", "http", ":path", "/hello", ":authority", "localhost"),
                request("no scheme", ":method", "GET", ":path", "/hello", ":authority", "localhost"),
                request("no path", ":method", "GET", ":scheme", "http", ":authority", "localhost"),
                request("an empty path", ":method", "GET", ":scheme", "http", ":path", "", ":authority", "localhost"),
                request("two paths", get(":path", "/hello")),
                request("two methods", get(":method", "GET")),
                request("a pseudo-header that nobody knows", get(":protocol", "websocket")),
                request("a pseudo-header of answers", get(":status", "200")),
                request("a pseudo-header after a field", get("a", "b", ":authority", "localhost")),
                request("a name in upper case", get("Accept", "*/*")),
                request("a name that is no token", get("a b", "c")),
                request("an empty name", get("", "c")),
                request("a value with a line break", get("a", "b\r\nc: d")),
                request("a value with a NUL", get("a", "b\0c")),
                request("Connection", get("connection", "close")),
                request("Keep-Alive", get("keep-alive", "timeout=5")),
                request("Proxy-Connection", get("proxy-connection", "close")),
                request("Transfer-Encoding", get("transfer-encoding", "chunked")),
                request("Upgrade", get("upgrade", "h2c")),
                request("a TE other than trailers", get("te", "gzip")),
                request("a length without a body", post("content-length", "3")),
                request("a Host that contradicts", get("host", "example.com")),
                request("two lengths", post("content-length", "0", "content-length", "1")),
                Arguments.of("a body shorter than its length", (Speech) client -> {
                    client.request(1, 0, post("content-length", "3"));
                    client.send(RawHttp2.DATA, RawHttp2.END_STREAM, 1, (byte) 'a');
                }),
                Arguments.of("a body longer than its length", (Speech) client -> {
                    client.request(1, 0, post("content-length", "1"));
                    client.send(RawHttp2.DATA, RawHttp2.END_STREAM, 1, new byte[3]);
                }),
                Arguments.of("trailers with a pseudo-header", (Speech) client -> {
                    client.request(1, 0, post());
                    client.request(1, RawHttp2.END_STREAM, ":path", "/hello");
                }),
                Arguments.of("trailers that do not end the stream", (Speech) client -> {
                    client.request(1, 0, post());
                    client.request(1, 0, "a", "b");
                }),
                Arguments.of("a window that grows by nothing", (Speech) client -> {
                    client.request(1, 0, post());
                    client.send(RawHttp2.WINDOW_UPDATE, 0, 1, number(0));
                }));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformedRequests")
    void aMalformedRequestEndsItsStreamAlone(String what, Speech speech) throws IOException {
        try (Served served = new Served(unchanged -> {});
                RawHttp2 client = new RawHttp2(served.listener.address())) {
            speech.to(client);
            RawHttp2.Frame frame = client.await(RawHttp2.RST_STREAM);
            assertThat(frame.stream()).isEqualTo(1);
            assertThat(frame.code()).isEqualTo(PROTOCOL_ERROR);
            assertServes(client, 3);
        }
    }

    private static void assertServes(RawHttp2 client, int stream) throws IOException {
        client.get(stream, "/hello");
        assertThat(client.await(frame -> frame.type() == RawHttp2.HEADERS && frame.stream() == stream)
                        .status())
                .isEqualTo(200);
    }

    static Stream<Arguments> refusedRequests() {
        return Stream.of(
                Arguments.of("an absolute path", 400, new String[] {
                    ":method", "GET", ":scheme", "http", ":path", "http://localhost/hello", ":authority", "localhost"
                }),
                Arguments.of("a fragment", 400, new String[] {
                    ":method", "GET", ":scheme", "http", ":path", "/hello#a", ":authority", "localhost"
                }),
                Arguments.of("an authority that is none", 400, new String[] {
                    ":method", "GET", ":scheme", "http", ":path", "/hello", ":authority", "me@localhost"
                }),
                Arguments.of("TRACE", 501, new String[] {
                    ":method", "TRACE", ":scheme", "http", ":path", "/hello", ":authority", "localhost"
                }),
                Arguments.of(
                        "many fields",
                        431,
                        get(Stream.generate(() -> "a").limit(202).toArray(String[]::new))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusedRequests")
    void aRequestThatCannotBeMeantIsRefused(String what, int status, String[] fields) throws IOException {
        try (Served served = new Served(unchanged -> {});
                RawHttp2 client = new RawHttp2(served.listener.address())) {
            client.request(1, RawHttp2.END_STREAM, fields);
            assertThat(client.await(RawHttp2.DATA).payload())
                    .asString(StandardCharsets.UTF_8)
                    .contains("\"status\":" + status);
            assertServes(client, 3);
        }
    }

    static Stream<Arguments> unusualRequests() {
        return Stream.of(
                Arguments.of("a Host that says the same", get("host", "localhost")),
                Arguments.of("no authority", new String[] {":method", "GET", ":scheme", "http", ":path", "/hello"}),
                Arguments.of("TE: trailers", get("te", "trailers")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("unusualRequests")
    void anUnusualRequestIsAnswered(String what, String[] fields) throws IOException {
        try (Served served = new Served(unchanged -> {});
                RawHttp2 client = new RawHttp2(served.listener.address())) {
            client.request(1, RawHttp2.END_STREAM, fields);
            assertThat(client.await(RawHttp2.HEADERS).status()).isEqualTo(200);
        }
    }

    private static Arguments broken(String what, int code, Speech speech) {
        return Arguments.of(what, code, speech);
    }

    static Stream<Arguments> brokenFrames() {
        return Stream.of(
                broken("DATA without a stream", PROTOCOL_ERROR, client -> client.send(RawHttp2.DATA, 0, 0, (byte) 1)),
                broken("DATA before a request", PROTOCOL_ERROR, client -> client.send(RawHttp2.DATA, 0, 1, (byte) 1)),
                broken("a request without a stream", PROTOCOL_ERROR, client -> client.request(0, 1, get())),
                broken("a request on a stream of the server", PROTOCOL_ERROR, client -> client.request(2, 1, get())),
                broken("CONTINUATION of nothing", PROTOCOL_ERROR, client -> client.send(RawHttp2.CONTINUATION, 4, 1)),
                broken("a frame within a header", PROTOCOL_ERROR, client -> {
                    client.send(RawHttp2.HEADERS, 0, 1, (byte) 0x82);
                    client.send(RawHttp2.PING, 0, 0, new byte[8]);
                }),
                broken("CONTINUATION of another stream", PROTOCOL_ERROR, client -> {
                    client.send(RawHttp2.HEADERS, 0, 1, (byte) 0x82);
                    client.send(RawHttp2.CONTINUATION, 4, 3, (byte) 0x86);
                }),
                broken("more padding than there is", PROTOCOL_ERROR, client -> {
                    client.request(1, 0, post());
                    client.send(RawHttp2.DATA, RawHttp2.PADDED, 1, (byte) 9, (byte) 0);
                }),
                broken(
                        "a header that cannot be decompressed",
                        COMPRESSION_ERROR,
                        client -> client.send(RawHttp2.HEADERS, 5, 1, (byte) 0xff, (byte) 0x7f)),
                broken(
                        "a promise of the client",
                        PROTOCOL_ERROR,
                        client -> client.send(RawHttp2.PUSH_PROMISE, 4, 1, number(2))),
                broken("PING on a stream", PROTOCOL_ERROR, client -> client.send(RawHttp2.PING, 0, 1, new byte[8])),
                broken("a short PING", FRAME_SIZE_ERROR, client -> client.send(RawHttp2.PING, 0, 0, new byte[7])),
                broken(
                        "SETTINGS on a stream",
                        PROTOCOL_ERROR,
                        client -> client.send(RawHttp2.SETTINGS, 0, 1, setting(3, 1))),
                broken("half a setting", FRAME_SIZE_ERROR, client -> client.send(RawHttp2.SETTINGS, 0, 0, new byte[5])),
                broken(
                        "an acknowledgement that says more",
                        FRAME_SIZE_ERROR,
                        client -> client.send(RawHttp2.SETTINGS, RawHttp2.ACK, 0, setting(3, 1))),
                broken(
                        "ENABLE_PUSH that is no flag",
                        PROTOCOL_ERROR,
                        client -> client.send(RawHttp2.SETTINGS, 0, 0, setting(2, 2))),
                broken(
                        "a first window beyond the largest",
                        FLOW_CONTROL_ERROR,
                        client -> client.send(RawHttp2.SETTINGS, 0, 0, setting(4, Integer.MIN_VALUE))),
                broken(
                        "a largest frame below the least",
                        PROTOCOL_ERROR,
                        client -> client.send(RawHttp2.SETTINGS, 0, 0, setting(5, 16_383))),
                broken(
                        "a window of the connection that grows by nothing",
                        PROTOCOL_ERROR,
                        client -> client.send(RawHttp2.WINDOW_UPDATE, 0, 0, number(0))),
                broken(
                        "a window of the connection beyond the largest",
                        FLOW_CONTROL_ERROR,
                        client -> client.send(RawHttp2.WINDOW_UPDATE, 0, 0, number(Integer.MAX_VALUE))),
                broken(
                        "a short WINDOW_UPDATE",
                        FRAME_SIZE_ERROR,
                        client -> client.send(RawHttp2.WINDOW_UPDATE, 0, 0, new byte[3])),
                broken(
                        "RST_STREAM before a request",
                        PROTOCOL_ERROR,
                        client -> client.send(RawHttp2.RST_STREAM, 0, 1, number(8))),
                broken("a frame larger than agreed", FRAME_SIZE_ERROR, client -> {
                    client.request(1, 0, post());
                    client.send(RawHttp2.DATA, 0, 1, new byte[16_385]);
                }));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("brokenFrames")
    void brokenFramingEndsTheConnection(String what, int code, Speech speech) throws IOException {
        try (Served served = new Served(unchanged -> {});
                RawHttp2 client = new RawHttp2(served.listener.address())) {
            speech.to(client);
            assertThat(client.await(RawHttp2.GOAWAY).code()).isEqualTo(code);
            assertThat(client.isEnded()).isTrue();
        }
    }

    @Test
    void aPrefaceThatIsNoneIsNoHttp2() throws IOException {
        try (Served served = new Served(unchanged -> {});
                RawClient client = served.client()) {
            client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
            client.send(new byte[] {0, 0, 8, RawHttp2.PING, 0, 0, 0, 0, 0}).send(new byte[8]); // SETTINGS come first
            assertThat(client.rest())
                    .containsSequence(number(Integer.MAX_VALUE))
                    .containsSequence(number(PROTOCOL_ERROR));
        }
    }

    @Test
    void aStreamThatIsOverIsNotUsedAgain() throws IOException {
        try (Served served = new Served(unchanged -> {});
                RawHttp2 client = new RawHttp2(served.listener.address())) {
            client.get(5, "/hello");
            client.await(RawHttp2.DATA);
            for (int stream : new int[] {5, 3}) { // answered, and passed over
                client.get(stream, "/hello");
                RawHttp2.Frame reset = client.await(RawHttp2.RST_STREAM);
                assertThat(reset.stream()).isEqualTo(stream);
                assertThat(reset.code()).isEqualTo(STREAM_CLOSED);
            }
        }
    }

    @Test
    void whatNobodyKnowsIsPassedOver() throws IOException {
        try (Served served = new Served(unchanged -> {});
                RawHttp2 client = new RawHttp2(served.listener.address())) {
            client.send(0x42, 0xff, 0, new byte[10]); // RFC 9113 section 5.5
            client.send(RawHttp2.SETTINGS, 0, 0, setting(0x99, 7));
            client.send(RawHttp2.PING, 0, 0, "12345678".getBytes(StandardCharsets.US_ASCII));
            RawHttp2.Frame pong = client.await(RawHttp2.PING);
            assertThat(pong.flags()).isEqualTo(RawHttp2.ACK);
            assertThat(pong.payload()).asString(StandardCharsets.US_ASCII).isEqualTo("12345678");
            assertServes(client, 1);
        }
    }
}
