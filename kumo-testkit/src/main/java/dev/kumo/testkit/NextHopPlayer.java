package dev.kumo.testkit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** Plays one script over one connection. */
final class NextHopPlayer implements Runnable {

    private static final int PATIENCE_MILLIS = 20_000;

    private final NextHopScript script;
    private final Socket accepted;
    private final @Nullable SSLContext tls;
    private final List<String> said = new ArrayList<>();
    private final List<String> contents = new ArrayList<>();
    private Socket socket;
    private InputStream in;
    private OutputStream out;
    private String lastCommand = "";
    private final ByteArrayOutputStream unsent = new ByteArrayOutputStream();
    private final CountDownLatch released = new CountDownLatch(1);
    private volatile @Nullable String error = "did not come to its end";

    NextHopPlayer(NextHopScript script, Socket accepted, @Nullable SSLContext tls) throws IOException {
        this.script = script;
        this.accepted = accepted;
        this.tls = tls;
        this.socket = accepted;
        accepted.setSoTimeout(PATIENCE_MILLIS);
        this.in = new BufferedInputStream(accepted.getInputStream());
        this.out = accepted.getOutputStream();
    }

    @Override
    public void run() {
        try {
            for (NextHopScript.Step step : script.steps()) {
                String wrong = play(step);
                if (wrong != null) {
                    error = "line " + step.line() + " of the script, " + step.text() + ": " + wrong;
                    return;
                }
            }
            flush();
            error = null;
        } catch (IOException e) {
            error = "after '" + lastCommand + "': " + e;
        } finally {
            stop();
        }
    }

    /** What is wrong; null if nothing is. */
    private @Nullable String play(NextHopScript.Step step) throws IOException {
        if (step.act() == NextHopScript.Act.SAY) {
            unsent.writeBytes((step.text() + "\r\n").getBytes(StandardCharsets.UTF_8));
            return null;
        }
        flush();
        switch (step.act()) {
            case HEAR -> {
                return hear(step.text());
            }
            case CONTENT -> readContent();
            case CHUNK -> readChunk();
            case TLS -> handshake();
            case TLS_FAILS -> {
                return failHandshake();
            }
            case DROP -> {
                accepted.setSoLinger(true, 0); // as a broken connection, not as an ended one
                stop();
            }
            case STALL -> stall();
            default -> {
                return heardAfterAll();
            }
        }
        return null;
    }

    private @Nullable String hear(String expected) throws IOException {
        String line = readLine();
        if (line == null) {
            return "the client has closed the connection";
        }
        synchronized (this) {
            said.add(line);
        }
        lastCommand = line;
        boolean fits = expected.endsWith("*")
                ? line.startsWith(expected.substring(0, expected.length() - 1))
                : line.equals(expected);
        return fits ? null : "the client said " + Escapes.show(line);
    }

    private @Nullable String heardAfterAll() throws IOException {
        String line = readLine();
        return line == null ? null : "the client said " + Escapes.show(line);
    }

    /** Reads nothing, so that even what is written to it comes to stand still. */
    private void stall() throws IOException {
        try {
            if (!released.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new IOException("the client has not given up");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends a stall: the client has given up. */
    void release() {
        released.countDown();
    }

    private void handshake() throws IOException {
        if (tls == null) {
            throw new IOException("no certificate was given for (tls)");
        }
        SSLSocket secured = (SSLSocket) tls.getSocketFactory()
                .createSocket(accepted, accepted.getInetAddress().getHostAddress(), accepted.getPort(), true);
        secured.setUseClientMode(false);
        secured.startHandshake();
        socket = secured;
        in = new BufferedInputStream(secured.getInputStream());
        out = secured.getOutputStream();
    }

    private @Nullable String failHandshake() throws IOException {
        try {
            handshake();
            return in.read() < 0 ? null : "the handshake did not fail"; // TLS 1.3 tells the server after its own end
        } catch (SSLException failed) {
            return null;
        } catch (IOException closed) {
            return null;
        }
    }

    private void readContent() throws IOException {
        StringBuilder content = new StringBuilder();
        for (String line = readLine(); line == null || !line.equals("."); line = readLine()) {
            if (line == null) {
                throw new IOException("the client has closed the connection in content");
            }
            content.append(line).append("\r\n");
        }
        keep(content.toString());
    }

    private void readChunk() throws IOException {
        int size = Integer.parseInt(lastCommand.split(" ", -1)[1]);
        byte[] chunk = in.readNBytes(size);
        if (chunk.length < size) {
            throw new IOException("the client has closed the connection in a chunk");
        }
        keep(new String(chunk, StandardCharsets.ISO_8859_1));
    }

    private synchronized void keep(String content) {
        contents.add(content);
    }

    /** Up to CRLF, each octet as a char; null at the end. */
    private @Nullable String readLine() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0; c = in.read()) {
            if (c == '\n' && !line.isEmpty() && line.charAt(line.length() - 1) == '\r') {
                return line.substring(0, line.length() - 1);
            }
            line.append((char) c);
        }
        return line.isEmpty() ? null : line.toString();
    }

    private void flush() throws IOException {
        unsent.writeTo(out);
        unsent.reset();
        out.flush();
    }

    synchronized List<String> said() {
        return List.copyOf(said);
    }

    synchronized List<String> contents() {
        return List.copyOf(contents);
    }

    Optional<String> error() {
        return Optional.ofNullable(error);
    }

    void stop() {
        release();
        try {
            socket.close();
            accepted.close();
        } catch (IOException closed) {
            // There is nothing left to be done.
        }
    }
}
