package dev.kumo.smtp.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** An SMTP client on a socket, which waits for each answer. */
final class Client implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 20_000;

    final Socket socket = new Socket();
    private final BufferedReader answers;

    private Client(InetSocketAddress server) throws IOException {
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        socket.connect(server, PATIENCE_MILLIS);
        answers = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    static Client of(EsmtpListener listener) throws IOException {
        return new Client(listener.address());
    }

    static Client of(InetAddress host, EsmtpListener listener) throws IOException {
        return new Client(new InetSocketAddress(host, listener.address().getPort()));
    }

    /** Connects and hears the greeting. */
    static Client greetedBy(EsmtpListener listener) throws IOException {
        Client client = of(listener);
        client.answer();
        return client;
    }

    Client send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /** The next line of the server; null at the end of the connection. */
    String line() throws IOException {
        return answers.readLine();
    }

    /** The last line of the next reply; null at the end of the connection. */
    String answer() throws IOException {
        String line = line();
        while (line != null && line.charAt(3) == '-') {
            line = line();
        }
        return line;
    }

    String ask(String command) throws IOException {
        return send(command + "\r\n").answer();
    }

    /** Goes on to the content, which it has not sent. */
    Client begin() throws IOException {
        send(Wire.BEGIN);
        for (int i = 0; i < 4; i++) {
            answer();
        }
        return this;
    }

    /** Goes before it is closed. */
    void leave() throws IOException {
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
