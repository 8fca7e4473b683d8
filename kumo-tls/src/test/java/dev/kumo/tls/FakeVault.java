package dev.kumo.tls;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLContext;
import tools.jackson.databind.json.JsonMapper;

/**
 * Vault's key-value engine, version 2, as far as one GET needs it, on a real socket. It is strict: a request that Vault
 * would refuse, it refuses. What goes wrong is scripted, one reply for one request.
 */
final class FakeVault implements AutoCloseable {

    static final String TOKEN = "hvs.CAESIJtopsecret0123456789";

    private final ServerSocket socket;
    private final Map<String, Map<String, ?>> secrets = new ConcurrentHashMap<>();
    private final Queue<Reply> script = new ArrayDeque<>();
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    final List<Request> requests = new CopyOnWriteArrayList<>();
    volatile String namespace = "";

    /** A request as it came. */
    record Request(String line, Map<String, String> headers) {

        String path() {
            return line.split(" ", 3)[1];
        }
    }

    /** What to send, and whether the connection is then left open, as if more would come. */
    record Reply(String text, boolean stalls) {}

    private final String scheme;

    FakeVault() {
        this(ServerSocketFactory.getDefault(), "http");
    }

    /** One that speaks https. */
    FakeVault(SSLContext tls) {
        this(tls.getServerSocketFactory(), "https");
    }

    private FakeVault(ServerSocketFactory sockets, String scheme) {
        this.scheme = scheme;
        try {
            socket = sockets.createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread thread = new Thread(this::serve, "fake-vault");
        thread.setDaemon(true);
        thread.start();
    }

    String address() {
        return scheme + "://localhost:" + socket.getLocalPort();
    }

    /** {@code vault kv put -mount=mount path field=value}. */
    FakeVault put(String mount, String path, Map<String, ?> fields) {
        secrets.put("/v1/" + mount + "/data/" + path, fields);
        return this;
    }

    FakeVault next(int status, String body) {
        return next(status, "Content-Type: application/json\r\n", body);
    }

    FakeVault next(int status, String headers, String body) {
        return next(new Reply(http(status, headers, body), false));
    }

    synchronized FakeVault next(Reply reply) {
        script.add(reply);
        return this;
    }

    static String http(int status, String headers, String body) {
        return "HTTP/1.1 " + status + " Scripted\r\nConnection: close\r\n" + headers + "Content-Length: "
                + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body;
    }

    private void serve() {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                open.add(client);
                if (!answer(client)) {
                    client.close();
                }
            } catch (IOException e) {
                // the client hung up, or the test is over
            }
        }
    }

    private boolean answer(Socket client) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));
        String line = in.readLine();
        if (line == null) {
            return false;
        }
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String header = in.readLine(); header != null && !header.isEmpty(); header = in.readLine()) {
            String[] parts = header.split(": *", 2);
            headers.put(parts[0].toLowerCase(Locale.ROOT), parts[1]);
        }
        Request request = new Request(line, headers);
        requests.add(request);
        Reply reply = reply(request);
        OutputStream out = client.getOutputStream();
        out.write(reply.text().getBytes(StandardCharsets.UTF_8));
        out.flush();
        return reply.stalls();
    }

    private synchronized Reply reply(Request request) {
        Reply scripted = script.poll();
        return scripted != null ? scripted : new Reply(engine(request), false);
    }

    private String engine(Request request) {
        if (!request.line().matches("GET /v1/\\S+ HTTP/1\\.1")
                || !"true".equals(request.headers().get("X-Vault-Request"))
                || !namespace.equals(request.headers().getOrDefault("X-Vault-Namespace", ""))) {
            return http(400, "", "{\"errors\":[\"bad request\"]}");
        }
        if (!TOKEN.equals(request.headers().get("X-Vault-Token"))) {
            return http(403, "", "{\"errors\":[\"permission denied\"]}");
        }
        Map<String, ?> fields = secrets.get(request.path());
        return fields == null ? http(404, "", "{\"errors\":[]}") : http(200, "", envelope(fields));
    }

    static String envelope(Object fields) {
        String data = JsonMapper.builder().build().writeValueAsString(fields);
        return "{\"request_id\":\"2f0c\",\"lease_id\":\"\",\"renewable\":false,\"lease_duration\":0,\"data\":{\"data\":"
                + data
                + ",\"metadata\":{\"created_time\":\"2026-11-22T00:00:00Z\",\"custom_metadata\":null,\"deletion_time\":\"\","
                + "\"destroyed\":false,\"version\":1}},\"wrap_info\":null,\"warnings\":null,\"auth\":null}";
    }

    @Override
    public void close() {
        try {
            socket.close();
            for (Socket client : open) {
                client.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
