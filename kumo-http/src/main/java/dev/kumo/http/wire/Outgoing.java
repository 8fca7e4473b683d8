package dev.kumo.http.wire;

import dev.kumo.http.answer.Answer;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.DateFormatter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.time.Instant;
import java.util.Date;
import org.jspecify.annotations.Nullable;

/** An answer as it goes out: compressed if the client takes that, and with the fields that are the listener's to set. */
final class Outgoing {

    private final Answer answer;
    private final Encoding encoding;
    private final byte[] body;

    private Outgoing(Answer answer, Encoding encoding, byte[] body) {
        this.answer = answer;
        this.encoding = encoding;
        this.body = body;
    }

    /** As plain as it is, which takes no time. */
    static Outgoing plain(Answer answer) {
        return new Outgoing(answer, Encoding.IDENTITY, answer.body());
    }

    /** Compressed if the client takes that; not on an event loop, as others would wait for it. */
    static Outgoing encoded(Answer answer, RequestHead head) {
        Encoding encoding = Encoding.chosen(head.headers(), answer);
        return encoding == Encoding.IDENTITY
                ? plain(answer)
                : new Outgoing(answer, encoding, encoding.compress(answer.body()));
    }

    int status() {
        return answer.status();
    }

    /**
     * As it is written.
     *
     * @param head null if it could not be read
     * @param last whether the connection of HTTP/1.1 ends with it
     */
    FullHttpResponse response(@Nullable RequestHead head, boolean http2, boolean last, Instant now) {
        boolean bodyless = head != null && head.bodyless();
        FullHttpResponse out = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(answer.status()),
                bodyless ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(body));
        HttpHeaders headers = out.headers();
        headers.set(HttpHeaderNames.DATE, DateFormatter.format(Date.from(now)));
        headers.set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE);
        headers.set("x-content-type-options", "nosniff");
        answer.headers().forEach(field -> {
            if (field.getKey().equalsIgnoreCase("cache-control")) {
                headers.remove(HttpHeaderNames.CACHE_CONTROL);
            }
        });
        answer.headers().forEach(field -> headers.add(field.getKey(), field.getValue()));
        if (answer.status() != 204 && answer.status() != 304) {
            headers.set(HttpHeaderNames.CONTENT_LENGTH, body.length);
        }
        if (encoding != Encoding.IDENTITY) {
            headers.set(HttpHeaderNames.CONTENT_ENCODING, encoding.token());
        }
        if (answer.body().length > 0) {
            headers.add(HttpHeaderNames.VARY, HttpHeaderNames.ACCEPT_ENCODING);
        }
        if (!http2) {
            // Said either way, as a client of HTTP/1.0 takes silence for the end.
            headers.set(HttpHeaderNames.CONNECTION, last ? HttpHeaderValues.CLOSE : HttpHeaderValues.KEEP_ALIVE);
        }
        return out;
    }
}
