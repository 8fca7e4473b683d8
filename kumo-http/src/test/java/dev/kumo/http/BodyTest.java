package dev.kumo.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies: how large they may be, compressed or not, and how answers are compressed. */
@Timeout(60)
class BodyTest {

    private static final int LIMIT = 10_000;
    private static final String HOST = "Host: localhost\r\n";

    private static Served served() throws IOException {
        return new Served(builder -> builder.requestBodyLimit(LIMIT));
    }

    private static byte[] post(String fields, byte[] body) {
        byte[] head = ("POST /echo HTTP/1.1\r\n" + HOST + fields + "Content-Length: " + body.length + "\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(head);
        request.writeBytes(body);
        return request.toByteArray();
    }

    private static byte[] chunked(String fields, byte[] body, int chunk) {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(("POST /echo HTTP/1.1\r\n" + HOST + fields + "Transfer-Encoding: chunked\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1));
        for (int at = 0; at < body.length; at += chunk) {
            int length = Math.min(chunk, body.length - at);
            request.writeBytes((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            request.write(body, at, length);
            request.writeBytes("\r\n".getBytes(StandardCharsets.ISO_8859_1));
        }
        request.writeBytes("0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
        return request.toByteArray();
    }

    private static byte[] compressed(String encoding, byte[] body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream compressed =
                encoding.equals("gzip") ? new GZIPOutputStream(out) : new DeflaterOutputStream(out)) {
            compressed.write(body);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toByteArray();
    }

    @Test
    void aBodyOfExactlyTheLimitPasses() throws IOException {
        try (Served served = served();
                RawClient client = served.client()) {
            byte[] body = "x".repeat(LIMIT).getBytes(StandardCharsets.US_ASCII);
            assertThat(client.send(post("", body)).reply().body()).hasSize(LIMIT);
            assertThat(client.send(chunked("", body, 999)).reply().body()).hasSize(LIMIT);
            assertThat(client.send(post("Content-Encoding: gzip\r\n", compressed("gzip", body)))
                            .reply()
                            .body())
                    .hasSize(LIMIT);
        }
    }

    @Test
    void aLongerBodyIsRefusedAndTheConnectionEndsInOrder() throws IOException {
        byte[] body = new byte[LIMIT + 1];
        for (byte[] request : new byte[][] {post("", body), chunked("", body, 999)}) {
            try (Served served = served();
                    RawClient client = served.client()) {
                RawClient.Reply reply = client.send(request).reply();
                assertThat(reply.status()).isEqualTo(413);
                assertThat(reply.body())
                        .isEqualTo("{\"title\":\"Content Too Large\",\"status\":413,\"detail\":\"the body is larger"
                                + " than request_body_limit, which is 10000 bytes after decompression\"}");
                assertThat(reply.header("Connection")).isEqualTo("close");
                assertThat(client.isEnded()).isTrue();
            }
        }
    }

    @Test
    void aClientThatSendsOnCanStillReadWhyItWasRefused() throws IOException {
        try (Served served = served();
                RawClient client = served.client()) {
            client.send("POST /echo HTTP/1.1\r\n" + HOST + "Content-Length: 100000000\r\n\r\n");
            byte[] piece = new byte[65_536];
            try {
                for (int i = 0; i < 100; i++) {
                    client.send(piece);
                }
            } catch (SocketException e) {
                throw new AssertionError("the connection was reset", e);
            }
            assertThat(client.reply().status()).isEqualTo(413);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate"})
    void aCompressedBodyArrivesAsItWas(String encoding) throws IOException {
        try (Served served = served();
                RawClient client = served.client()) {
            byte[] body = "Gr\u00fc\u00dfe ".repeat(500).getBytes(StandardCharsets.UTF_8);
            byte[] request = post("Content-Encoding: " + encoding + "\r\n", compressed(encoding, body));
            assertThat(client.send(request).reply().body()).isEqualTo(new String(body, StandardCharsets.UTF_8));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate"})
    void aBombIsRefusedAtTheLimit(String encoding) throws IOException {
        byte[] bomb = compressed(encoding, new byte[9_000_000]);
        assertThat(bomb).hasSizeLessThan(LIMIT); // a thousand to one
        // What comes and what it becomes: a byte more, at any moment, would be a 503.
        int held = Integer.highestOneBit(bomb.length) * 2 + LIMIT;
        try (Served served = new Served(
                        builder -> builder.requestBodyLimit(LIMIT).limits(limits -> limits.maxBodyMemory(held)));
                RawClient client = served.client()) {
            RawClient.Reply reply = client.send(post("Content-Encoding: " + encoding + "\r\n", bomb))
                    .reply();
            assertThat(reply.status()).isEqualTo(413);
            assertThat(reply.body()).contains("request_body_limit");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "no gzip at all", "\u001f\u008b\b"})
    void aBodyThatIsNotWhatItsEncodingSaysIsRefused(String body) throws IOException {
        try (Served served = served();
                RawClient client = served.client()) {
            byte[] request = post("Content-Encoding: gzip\r\n", body.getBytes(StandardCharsets.ISO_8859_1));
            assertThat(client.send(request).reply().status()).isEqualTo(400);
        }
    }

    @Test
    void bodiesThatFillTheMemoryAreToldToComeAgain() throws IOException {
        try (Served served = new Served(builder -> builder.limits(limits -> limits.maxBodyMemory(5000)));
                RawClient client = served.client()) {
            assertThat(client.send(post("", new byte[4000])).reply().status()).isEqualTo(200);
            assertThat(client.send(post("", new byte[6000])).reply().status()).isEqualTo(503);
        }
    }

    @Test
    void aLongAnswerIsCompressedForWhoTakesIt() throws IOException {
        String text = "all work and no play ".repeat(100);
        try (Served served = new Served(
                builder -> builder.route(Method.GET, "/long", Access.OPEN, request -> Response.text(200, text)))) {
            RawClient.Reply plain = served.ask("GET /long HTTP/1.1\r\n" + HOST + "\r\n");
            assertThat(plain.header("Content-Encoding")).isNull();
            assertThat(plain.body()).isEqualTo(text);
            assertThat(served.ask("GET /long HTTP/1.1\r\n" + HOST + "Accept-Encoding: gzip;q=0\r\n\r\n")
                            .header("Content-Encoding"))
                    .isNull();
            RawClient.Reply small = served.ask("GET /long HTTP/1.1\r\n" + HOST + "Accept-Encoding: br, gzip\r\n\r\n");
            assertThat(small.header("Content-Encoding")).isEqualTo("gzip");
            assertThat(small.header("Vary")).isEqualToIgnoringCase("Accept-Encoding");
            assertThat(Integer.parseInt(small.header("Content-Length"))).isLessThan(200);
            assertThat(served.ask("GET /long HTTP/1.1\r\n" + HOST + "Accept-Encoding: deflate\r\n\r\n")
                            .header("Content-Encoding"))
                    .isEqualTo("deflate");
        }
    }
}
