package dev.kumo.core.log.webhook;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A web server that keeps what it is sent, and answers 200 or what it was told to. One request in each connection. */
final class HookServer implements AutoCloseable {

    record Request(String line, Map<String, String> header, String body) {}

    private final ServerSocket port = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    private final Queue<Integer> codes = new ConcurrentLinkedQueue<>();
    private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();

    HookServer() throws IOException {
        Thread thread = new Thread(this::run, "hook-server");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return port.getLocalPort();
    }

    void answers(Integer... next) {
        codes.addAll(List.of(next));
    }

    /** The next request, once it has been answered. */
    Request next() throws InterruptedException {
        return requests.poll(30, TimeUnit.SECONDS);
    }

    boolean hasHeardMore() {
        return !requests.isEmpty();
    }

    private void run() {
        try {
            while (true) {
                try (Socket socket = port.accept()) {
                    Request request = read(new DataInputStream(socket.getInputStream()));
                    Integer code = codes.poll();
                    socket.getOutputStream()
                            .write(("HTTP/1.1 " + (code == null ? 200 : code)
                                            + " x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                                    .getBytes(StandardCharsets.US_ASCII));
                    requests.add(request);
                }
            }
        } catch (IOException e) {
            if (!port.isClosed()) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @SuppressWarnings("deprecation") // it reads lines of ASCII, and bytes after them
    private static Request read(DataInputStream in) throws IOException {
        String first = in.readLine();
        Map<String, String> header = new TreeMap<>();
        for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
            int colon = line.indexOf(':');
            header.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        byte[] body = in.readNBytes(Integer.parseInt(header.get("content-length")));
        return new Request(first, header, new String(body, StandardCharsets.UTF_8));
    }

    @Override
    public void close() throws IOException {
        port.close();
    }
}
