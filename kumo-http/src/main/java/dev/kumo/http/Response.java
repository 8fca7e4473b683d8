package dev.kumo.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The answer to a request. Immutable. */
public final class Response {

    /** Fields that the listener writes itself; another value of them would break the connection. */
    private static final Set<String> OURS = Set.of(
            "connection",
            "content-encoding",
            "content-length",
            "date",
            "keep-alive",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    private static final byte[] NOTHING = new byte[0];

    private final int status;
    private final List<Map.Entry<String, String>> headers;
    private final byte[] body;

    private Response(int status, List<Map.Entry<String, String>> headers, byte[] body) {
        if (status < 200 || status > 599) {
            throw new IllegalArgumentException("the status of an answer is 200 to 599, not " + status);
        }
        this.status = status;
        this.headers = headers;
        this.body = body;
    }

    /**
     * An answer without a body.
     *
     * @param status 200 to 599, RFC 9110 section 15
     * @return the answer
     * @throws IllegalArgumentException if the status is another
     */
    public static Response of(int status) {
        return new Response(status, List.of(), NOTHING);
    }

    /**
     * An answer with a body.
     *
     * @param status 200 to 599
     * @param contentType of the body, such as {@code text/html; charset=utf-8}
     * @param body the bytes; not copied
     * @return the answer
     * @throws IllegalArgumentException if the status is another, or the type could not stand in a header
     */
    public static Response of(int status, String contentType, byte[] body) {
        return new Response(status, List.of(), body).header("Content-Type", contentType);
    }

    /**
     * An answer of plain text.
     *
     * @param status 200 to 599
     * @param text the body
     * @return the answer
     * @throws IllegalArgumentException if the status is another
     */
    public static Response text(int status, String text) {
        return of(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * An answer in JSON.
     *
     * @param status 200 to 599
     * @param body text, numbers, booleans, null, lists of these, or maps from text to these
     * @return the answer
     * @throws IllegalArgumentException if the status is another, or the body has a value of another kind
     */
    public static Response json(int status, @Nullable Object body) {
        return of(status, "application/json", Json.write(body));
    }

    /**
     * An error, in the one shape that all errors of the listener have: problem details, RFC 9457.
     *
     * @param status 400 to 599
     * @param detail what is wrong and the mend, for whoever wrote the client; nothing internal, no secrets
     * @return the answer
     * @throws IllegalArgumentException if the status is no error
     */
    public static Response problem(int status, String detail) {
        if (status < 400) {
            throw new IllegalArgumentException("a problem has a status of 400 to 599, not " + status);
        }
        Map<String, Object> problem = new LinkedHashMap<>();
        problem.put("title", Statuses.reason(status));
        problem.put("status", status);
        problem.put("detail", detail);
        return of(status, "application/problem+json", Json.write(problem));
    }

    /**
     * The same with a header field more.
     *
     * @param name a token, RFC 9110 section 5.6.2; not one of those that the listener writes itself
     * @param value printable ASCII, spaces and tabs
     * @return a changed copy
     * @throws IllegalArgumentException if the field could not stand in a header, or is the listener's
     */
    public Response header(String name, String value) {
        if (!Tokens.isToken(name) || OURS.contains(name.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException(
                    "'" + name + "' cannot be the name of a field of an answer, or is written by the listener itself");
        }
        if (!value.chars().allMatch(c -> c >= ' ' && c < 0x7f || c == '\t')) {
            throw new IllegalArgumentException(
                    "the value of " + name + " holds a character that is not printable ASCII; encode it");
        }
        List<Map.Entry<String, String>> more = new ArrayList<>(headers);
        more.add(Map.entry(name, value));
        return new Response(status, List.copyOf(more), body);
    }

    /**
     * The status.
     *
     * @return 200 to 599
     */
    public int status() {
        return status;
    }

    /**
     * The header fields.
     *
     * @return names and values in their order, without those that the listener adds; immutable
     */
    public List<Map.Entry<String, String>> headers() {
        return headers;
    }

    /**
     * The body.
     *
     * @return the bytes, not copied; empty if there is none
     */
    public byte[] body() {
        return body;
    }

    /** The status and the length. */
    @Override
    public String toString() {
        return status + ", " + body.length + " bytes";
    }
}
