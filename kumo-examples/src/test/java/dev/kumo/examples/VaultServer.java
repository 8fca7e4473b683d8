package dev.kumo.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.json.JsonMapper;

/** HashiCorp Vault as far as one who reads secrets can tell: key-value version 2, mounted at {@code secret}. */
final class VaultServer implements AutoCloseable {

    static final String TOKEN = "hvs.CAESIJtopsecret0123456789";

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Map<String, Map<String, String>> secrets = new ConcurrentHashMap<>();

    VaultServer() throws IOException {
        Thread thread = new Thread(this::serve, "vault");
        thread.setDaemon(true);
        thread.start();
    }

    String address() {
        return "http://127.0.0.1:" + socket.getLocalPort();
    }

    /** {@code vault kv put -mount=secret path field=value}. */
    VaultServer put(String path, String field, String value) {
        secrets.put("/v1/secret/data/" + path, Map.of(field, value));
        return this;
    }

    private void serve() {
        while (!socket.isClosed()) {
            try (Socket client = socket.accept()) {
                answer(client);
            } catch (IOException e) {
                // the client hung up, or the test is over
            }
        }
    }

    private void answer(Socket client) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(client.getInputStream(), UTF_8));
        String request = in.readLine();
        Map<String, String> headers = new HashMap<>();
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
            String[] header = line.split(": *", 2);
            headers.put(header[0].toLowerCase(Locale.ROOT), header[1]);
        }
        if (request == null) {
            return;
        }
        Map<String, String> secret = secrets.get(request.split(" ", 3)[1]);
        String reply;
        if (!TOKEN.equals(headers.get("x-vault-token"))) {
            reply = reply(403, Map.of("errors", new String[] {"permission denied"}));
        } else if (secret == null) {
            reply = reply(404, Map.of("errors", new String[0]));
        } else {
            reply = reply(200, Map.of("data", Map.of("data", secret, "metadata", Map.of("version", 1))));
        }
        client.getOutputStream().write(reply.getBytes(UTF_8));
    }

    private static String reply(int status, Map<String, ?> body) {
        String json = JSON.writeValueAsString(body);
        return "HTTP/1.1 " + status
                + " Status\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: "
                + json.getBytes(UTF_8).length + "\r\n\r\n" + json;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
