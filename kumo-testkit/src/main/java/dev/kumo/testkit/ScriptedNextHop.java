package dev.kumo.testkit;

import dev.kumo.core.net.HostPort;
import dev.kumo.core.net.IpLiteral;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The far side of a delivery, as a script has it: a server on a free port of the loopback address that says what it is told to,
 * and fails as servers in the world fail.
 *
 * <pre>{@code
 * @RegisterExtension
 * final ScriptedNextHop hop = ScriptedNextHop.playing("""
 *         S: 220 mx.example.com
 *         C: EHLO *
 *         S: 250 mx.example.com
 *         C: MAIL FROM:<a@example.org>
 *         S: 451 4.7.1 come back later
 *         C: QUIT
 *         S: 221 bye
 *         """);
 * }</pre>
 *
 * <p>A script has a line for each line on the wire, with the escapes of {@link SmtpDialogue}:
 *
 * <ul>
 *   <li>{@code S:} and a line that is said. Lines that follow each other leave together.
 *   <li>{@code C:} and the line that the client has to say. A {@code *} at its end matches any rest.
 *   <li>{@code C: (content)}: lines up to a lone dot, see {@link #contents}.
 *   <li>{@code C: (chunk)}: as many octets as the BDAT before it has said, see {@link #contents}.
 *   <li>{@code C: (closed)}: the client closes the connection.
 *   <li>{@code S: (tls)}: a TLS handshake, with the context that was given; {@code S: (tls fails)}: one that has to fail.
 *   <li>{@code S: (drop)}: the connection is closed; so it is at the end of a script.
 *   <li>{@code S: (stall)}: nothing is read or said, until {@link #verify} is called.
 *   <li>Empty lines, and those that begin with {@code #}, say nothing.
 * </ul>
 *
 * <p>Each connection plays the next script, and one that comes after all of them fails. Where a client says anything else, the
 * connection is closed, and {@link #verify} tells what was wrong; after a test, JUnit calls that for an extension.
 */
public final class ScriptedNextHop implements AfterEachCallback, AutoCloseable {

    private static final long PATIENCE_SECONDS = 20;

    private final List<NextHopScript> scripts;
    private final @Nullable SSLContext tls;
    private final ServerSocket server;
    private final Thread acceptor;
    private final List<Thread> players = new ArrayList<>();
    private final List<NextHopPlayer> played = new ArrayList<>();
    private final List<String> errors = new ArrayList<>();

    private ScriptedNextHop(@Nullable SSLContext tls, List<String> scripts) {
        this.scripts = scripts.stream().map(NextHopScript::parse).toList();
        this.tls = tls;
        try {
            server = new ServerSocket(0, 50, IpLiteral.parse("127.0.0.1"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        acceptor = thread("next-hop-" + server.getLocalPort(), this::accept);
    }

    /**
     * A server without TLS, which is open at once.
     *
     * @param scripts one for each connection, in their order
     * @return the server
     * @throws IllegalArgumentException if a line is none of a script
     */
    public static ScriptedNextHop playing(String... scripts) {
        return new ScriptedNextHop(null, List.of(scripts));
    }

    /**
     * A server with TLS, which is open at once.
     *
     * @param tls what {@code (tls)} is done with, such as that of {@link TestCertificates}
     * @param scripts one for each connection, in their order
     * @return the server
     * @throws IllegalArgumentException if a line is none of a script
     */
    public static ScriptedNextHop playing(SSLContext tls, String... scripts) {
        return new ScriptedNextHop(tls, List.of(scripts));
    }

    private static Thread thread(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void accept() {
        while (true) {
            try {
                play(server.accept());
            } catch (IOException closed) {
                return;
            }
        }
    }

    private synchronized void play(Socket socket) throws IOException {
        if (played.size() == scripts.size()) {
            errors.add("connection " + (played.size() + 1) + " has no script");
            socket.close();
            return;
        }
        NextHopPlayer player = new NextHopPlayer(scripts.get(played.size()), socket, tls);
        played.add(player);
        players.add(thread("next-hop-" + server.getLocalPort() + "-" + played.size(), player));
    }

    /**
     * Where it listens.
     *
     * @return a port of 127.0.0.1
     */
    public int port() {
        return server.getLocalPort();
    }

    /**
     * Where it listens.
     *
     * @return 127.0.0.1 and its port
     */
    public HostPort address() {
        return new HostPort("127.0.0.1", port());
    }

    /**
     * How many connections have been made.
     *
     * @return 0 or more
     */
    public synchronized int connections() {
        return played.size();
    }

    /**
     * What clients have said, connection by connection, without content.
     *
     * @return lines without CRLF
     */
    public synchronized List<String> said() {
        return played.stream().flatMap(player -> player.said().stream()).toList();
    }

    /**
     * The contents that have come, each as it was on the wire: dots stuffed, and after DATA without the lone dot.
     *
     * @return each octet as a char
     */
    public synchronized List<String> contents() {
        return played.stream().flatMap(player -> player.contents().stream()).toList();
    }

    /**
     * Waits until the connections that were made have ended, and looks whether all was as the scripts have it.
     *
     * @throws AssertionError if a client said anything else, or a script was not played to its end
     */
    public void verify() {
        List<Thread> all;
        synchronized (this) {
            all = List.copyOf(players);
            played.forEach(NextHopPlayer::release);
        }
        for (Thread thread : all) {
            try {
                thread.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted", e);
            }
        }
        synchronized (this) {
            List<String> wrong = new ArrayList<>(errors);
            for (int i = 0; i < scripts.size(); i++) {
                String place = "connection " + (i + 1) + ": ";
                if (i >= played.size()) {
                    wrong.add(place + "was not made");
                } else {
                    played.get(i).error().ifPresent(error -> wrong.add(place + error));
                }
            }
            if (!wrong.isEmpty()) {
                throw new AssertionError(String.join("\n", wrong));
            }
        }
    }

    /** Looks whether all was as the scripts have it, unless the test has failed already, and closes. */
    @Override
    public void afterEach(ExtensionContext context) {
        try {
            if (context.getExecutionException().isEmpty()) {
                verify();
            }
        } finally {
            close();
        }
    }

    /** Closes the port and all connections. */
    @Override
    public void close() {
        try {
            server.close();
            acceptor.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (this) {
            played.forEach(NextHopPlayer::stop);
        }
    }
}
