package dev.kumo.testkit;

import dev.kumo.core.Listener;
import dev.kumo.core.Mta;
import dev.kumo.core.Reception;
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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A whole MTA for the length of a test: a real listener on a free port, an inbox in memory that keeps what arrives, and
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
 *     assertThat(mta.messages()).singleElement(MESSAGE).hasRecipients("jane@example.com").hasSubject("Welcome");
 * }
 * }</pre>
 *
 * <p>A message is in the inbox before the client hears 250, so no test has to wait for it. Every test method begins with
 * an empty inbox, a new port and the clock at its start. Elsewhere than in JUnit:
 *
 * <pre>{@code
 * try (TestMta mta = TestMta.listening(listener -> {}).start()) {
 *     ...
 * }
 * }</pre>
 */
public final class TestMta implements BeforeEachCallback, AfterEachCallback, AutoCloseable {

    private final Consumer<EsmtpListener.Builder> changes;
    private final boolean withPort;
    private final TestClock clock = new TestClock();
    private final HeardRecords log = new HeardRecords();
    private @Nullable Running running;

    private record Running(EsmtpListener listener, InProcess inside, Spool inbox, Mta mta) {}

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
     * @param changes changes the listener's defaults, which are those of {@link #listening}
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
     * @return this
     * @throws IOException if no port can be bound
     * @throws IllegalStateException if it runs already
     */
    public TestMta start() throws IOException {
        if (running != null) {
            throw new IllegalStateException("this TestMta runs already; JUnit starts one that is an extension");
        }
        clock.reset();
        log.forget();
        EsmtpListener.Builder builder = EsmtpListener.builder()
                .listen("127.0.0.1:0")
                .hostname("mail.example.com")
                .time(clock)
                .limits(limits -> limits.closeGracePeriod(Duration.ZERO));
        changes.accept(builder);
        EsmtpListener listener = builder.build();
        InProcess inside = new InProcess();
        Spool inbox = Spool.inMemory();
        Mta.Builder composition =
                Mta.builder().listener(inside).spool(inbox).observer(log).time(clock);
        Mta mta = (withPort ? composition.listener(listener) : composition).build();
        mta.start();
        running = new Running(listener, inside, inbox, mta);
        return this;
    }

    /** Stops the MTA and forgets what arrived. Does nothing if it does not run. */
    @Override
    public void close() {
        if (running != null) {
            running.mta().close();
            running = null;
        }
    }

    /**
     * What has arrived, by the port or in a {@link #dialogue}.
     *
     * @return one message per recipient, in order
     * @throws IllegalStateException if the MTA does not run
     */
    public List<Message> messages() {
        Spool inbox = running().inbox();
        try (Stream<Spool.Stored> stored = inbox.enumerate()) {
            return stored.map(each -> load(inbox, each.id()))
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
        EsmtpListener listener = running().listener();
        if (!withPort) {
            throw new IllegalStateException("this TestMta has no port; make it with TestMta.listening");
        }
        return listener.address();
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
     * @return stands still until it is moved; at {@link TestClock#START} whenever the MTA starts
     */
    public TestClock clock() {
        return clock;
    }

    /**
     * What the MTA tells of messages and refusals.
     *
     * @return empty whenever the MTA starts
     */
    public HeardRecords log() {
        return log;
    }

    /**
     * A dialogue with the listener, without a socket.
     *
     * @return a stranger's dialogue
     * @throws IllegalStateException if the MTA does not run
     */
    public SmtpDialogue dialogue() {
        return SmtpDialogue.with(running().listener(), running().inside().reception());
    }

    private Running running() {
        if (running == null) {
            throw new IllegalStateException(
                    "this TestMta does not run; make it a @RegisterExtension field, or call start()");
        }
        return running;
    }

    /** The way into the MTA for dialogues. */
    private static final class InProcess implements Listener {

        private @Nullable Reception reception;

        @Override
        public void open(Reception hall) {
            reception = hall;
        }

        Reception reception() {
            if (reception == null) {
                throw new IllegalStateException("not open");
            }
            return reception;
        }

        @Override
        public void close() {}
    }
}
