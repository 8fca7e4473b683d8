package dev.kumo.http;

import java.io.IOException;
import java.util.function.Consumer;

/** A listener on a free port, for as long as a test lasts. */
final class Served implements AutoCloseable {

    final Inbox inbox = new Inbox();
    final HttpListener listener;

    Served(Consumer<HttpListener.Builder> changes) throws IOException {
        HttpListener.Builder builder =
                HttpListener.builder().listen("127.0.0.1:0").hostname("mail.example.com");
        builder.route(Method.GET, "/hello", Access.OPEN, request -> Response.text(200, "hello"));
        builder.route(
                Method.POST,
                "/echo",
                Access.OPEN,
                request -> Response.of(200, "application/octet-stream", request.body()));
        changes.accept(builder);
        listener = builder.build();
        listener.open(inbox);
    }

    RawClient client() throws IOException {
        return new RawClient(listener.address());
    }

    /** One request in, one answer out, on a connection of its own. */
    RawClient.Reply ask(String request) throws IOException {
        try (RawClient client = client()) {
            return client.send(request).reply();
        }
    }

    String url(String path) {
        return (listener.options().useTls() ? "https" : "http") + "://localhost:"
                + listener.address().getPort() + path;
    }

    @Override
    public void close() {
        listener.close();
    }
}
