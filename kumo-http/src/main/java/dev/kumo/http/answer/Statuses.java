package dev.kumo.http.answer;

import io.netty.handler.codec.http.HttpResponseStatus;

/** What a status is called, RFC 9110 section 15. */
final class Statuses {

    private Statuses() {}

    static String reason(int status) {
        return switch (status) {
            // Netty has the names of RFC 2616 and RFC 4918.
            case 413 -> "Content Too Large";
            case 414 -> "URI Too Long";
            case 422 -> "Unprocessable Content";
            default -> HttpResponseStatus.valueOf(status).reasonPhrase();
        };
    }
}
