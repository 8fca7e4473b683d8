package dev.kumo.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client that knows no more of SMTP than that replies have lines. */
final class SocketClient implements AutoCloseable {

    private final Socket socket = new Socket();
    private final BufferedReader replies;

    SocketClient(InetSocketAddress server) throws IOException {
        socket.setSoTimeout(10_000);
        socket.connect(server);
        replies = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Sends a message, each step of which has to be answered with 2xx or 3xx. */
    static void send(InetSocketAddress server, String from, String to, String... lines) throws IOException {
        try (SocketClient client = new SocketClient(server)) {
            client.hear();
            client.say("EHLO client.example");
            client.say("MAIL FROM:<" + from + ">");
            client.say("RCPT TO:<" + to + ">");
            client.say("DATA");
            client.say(String.join("\r\n", lines) + "\r\n.");
            client.say("QUIT");
        }
    }

    private void say(String text) throws IOException {
        socket.getOutputStream().write((text + "\r\n").getBytes(StandardCharsets.UTF_8));
        hear();
    }

    private void hear() throws IOException {
        String line = replies.readLine();
        while (line != null && line.charAt(3) == '-') {
            line = replies.readLine();
        }
        assertThat(line).isNotNull().matches("[23].*");
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
