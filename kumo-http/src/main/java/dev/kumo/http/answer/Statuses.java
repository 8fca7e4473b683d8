package dev.kumo.http.answer;

import io.netty.handler.codec.http.HttpResponseStatus;

/** What a status is called, RFC 9110 section 15. */
final class Statuses {

    private Statuses() {}

    static String reason(int status) {
        return HttpResponseStatus.valueOf(status).reasonPhrase();
    }
}
