package dev.kumo.http;

import dev.kumo.http.answer.Answer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The answer to a request. Immutable. */
public final class Response {

    private final Answer answer;

    Response(Answer answer) {
        this.answer = answer;
    }

    Answer answer() {
        return answer;
    }

    /**
     * An answer without a body.
     *
     * @param status 200 to 599, RFC 9110 section 15
     * @return the answer
     * @throws IllegalArgumentException if the status is another
     */
    public static Response of(int status) {
        return new Response(Answer.of(status));
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
        return new Response(Answer.of(status, contentType, body));
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
        return new Response(Answer.text(status, text));
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
        return new Response(Answer.json(status, body));
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
        return new Response(Answer.problem(status, detail));
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
        return new Response(answer.header(name, value));
    }

    /**
     * The status.
     *
     * @return 200 to 599
     */
    public int status() {
        return answer.status();
    }

    /**
     * The header fields.
     *
     * @return names and values in their order, without those that the listener adds; immutable
     */
    public List<Map.Entry<String, String>> headers() {
        return answer.headers();
    }

    /**
     * The body.
     *
     * @return the bytes, not copied; empty if there is none
     */
    public byte[] body() {
        return answer.body();
    }

    /** The status and the length. */
    @Override
    public String toString() {
        return answer.toString();
    }
}
