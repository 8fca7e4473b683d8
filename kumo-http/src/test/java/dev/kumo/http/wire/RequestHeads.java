package dev.kumo.http.wire;

import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;

/** Requests as they would have come. */
public final class RequestHeads {

    private RequestHeads() {}

    /** One with fields, each a name and a value. */
    public static RequestHead get(String path, String... fields) {
        HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, path);
        for (int i = 0; i < fields.length; i += 2) {
            request.headers().add(fields[i], fields[i + 1]);
        }
        return RequestHead.of(request, false, 100);
    }
}
