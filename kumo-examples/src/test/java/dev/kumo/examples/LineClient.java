package dev.kumo.examples;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Sends one message over a socket, as an application would that knows just enough SMTP. */
final class LineClient {

    private LineClient() {}

    /** Returns the last reply: the one to the content, or the first that refuses. */
    static String send(InetSocketAddress server, String from, String to, String content) throws IOException {
        try (Socket socket = new Socket(server.getAddress(), server.getPort())) {
            socket.setSoTimeout(10_000);
            BufferedReader replies =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            String reply = reply(replies);
            String[] steps = {
                "EHLO client.example", "MAIL FROM:<" + from + ">", "RCPT TO:<" + to + ">", "DATA", content + "\r\n."
            };
            for (String step : steps) {
                if (reply.charAt(0) > '3') {
                    break;
                }
                socket.getOutputStream().write((step + "\r\n").getBytes(StandardCharsets.UTF_8));
                reply = reply(replies);
            }
            return reply;
        }
    }

    private static String reply(BufferedReader replies) throws IOException {
        String line = replies.readLine();
        while (line != null && line.charAt(3) == '-') {
            line = replies.readLine();
        }
        if (line == null) {
            throw new IOException("the server has closed the connection");
        }
        return line;
    }
}
