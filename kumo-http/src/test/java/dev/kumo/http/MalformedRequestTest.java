package dev.kumo.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** HTTP/1.1 byte for byte as no well-behaved client sends it: what two readers could understand in two ways is refused. */
@Timeout(60)
class MalformedRequestTest {

    private static final String HOST = "Host: localhost\r\n";

    static Stream<Arguments> malformed() {
        String chunked = "POST /echo HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n";
        return Stream.of(
                Arguments.of(
                        "two lengths",
                        400,
                        "POST /echo HTTP/1.1\r\n" + HOST + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd"),
                Arguments.of(
                        "the same length twice",
                        400,
                        "POST /echo HTTP/1.1\r\n" + HOST + "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc"),
                Arguments.of(
                        "a list of lengths", 400, "POST /echo HTTP/1.1\r\n" + HOST + "Content-Length: 3, 3\r\n\r\nabc"),
                Arguments.of(
                        "a signed length", 400, "POST /echo HTTP/1.1\r\n" + HOST + "Content-Length: +3\r\n\r\nabc"),
                Arguments.of(
                        "a negative length", 400, "POST /echo HTTP/1.1\r\n" + HOST + "Content-Length: -1\r\n\r\nabc"),
                Arguments.of(
                        "a hexadecimal length",
                        400,
                        "POST /echo HTTP/1.1\r\n" + HOST + "Content-Length: 0x3\r\n\r\nabc"),
                Arguments.of(
                        "a length and chunks",
                        400,
                        "POST /echo HTTP/1.1\r\n" + HOST
                                + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                Arguments.of(
                        "chunks and a length",
                        400,
                        "POST /echo HTTP/1.1\r\n" + HOST
                                + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n"),
                Arguments.of(
                        "another coding",
                        501,
                        "POST /echo HTTP/1.1\r\n" + HOST + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
                Arguments.of(
                        "a coding that is not the last",
                        400,
                        "POST /echo HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n"),
                Arguments.of(
                        "a coding nobody knows",
                        400,
                        "POST /echo HTTP/1.1\r\n" + HOST + "Transfer-Encoding: xchunkedx\r\n\r\n0\r\n\r\n"),
                Arguments.of(
                        "chunked twice",
                        400,
                        "POST /echo HTTP/1.1\r\n" + HOST
                                + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                Arguments.of(
                        "chunks in HTTP/1.0",
                        400,
                        "POST /echo HTTP/1.0\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                Arguments.of("a chunk size that is none", 400, chunked + "zz\r\nabc\r\n0\r\n\r\n"),
                Arguments.of("a signed chunk size", 400, chunked + "-3\r\nabc\r\n0\r\n\r\n"),
                Arguments.of("a chunk size with a prefix", 400, chunked + "0x3\r\nabc\r\n0\r\n\r\n"),
                Arguments.of("a chunk that goes on", 400, chunked + "3\r\nabcde\r\n0\r\n\r\n"),
                Arguments.of("a chunk size beyond an int", 400, chunked + "ffffffffff\r\nabc"),
                Arguments.of("a chunk extension with LF", 400, chunked + "3;a\nb\r\nabc\r\n0\r\n\r\n"),
                Arguments.of("a chunk extension without end", 400, chunked + "3;" + "x".repeat(20_000)),
                Arguments.of("a chunk size of nothing", 400, chunked + "\r\nabc\r\n0\r\n\r\n"),
                Arguments.of("a blank before a chunk size", 400, chunked + " 3\r\nabc\r\n0\r\n\r\n"),
                Arguments.of("a chunk size with a NUL", 400, chunked + "3\0\r\nabc\r\n0\r\n\r\n"),
                Arguments.of("a trailer that is no field", 400, chunked + "0\r\nA : b\r\n\r\n"),
                Arguments.of("a trailer ended by LF", 400, chunked + "0\r\nA: b\n\r\n"),
                Arguments.of("a folded trailer", 400, chunked + "0\r\nA: b\r\n c\r\n\r\n"),
                Arguments.of("a second trailer that is folded", 400, chunked + "0\r\nA: b\r\nC: d\r\n\te\r\n\r\n"),
                Arguments.of("two blanks before the target", 400, "GET  /hello HTTP/1.1\r\n" + HOST + "\r\n"),
                Arguments.of("two blanks before the version", 400, "GET /hello  HTTP/1.1\r\n" + HOST + "\r\n"),
                Arguments.of("a blank after the version", 400, "GET /hello HTTP/1.1 \r\n" + HOST + "\r\n"),
                Arguments.of("a tab before the target", 400, "GET\t/hello HTTP/1.1\r\n" + HOST + "\r\n"),
                Arguments.of("trailers without end", 400, chunked + "0\r\n" + "A: b\r\n".repeat(5000)),
                Arguments.of("a chunk ended by LF", 400, chunked + "3\nabc\r\n0\r\n\r\n"),
                Arguments.of("a folded line", 400, "GET /hello HTTP/1.1\r\n" + HOST + "A: b\r\n c\r\n\r\n"),
                Arguments.of(
                        "a folded line after an empty one",
                        400,
                        "\r\nGET /hello HTTP/1.1\r\n" + HOST + "A: b\r\n\tc\r\n\r\n"),
                Arguments.of("a first header line with a blank", 400, "GET /hello HTTP/1.1\r\n " + HOST + "\r\n"),
                Arguments.of("a blank before the colon", 400, "GET /hello HTTP/1.1\r\n" + HOST + "A : b\r\n\r\n"),
                Arguments.of("a line without a colon", 400, "GET /hello HTTP/1.1\r\n" + HOST + "nothing\r\n\r\n"),
                Arguments.of("lines ended by LF", 400, "GET /hello HTTP/1.1\nHost: localhost\n\n"),
                Arguments.of("a CR of its own", 400, "GET /hello HTTP/1.1\r\n" + HOST + "A: b\rc\r\n\r\n"),
                Arguments.of("a NUL", 400, "GET /hello HTTP/1.1\r\n" + HOST + "A: b\0c\r\n\r\n"),
                Arguments.of(
                        "a length with a blank in it",
                        400,
                        "POST /echo HTTP/1.1\r\n" + HOST + "Content-Length: 1 0\r\n\r\nabc"),
                Arguments.of("an empty length", 400, "POST /echo HTTP/1.1\r\n" + HOST + "Content-Length:\r\n\r\n"),
                Arguments.of(
                        "a length beyond a long",
                        400,
                        "POST /echo HTTP/1.1\r\n" + HOST + "Content-Length: 99999999999999999999\r\n\r\n"),
                Arguments.of("a body of GET", 400, "GET /hello HTTP/1.1\r\n" + HOST + "Content-Length: 3\r\n\r\nabc"),
                Arguments.of(
                        "chunks of GET",
                        400,
                        "GET /hello HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"),
                Arguments.of(
                        "a vertical tab before chunked",
                        400,
                        "POST /echo HTTP/1.1\r\n" + HOST + "Transfer-Encoding: \u000bchunked\r\n\r\n0\r\n\r\n"),
                Arguments.of("a field without a name", 400, "GET /hello HTTP/1.1\r\n" + HOST + ": b\r\n\r\n"),
                Arguments.of("a name that is no token", 400, "GET /hello HTTP/1.1\r\n" + HOST + "A(b): c\r\n\r\n"),
                Arguments.of("a name beyond ASCII", 400, "GET /hello HTTP/1.1\r\n" + HOST + "\u00e4: c\r\n\r\n"),
                Arguments.of("a field ended by LF", 400, "GET /hello HTTP/1.1\r\n" + HOST + "A: b\nC: d\r\n\r\n"),
                Arguments.of("a header ended by LF", 400, "GET /hello HTTP/1.1\r\n" + HOST + "\n"),
                Arguments.of("a NUL in the target", 400, "GET /he\0llo HTTP/1.1\r\n" + HOST + "\r\n"),
                Arguments.of("a blank in the target", 400, "GET /hello there HTTP/1.1\r\n" + HOST + "\r\n"),
                Arguments.of("a method that is no token", 400, "G@T /hello HTTP/1.1\r\n" + HOST + "\r\n"),
                Arguments.of("a long method", 414, "G".repeat(9000) + " /hello HTTP/1.1\r\n" + HOST + "\r\n"),
                Arguments.of("a Host with a user", 400, "GET /hello HTTP/1.1\r\nHost: me@localhost\r\n\r\n"),
                Arguments.of("a list of Hosts", 400, "GET /hello HTTP/1.1\r\nHost: a, b\r\n\r\n"),
                Arguments.of("an absolute form without Host", 400, "GET http://localhost/hello HTTP/1.1\r\n\r\n"),
                Arguments.of("an absolute form of nowhere", 400, "GET http:///hello HTTP/1.1\r\n" + HOST + "\r\n"),
                Arguments.of(
                        "an absolute form of another protocol",
                        400,
                        "GET ftp://localhost/hello HTTP/1.1\r\n" + HOST + "\r\n"),
                Arguments.of("the preface of HTTP/2 cut short", 505, "PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n"),
                Arguments.of("no Host", 400, "GET /hello HTTP/1.1\r\n\r\n"),
                Arguments.of("two Hosts", 400, "GET /hello HTTP/1.1\r\n" + HOST + HOST + "\r\n"),
                Arguments.of("a Host that is none", 400, "GET /hello HTTP/1.1\r\nHost: a/b\r\n\r\n"),
                Arguments.of("HTTP/1.2", 505, "GET /hello HTTP/1.2\r\n" + HOST + "\r\n"),
                Arguments.of("HTTP/3.0", 505, "GET /hello HTTP/3.0\r\n" + HOST + "\r\n"),
                Arguments.of("no version", 400, "GET /hello\r\n" + HOST + "\r\n"),
                Arguments.of("no HTTP at all", 400, "\u0016\u0003\u0001\u0002\u0000\u0001\r\n\r\n"),
                Arguments.of("CONNECT", 501, "CONNECT a.example:25 HTTP/1.1\r\n" + HOST + "\r\n"),
                Arguments.of("TRACE", 501, "TRACE /hello HTTP/1.1\r\n" + HOST + "\r\n"),
                Arguments.of("a target without a slash", 400, "GET hello HTTP/1.1\r\n" + HOST + "\r\n"),
                Arguments.of("a fragment", 400, "GET /hello#top HTTP/1.1\r\n" + HOST + "\r\n"),
                Arguments.of("a target beyond ASCII", 400, "GET /h\u00e9llo HTTP/1.1\r\n" + HOST + "\r\n"),
                Arguments.of("a long target", 414, "GET /" + "x".repeat(9000) + " HTTP/1.1\r\n" + HOST + "\r\n"),
                Arguments.of(
                        "a large header",
                        431,
                        "GET /hello HTTP/1.1\r\n" + HOST + "A: " + "x".repeat(20_000) + "\r\n\r\n"),
                Arguments.of("many fields", 431, "GET /hello HTTP/1.1\r\n" + HOST + "A: b\r\n".repeat(101) + "\r\n"),
                Arguments.of(
                        "another expectation",
                        417,
                        "POST /echo HTTP/1.1\r\n" + HOST + "Expect: 200-ok\r\nContent-Length: 3\r\n\r\nabc"),
                Arguments.of(
                        "an unknown compression",
                        415,
                        "POST /echo HTTP/1.1\r\n" + HOST + "Content-Encoding: br\r\nContent-Length: 3\r\n\r\nabc"),
                Arguments.of(
                        "compressed twice",
                        415,
                        "POST /echo HTTP/1.1\r\n" + HOST
                                + "Content-Encoding: gzip, gzip\r\nContent-Length: 3\r\n\r\nabc"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformed")
    void refusesAndHearsNothingMore(String what, int status, String request) throws IOException {
        try (Served served = new Served(unchanged -> {});
                RawClient client = served.client()) {
            // What an attacker would smuggle must never be answered.
            client.send(request + "GET /hello HTTP/1.1\r\n" + HOST + "\r\n");
            RawClient.Reply reply = client.reply();
            assertThat(reply.status()).as(reply.body()).isEqualTo(status);
            assertThat(reply.header("Connection")).isEqualTo("close");
            assertThat(reply.header("Content-Type")).isEqualTo("application/problem+json");
            assertThat(client.isEnded()).isTrue();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformed")
    void refusesTheSameByteByByte(String what, int status, String request) throws IOException {
        if (request.length() > 2000) {
            return; // nothing but length
        }
        try (Served served = new Served(unchanged -> {});
                RawClient client = served.client()) {
            for (int i = 0; i < request.length(); i++) {
                client.send(request.substring(i, i + 1));
            }
            assertThat(client.reply().status()).isEqualTo(status);
            assertThat(client.isEnded()).isTrue();
        }
    }
}
