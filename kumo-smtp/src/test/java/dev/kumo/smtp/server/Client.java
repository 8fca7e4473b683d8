package dev.kumo.smtp.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** An SMTP client on a socket, which waits for each answer. */
final class Client implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 20_000;

    final Socket socket;
    private final BufferedReader answers;

    private Client(Socket connected) throws IOException {
        socket = connected;
        answers = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    private static Client connect(InetSocketAddress server) throws IOException {
        return connect(new Socket(), server);
    }

    private static Client connect(Socket socket, InetSocketAddress server) throws IOException {
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        socket.connect(server, PATIENCE_MILLIS);
        return new Client(socket);
    }

    static Client of(EsmtpListener listener) throws IOException {
        return connect(listener.address());
    }

    static Client of(InetAddress host, EsmtpListener listener) throws IOException {
        return connect(new InetSocketAddress(host, listener.address().getPort()));
    }

    /** A client that hardly takes anything it does not read. */
    static Client narrow(EsmtpListener listener) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4096);
        Client client = connect(socket, listener.address());
        client.answer();
        return client;
    }

    /** Connects and hears the greeting. */
    static Client greetedBy(EsmtpListener listener) throws IOException {
        Client client = of(listener);
        client.answer();
        return client;
    }

    /** Asks for TLS, and goes on under it. */
    Client startTls(SSLContext context, String... protocols) throws IOException {
        ask("EHLO client.example");
        assertThat(ask("STARTTLS")).isEqualTo("220 2.0.0 begin TLS");
        return secured(context, "", protocols);
    }

    /** Shakes hands at once, asking for a name unless that is empty. */
    Client secured(SSLContext context, String name, String... protocols) throws IOException {
        SSLSocket tls = (SSLSocket) context.getSocketFactory().createSocket(socket, null, socket.getPort(), true);
        SSLParameters parameters = tls.getSSLParameters();
        if (protocols.length > 0) {
            parameters.setProtocols(protocols);
        }
        if (!name.isEmpty()) {
            parameters.setServerNames(List.of(new SNIHostName(name)));
        }
        tls.setSSLParameters(parameters);
        tls.startHandshake();
        return new Client(tls);
    }

    /** The certificate that the server has shown. */
    X509Certificate shown() throws IOException {
        return (X509Certificate) ((SSLSocket) socket).getSession().getPeerCertificates()[0];
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
