package dev.kumo.http.answer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a client is told. Immutable. */
public final class Answer {

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

    private Answer(int status, List<Map.Entry<String, String>> headers, byte[] body) {
        if (status < 200 || status > 599) {
            throw new IllegalArgumentException("the status of an answer is 200 to 599, not " + status);
        }
        this.status = status;
        this.headers = headers;
        this.body = body;
    }

    public static Answer of(int status) {
        return new Answer(status, List.of(), NOTHING);
    }

    public static Answer of(int status, String contentType, byte[] body) {
        return new Answer(status, List.of(), body).header("Content-Type", contentType);
    }

    public static Answer text(int status, String text) {
        return of(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    public static Answer json(int status, @Nullable Object body) {
        return of(status, "application/json", Json.write(body));
    }

    public static Answer problem(int status, String detail) {
        if (status < 400) {
            throw new IllegalArgumentException("a problem has a status of 400 to 599, not " + status);
        }
        Map<String, Object> problem = new LinkedHashMap<>();
        problem.put("title", Statuses.reason(status));
        problem.put("status", status);
        problem.put("detail", detail);
        return of(status, "application/problem+json", Json.write(problem));
    }

    public Answer header(String name, String value) {
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
        return new Answer(status, List.copyOf(more), body);
    }

    public int status() {
        return status;
    }

    public List<Map.Entry<String, String>> headers() {
        return headers;
    }

    public byte[] body() {
        return body;
    }

    /** The status and the length. */
    @Override
    public String toString() {
        return status + ", " + body.length + " bytes";
    }
}
