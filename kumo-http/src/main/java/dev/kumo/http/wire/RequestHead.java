package dev.kumo.http.wire;

import dev.kumo.http.answer.Answer;
import dev.kumo.http.answer.Printable;
import dev.kumo.http.answer.RefusedException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What comes before the body of a request, checked: it can be understood in one way only.
 *
 * @param method the one that is meant: GET for HEAD too
 * @param bodyless whether the answer is sent without its body, for HEAD
 * @param path still encoded
 * @param query still encoded
 * @param headers as they came
 * @param contentLength what the client says; -1 if it does not
 * @param encoding how the body is compressed
 * @param expectsContinue whether the client waits to be told that its body is welcome, RFC 9110 section 10.1.1
 * @param keepAlive whether the client wants to go on afterwards
 */
public record RequestHead(
        String method,
        boolean bodyless,
        String path,
        String query,
        HttpHeaders headers,
        long contentLength,
        Encoding encoding,
        boolean expectsContinue,
        boolean keepAlive) {

    /** RFC 9110 section 9.3, without those for proxies and tracing, and RFC 5789. */
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE");

    private static final int MOST_PARAMETERS = 256;
    private static final int LONGEST_LENGTH = 18; // digits of a long

    /**
     * Reads it.
     *
     * @throws RefusedException if it is wrong; nothing that follows on a connection of HTTP/1.1 can be trusted then
     */
    static RequestHead of(HttpRequest request, boolean http2, int maxHeaders) {
        if (request.decoderResult().isFailure()) {
            throw undecodable(request.decoderResult().cause());
        }
        HttpHeaders headers = request.headers();
        if (headers.size() > maxHeaders) {
            throw new RefusedException(431, "the header has more than " + maxHeaders + " fields");
        }
        if (!http2) {
            requireVersion(request.protocolVersion());
            requireFraming(request, headers);
        }
        boolean http10 = !http2 && request.protocolVersion().minorVersion() == 0;
        requireHost(headers, http2, http10);
        String method = request.method().name();
        requireMethod(method);
        String target = originForm(request.uri(), method, http2);
        int mark = target.indexOf('?');
        return new RequestHead(
                method.equals("HEAD") ? "GET" : method,
                method.equals("HEAD"),
                mark < 0 ? target : target.substring(0, mark),
                mark < 0 ? "" : target.substring(mark + 1),
                headers,
                contentLength(headers),
                encoding(headers),
                !http10 && expectsContinue(headers), // RFC 9110 section 10.1.1: 1xx are unknown to HTTP/1.0
                HttpUtil.isKeepAlive(request));
    }

    private static RefusedException undecodable(Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return new RefusedException(414, "the request line is too long");
        }
        if (cause instanceof TooLongHttpHeaderException || cause instanceof TooLongFrameException) {
            return new RefusedException(431, "the header is too large");
        }
        return new RefusedException(400, "the request is malformed (RFC 9112)");
    }

    private static void requireVersion(HttpVersion version) {
        if (version.majorVersion() != 1 || version.minorVersion() > 1) {
            throw new RefusedException(505, "this speaks HTTP/1.1 and HTTP/2, not " + Printable.of(version.text()));
        }
    }

    /** RFC 9112 section 6.1 and 6.3: one way to tell where the body ends, or none at all. */
    private static void requireFraming(HttpRequest request, HttpHeaders headers) {
        List<String> codings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
        if (codings.isEmpty()) {
            return;
        }
        if (headers.contains(HttpHeaderNames.CONTENT_LENGTH)) {
            throw new RefusedException(400, "Content-Length and Transfer-Encoding contradict each other; send one");
        }
        if (request.protocolVersion().minorVersion() == 0) {
            throw new RefusedException(400, "HTTP/1.0 has no Transfer-Encoding");
        }
        if (codings.size() != 1 || !codings.get(0).equalsIgnoreCase("chunked")) {
            throw new RefusedException(
                    codings.get(codings.size() - 1).toLowerCase(Locale.ROOT).endsWith("chunked") ? 501 : 400,
                    "the only Transfer-Encoding is 'chunked'");
        }
    }

    /** RFC 9112 section 3.2. */
    private static void requireHost(HttpHeaders headers, boolean http2, boolean http10) {
        List<String> hosts = headers.getAll(HttpHeaderNames.HOST);
        boolean fit = hosts.isEmpty() ? http2 || http10 : hosts.size() == 1 && isHost(hosts.get(0));
        if (!fit) {
            throw new RefusedException(400, "a request has one Host (RFC 9112 section 3.2)");
        }
    }

    private static boolean isHost(String host) {
        return host.chars().allMatch(c -> c > ' ' && c < 0x7f && "/?#@\\\"<>{}|^`,".indexOf(c) < 0);
    }

    private static void requireMethod(String name) {
        if (!METHODS.contains(name)) {
            throw new RefusedException(501, "there is no method " + Printable.of(name) + " here");
        }
    }

    /** RFC 9112 section 3.2: a server takes the absolute form too, which HTTP/2 has not. */
    private static String originForm(String target, String method, boolean http2) {
        if (target.chars().anyMatch(c -> c <= ' ' || c >= 0x7f || c == '#')) {
            throw new RefusedException(400, "the target of the request holds what has to be percent-encoded");
        }
        if (target.startsWith("/") || target.equals("*") && method.equals("OPTIONS")) {
            return target;
        }
        String lower = target.toLowerCase(Locale.ROOT);
        if (!http2 && (lower.startsWith("http://") || lower.startsWith("https://"))) {
            String rest = target.substring(target.indexOf("//") + 2);
            int end = 0;
            while (end < rest.length() && rest.charAt(end) != '/' && rest.charAt(end) != '?') {
                end++;
            }
            if (end > 0 && isHost(rest.substring(0, end))) { // RFC 9110 section 4.2.1: never without a host
                return rest.startsWith("/", end) ? rest.substring(end) : "/" + rest.substring(end);
            }
        }
        throw new RefusedException(400, "the target of the request is no path");
    }

    private static long contentLength(HttpHeaders headers) {
        List<String> lengths = headers.getAll(HttpHeaderNames.CONTENT_LENGTH);
        if (lengths.isEmpty()) {
            return -1;
        }
        String length = lengths.get(0);
        boolean digits = !length.isEmpty() && length.chars().allMatch(c -> c >= '0' && c <= '9');
        if (lengths.size() != 1 || !digits) {
            throw new RefusedException(400, "Content-Length is one number (RFC 9110 section 8.6)");
        }
        return length.length() > LONGEST_LENGTH ? Long.MAX_VALUE : Long.parseLong(length);
    }

    private static Encoding encoding(HttpHeaders headers) {
        List<String> encodings = headers.getAll(HttpHeaderNames.CONTENT_ENCODING);
        if (encodings.isEmpty()) {
            return Encoding.IDENTITY;
        }
        return Encoding.of(encodings)
                .orElseThrow(() -> new RefusedException(
                        Answer.problem(415, "Content-Encoding may be gzip or deflate, once, or nothing at all")
                                .header("Accept-Encoding", "gzip, deflate")));
    }

    private static boolean expectsContinue(HttpHeaders headers) {
        List<String> expectations = headers.getAll(HttpHeaderNames.EXPECT);
        if (!expectations.isEmpty()
                && (expectations.size() != 1
                        || !HttpHeaderValues.CONTINUE.contentEqualsIgnoreCase(expectations.get(0)))) {
            throw new RefusedException(417, "the only expectation is '100-continue'");
        }
        return !expectations.isEmpty();
    }

    /** Whether a body means anything, RFC 9110 section 9.3.1. */
    boolean takesBody() {
        return !method.equals("GET") && !method.equals("OPTIONS");
    }

    /** Whether a body follows in HTTP/1.1, RFC 9112 section 6. */
    boolean hasBody() {
        return contentLength > 0 || headers.contains(HttpHeaderNames.TRANSFER_ENCODING);
    }

    public List<String> authorization() {
        return headers.getAll(HttpHeaderNames.AUTHORIZATION);
    }

    /** The first value of a field; empty if there is none. */
    public String header(CharSequence name) {
        String value = headers.get(name);
        return value == null ? "" : value;
    }

    public Map<String, List<String>> parameters() {
        try {
            Map<String, List<String>> parameters =
                    new QueryStringDecoder(query, StandardCharsets.UTF_8, false, MOST_PARAMETERS).parameters();
            Map<String, List<String>> copy = new LinkedHashMap<>();
            parameters.forEach((name, values) -> copy.put(name, List.copyOf(values)));
            return Collections.unmodifiableMap(copy);
        } catch (IllegalArgumentException malformed) {
            throw new RefusedException(400, "the query is malformed: a % is not followed by two hexadecimal digits");
        }
    }

    public Map<String, List<String>> fields() {
        Map<String, List<String>> fields = new LinkedHashMap<>();
        headers.forEach(
                field -> fields.computeIfAbsent(field.getKey().toLowerCase(Locale.ROOT), name -> new ArrayList<>(1))
                        .add(field.getValue()));
        fields.replaceAll((name, values) -> List.copyOf(values));
        return Collections.unmodifiableMap(fields);
    }
}
