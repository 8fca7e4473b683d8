package dev.kumo.testkit;

import dev.kumo.core.Mta;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.MessageId;
import dev.kumo.core.spool.Spool;
import dev.kumo.smtp.server.EsmtpListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A whole MTA for the length of a test: a real listener on a free port, a spool in memory that keeps what arrives, and
 * a clock that the test moves.
 *
 * <pre>{@code
 * @RegisterExtension
 * final TestMta mta = TestMta.listening(listener -> listener.domain("example.com", domain -> domain.relayTo(true)));
 *
 * @Test
 * void welcomesNewCustomers() {
 *     new Shop("127.0.0.1", mta.port()).register("jane@example.com");
 *
 *     assertThat(mta.messages()).singleElement().satisfies(message ->
 *             assertThat(message.headers().first("Subject")).hasValue("Welcome"));
 * }
 * }</pre>
 */
public final class TestMta implements BeforeEachCallback, AfterEachCallback, AutoCloseable {

    private final Consumer<EsmtpListener.Builder> changes;
    private final boolean withPort;
    private final TestClock clock = new TestClock();
    private @Nullable EsmtpListener listener;
    private @Nullable Spool spool;
    private @Nullable Mta mta;

    private TestMta(Consumer<EsmtpListener.Builder> changes, boolean withPort) {
        this.changes = changes;
        this.withPort = withPort;
    }

    /**
     * An MTA with a listener on a free port of the loopback address.
     *
     * @param changes changes the listener's defaults; its host name is {@code mail.example.com}, and clients on the
     *     loopback address may relay
     * @return the extension
     */
    public static TestMta listening(Consumer<EsmtpListener.Builder> changes) {
        return new TestMta(changes, true);
    }

    /**
     * An MTA without any port, to be reached by {@link #dialogue} only.
     *
     * @param changes changes the listener's defaults
     * @return the extension
     */
    public static TestMta withoutPort(Consumer<EsmtpListener.Builder> changes) {
        return new TestMta(changes, false);
    }

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        start();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        close();
    }

    /**
     * Starts the MTA, where it is not used as an extension.
     *
     * @throws IOException if no port can be bound
     */
    public void start() throws IOException {
        EsmtpListener.Builder builder = EsmtpListener.builder()
                .listen("127.0.0.1:0")
                .hostname("mail.example.com")
                .time(clock)
                .limits(limits -> limits.closeGracePeriod(Duration.ZERO));
        changes.accept(builder);
        EsmtpListener built = builder.build();
        Spool inbox = Spool.inMemory();
        Mta.Builder composition = Mta.builder().spool(inbox).time(clock);
        if (withPort) {
            composition.listener(built);
        }
        Mta composed = composition.build();
        composed.start();
        listener = built;
        spool = inbox;
        mta = composed;
    }

    /** Stops the MTA and forgets what arrived. */
    @Override
    public void close() {
        if (mta != null) {
            mta.close();
            mta = null;
        }
    }

    /**
     * What has arrived.
     *
     * @return one message per recipient, in order
     */
    public List<Message> messages() {
        Spool inbox = running(spool);
        try {
            return inbox.enumerate()
                    .map(id -> load(inbox, id))
                    .flatMap(Optional::stream)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<Message> load(Spool spool, MessageId id) {
        try {
            return spool.load(id);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Where the listener is.
     *
     * @return its address and port
     * @throws IllegalStateException if the MTA does not run or has no port
     */
    public InetSocketAddress address() {
        return running(listener).address();
    }

    /**
     * The port of the listener, on the loopback address.
     *
     * @return the port
     * @throws IllegalStateException if the MTA does not run or has no port
     */
    public int port() {
        return address().getPort();
    }

    /**
     * The clock of the MTA.
     *
     * @return stands still until it is moved
     */
    public TestClock clock() {
        return clock;
    }

    /**
     * A dialogue with the listener's rules, without a socket. What it hands over is in
     * {@link SmtpDialogue#received()}, not in {@link #messages()}.
     *
     * @return a stranger's dialogue
     */
    public SmtpDialogue dialogue() {
        return SmtpDialogue.with(running(listener));
    }

    private static <T> T running(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("the MTA does not run; register it as an extension or call start()");
        }
        return part;
    }
}
