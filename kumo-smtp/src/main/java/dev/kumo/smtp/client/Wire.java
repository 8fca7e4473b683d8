package dev.kumo.smtp.client;

import dev.kumo.core.log.Attempt;
import dev.kumo.core.net.DurationText;
import dev.kumo.tls.ClientTls;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledFuture;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

/**
 * A connection as lines and replies. Every step has its time, and whatever ends one early is a {@link BrokenLinkException}
 * that closes the socket.
 */
final class Wire {

    private static final Duration FAREWELL = Duration.ofSeconds(2);

    private interface Step<T> {
        T run() throws IOException;
    }

    private final Watchdog watchdog;
    private final Socket socket;
    private final ByteArrayOutputStream unsent = new ByteArrayOutputStream(1024);
    private Socket secured;
    private ReplyReader replies;
    private OutputStream out;
    private Optional<Attempt.Tls> tls = Optional.empty();
    private volatile boolean late;

    private Wire(Socket socket, Watchdog watchdog) throws IOException {
        this.socket = socket;
        this.watchdog = watchdog;
        this.secured = socket;
        this.replies = new ReplyReader(socket.getInputStream());
        this.out = socket.getOutputStream();
    }

    /** Connects. An address to send from that this machine does not have is an error, never a reason to use another. */
    static Wire connect(InetSocketAddress address, Optional<InetAddress> source, Duration patience, Watchdog watchdog)
            throws BrokenLinkException {
        Socket socket = new Socket();
        try {
            if (source.isPresent()) {
                socket.bind(new InetSocketAddress(source.get(), 0));
            }
            socket.connect(address, (int) Math.min(Integer.MAX_VALUE, Math.max(1, patience.toMillis())));
            socket.setTcpNoDelay(true); // commands leave in groups already
            return new Wire(socket, watchdog);
        } catch (IOException e) {
            drop(socket);
            String what = e instanceof SocketTimeoutException
                    ? "no connection within " + DurationText.format(patience)
                    : String.valueOf(e.getMessage());
            throw new BrokenLinkException(451, "4.4.1", what, e);
        }
    }

    InetSocketAddress localAddress() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    /** How it is encrypted, if it is. */
    Optional<Attempt.Tls> tls() {
        return tls;
    }

    /** Says a line with the next {@link #reply} that is waited for. */
    void say(String line) {
        unsent.writeBytes(line.getBytes(StandardCharsets.UTF_8));
        unsent.write('\r');
        unsent.write('\n');
    }

    /** Sends what was said, and waits for the next reply. */
    ServerReply reply(String command, Duration patience) throws BrokenLinkException {
        return within(patience, command, () -> {
            sendUnsent();
            return replies.read();
        });
    }

    /** Where content goes, in blocks: each has its time, and so have all of them together from now on. */
    OutputStream content(Duration patience, Duration total) {
        long end = System.nanoTime() + total.toNanos();
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                Duration left = Duration.ofNanos(end - System.nanoTime());
                boolean ends = left.compareTo(patience) < 0;
                within(ends ? left : patience, ends ? total : patience, "the content", () -> {
                    sendUnsent();
                    out.write(bytes, offset, length);
                    return true;
                });
            }
        };
    }

    /** Sends what was said, without waiting for anything. */
    void flush(Duration patience) throws BrokenLinkException {
        within(patience, "what was sent", () -> {
            sendUnsent();
            return true;
        });
    }

    private void sendUnsent() throws IOException {
        if (unsent.size() > 0) {
            unsent.writeTo(out);
            unsent.reset();
        }
    }

    /** Whether the far side has said something unasked, as a server does that is about to close. */
    boolean hasUnsolicited() throws BrokenLinkException {
        // Below TLS a record may be waiting that says nothing, such as a ticket; but then one read too few is cheaper
        // than a
        // message lost in a connection that ends.
        return within(
                FAREWELL,
                "nothing",
                () -> replies.hasMore() || socket.getInputStream().available() > 0);
    }

    /**
     * Goes over to TLS, RFC 3207.
     *
     * @throws BrokenLinkException if something in clear follows the reply to STARTTLS, as only an injector would send it; a
     *     {@link BrokenLinkException.Handshake} if the handshake fails
     */
    void secure(ClientTls clientTls, String host, boolean verify, Duration patience) throws BrokenLinkException {
        boolean injected = within(patience, "STARTTLS", () -> replies.hasMore());
        if (injected) {
            close();
            throw new BrokenLinkException(
                    451, "4.7.0", "commands in clear came after STARTTLS", new ProtocolException("injection"));
        }
        try {
            within(patience, "the handshake", () -> {
                SSLSocket upgraded = clientTls.secure(socket, host, verify);
                secured = upgraded;
                upgraded.startHandshake();
                replies = new ReplyReader(upgraded.getInputStream());
                out = upgraded.getOutputStream();
                tls = Optional.of(facts(upgraded.getSession()));
                return true;
            });
        } catch (BrokenLinkException e) {
            throw new BrokenLinkException.Handshake(e);
        }
    }

    private static Attempt.Tls facts(SSLSession session) {
        String subject = "";
        try {
            subject = session.getPeerPrincipal().getName();
        } catch (SSLPeerUnverifiedException anonymous) {
            // Empty, as documented.
        }
        return new Attempt.Tls(session.getProtocol(), session.getCipherSuite(), subject);
    }

    private <T> T within(Duration patience, String command, Step<T> step) throws BrokenLinkException {
        return within(patience, patience, command, step);
    }

    private <T> T within(Duration patience, Duration told, String command, Step<T> step) throws BrokenLinkException {
        ScheduledFuture<?> alarm = watchdog.after(patience, () -> {
            late = true;
            drop(socket); // not the TLS on top, whose close may wait for a write that is stuck
        });
        try {
            return step.run();
        } catch (IOException e) {
            drop(socket);
            if (late) {
                String text = "no answer to " + command + " within " + DurationText.format(told);
                throw new BrokenLinkException(421, "4.4.2", text, e);
            }
            if (e instanceof BrokenLinkException broken) {
                throw broken;
            }
            throw new BrokenLinkException(
                    451, "4.4.2", "the connection broke at " + command + ": " + e.getMessage(), e);
        } finally {
            alarm.cancel(false);
        }
    }

    /** Says QUIT, waits a moment for its reply, and closes. */
    void quit() {
        try {
            say("QUIT");
            reply("QUIT", FAREWELL);
            if (tls.isPresent()) {
                within(FAREWELL, "the end of TLS", () -> {
                    secured.shutdownOutput(); // closing it would wait for the far side to do the same
                    return true;
                });
            }
        } catch (BrokenLinkException gone) {
            // As it was to be.
        }
        close();
    }

    boolean isClosed() {
        return socket.isClosed();
    }

    void close() {
        drop(socket);
    }

    private static void drop(Socket socket) {
        try {
            socket.close();
        } catch (IOException closed) {
            // There is nothing left to be done.
        }
    }
}
