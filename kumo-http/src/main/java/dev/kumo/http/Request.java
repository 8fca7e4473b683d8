package dev.kumo.http;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A request, read to its end. */
public final class Request {

    private final Method method;
    private final String path;
    private final Map<String, List<String>> query;
    private final Map<String, List<String>> headers;
    private final byte[] body;
    private final Caller caller;

    Request(
            Method method,
            String path,
            Map<String, List<String>> query,
            Map<String, List<String>> headers,
            byte[] body,
            Caller caller) {
        this.method = method;
        this.path = path;
        this.query = query;
        this.headers = headers;
        this.body = body;
        this.caller = caller;
    }

    /**
     * The method.
     *
     * @return {@link Method#GET} for HEAD too, whose answer is sent without its body
     */
    public Method method() {
        return method;
    }

    /**
     * The path, which is that of the route.
     *
     * @return such as {@code /api/inject/v1}
     */
    public String path() {
        return path;
    }

    /**
     * A parameter of the query.
     *
     * @param name its name, decoded
     * @return the first value, decoded; empty if there is none
     */
    public Optional<String> query(String name) {
        return query.getOrDefault(name, List.of()).stream().findFirst();
    }

    /**
     * All parameters of the query.
     *
     * @return the values of each name, decoded and in their order; immutable
     */
    public Map<String, List<String>> query() {
        return query;
    }

    /**
     * A header field.
     *
     * @param name in any case
     * @return the first value; empty if there is none
     */
    public Optional<String> header(String name) {
        return headers(name).stream().findFirst();
    }

    /**
     * All values of a header field.
     *
     * @param name in any case
     * @return in their order; immutable
     */
    public List<String> headers(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
    }

    /**
     * The body, decompressed.
     *
     * @return the bytes, not copied; empty if there is none
     */
    public byte[] body() {
        return body;
    }

    /**
     * The body as text.
     *
     * @return what it is in UTF-8, each malformed byte replaced by U+FFFD
     */
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /**
     * Who sends it.
     *
     * @return the caller
     */
    public Caller caller() {
        return caller;
    }

    /** Method and path; never the query, a header or the body, which may hold secrets. */
    @Override
    public String toString() {
        return method + " " + path;
    }
}
