package dev.kumo.smtp.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.kumo.core.policy.Verdict;
import dev.kumo.smtp.server.Certificates.Issued;
import dev.kumo.tls.ServerTls.Provider;
import dev.kumo.tls.TlsException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** A listener that speaks TLS, on real sockets, with the clients of the JDK. */
@Timeout(60)
class TlsListenerTest {

    private static final Certificates CA = new Certificates();
    private static final Issued SERVER = CA.issue("mx.example");
    private static final SSLContext TRUSTING = CA.client();

    @TempDir
    Path directory;

    private final Set<EsmtpListener> opened = ConcurrentHashMap.newKeySet();
    private final ExecutorService background = Executors.newCachedThreadPool();
    private final Inbox inbox = new Inbox();

    @AfterEach
    void closeAll() throws InterruptedException {
        opened.forEach(EsmtpListener::close);
        background.shutdownNow();
        assertThat(background.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"JDK, TLSv1.2", "JDK, TLSv1.3", "OPENSSL, TLSv1.2", "OPENSSL, TLSv1.3"})
    void whatTlsAgreedOnIsPartOfTheMessage(Provider provider, String protocol) throws IOException {
        EsmtpListener listener = open(options -> options.tls(tls -> tls.provider(provider)));
        try (Client client = Client.greetedBy(listener).startTls(TRUSTING, protocol)) {
            assertThat(client.shown()).isEqualTo(SERVER.certificate());
            assertThat(client.begin().send(Wire.CONTENT).answer()).isEqualTo("250 2.0.0 OK");
        }
        assertThat(inbox.text(0)).contains("with ESMTPS");
        assertThat(meta("tls_protocol_version")).isEqualTo(protocol);
        assertThat(meta("tls_cipher")).startsWith("TLS_").contains("_GCM_");
        assertThat(inbox.messages.get(0).meta().get("tls_peer_subject_name")).isEmpty();
    }

    @Test
    void internationalMailUnderTlsIsSaidToBeBoth() throws IOException {
        EsmtpListener listener = open(options -> {});
        try (Client client = Client.greetedBy(listener).startTls(TRUSTING)) {
            client.ask("EHLO client.example");
            client.ask("MAIL FROM:<\u00fc@client.example> SMTPUTF8");
            client.ask("RCPT TO:<b@here.example>");
            client.ask("DATA");
            client.send(Wire.CONTENT).answer();
        }
        assertThat(inbox.text(0)).contains("with UTF8SMTPS");
    }

    @Test
    void aPolicyCanInsistOnTls() throws IOException {
        Policy policy = Policy.onMailFrom((peer, from) ->
                peer.tls().isPresent() ? Verdict.proceed() : Verdict.reject(530, "5.7.0", "STARTTLS first"));
        EsmtpListener listener = open(options -> options.policy(policy));
        try (Client client = Client.greetedBy(listener)) {
            client.ask("EHLO client.example");
            assertThat(client.ask("MAIL FROM:<a@client.example>")).isEqualTo("530 5.7.0 STARTTLS first");
            try (Client secured = client.startTls(TRUSTING)) {
                secured.ask("EHLO client.example");
                assertThat(secured.ask("MAIL FROM:<a@client.example>")).startsWith("250 ");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "OPENSSL"})
    void implicitTlsIsSpokenFromTheStart(Provider provider) throws IOException {
        EsmtpListener listener = open(options -> options.implicitTls(true).tls(tls -> tls.provider(provider)));
        try (Client client = Client.of(listener).secured(TRUSTING, "")) {
            assertThat(client.answer()).isEqualTo("220 mx.example ESMTP Kumo");
            assertThat(client.begin().send(Wire.CONTENT).answer()).isEqualTo("250 2.0.0 OK");
            assertThat(client.ask("QUIT")).startsWith("221 ");
            assertThat(client.line()).isNull();
        }
        assertThat(inbox.text(0)).contains("with ESMTPS");
    }

    @Test
    void implicitTlsSaysNothingInClearToOneClientTooMany() throws IOException {
        EsmtpListener listener = open(options -> options.implicitTls(true).maxConnections(1));
        try (Client first = Client.of(listener).secured(TRUSTING, "")) {
            first.answer();
            try (Client other = Client.of(listener)) {
                assertThat(other.line()).isNull();
            }
        }
        await("the place is free", () -> greetsUnderTls(listener));
    }

    @ParameterizedTest
    @CsvSource({"JDK, TLSv1.2", "JDK, TLSv1.3", "OPENSSL, TLSv1.2", "OPENSSL, TLSv1.3"})
    void aClientHasToShowACertificateWhereOneIsRequired(Provider provider, String protocol) throws IOException {
        EsmtpListener listener =
                open(options -> options.tlsRequiredClientCa(CA.authority()).tls(tls -> tls.provider(provider)));
        SSLContext known = CA.client(CA.issue("sender.example"));
        for (int i = 1; i <= 2; i++) { // the second resumes the first
            try (Client client = Client.greetedBy(listener).startTls(known, protocol)) {
                assertThat(client.begin().send(Wire.CONTENT).answer()).startsWith("250 ");
            }
            assertThat(inbox.messages).hasSize(i);
            assertThat(inbox.messages.get(i - 1).meta().get("tls_peer_subject_name"))
                    .contains(List.of("CN=sender.example"));
        }
        Certificates strangers = new Certificates();
        for (SSLContext other : List.of(TRUSTING, CA.client(strangers.issue("sender.example")))) {
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> {
                try (Client client = Client.greetedBy(listener).startTls(other, protocol)) {
                    if (client.ask("EHLO client.example") == null) {
                        throw new IOException("closed");
                    }
                }
            });
        }
    }

    @ParameterizedTest
    @CsvSource({
        "one.example, one.example",
        "TWO.example, *.example",
        "a.two.example, mx.example",
        "other.test, mx.example",
        "'', mx.example"
    })
    void theNameThatTheClientAsksForChoosesTheIdentity(String asked, String shown) throws IOException {
        EsmtpListener listener = open(options -> {
            for (String name : List.of("one.example", "*.example")) {
                Issued issued = CA.issue(name);
                options.sni(
                        name,
                        identity -> identity.tlsCertificate(issued.chain()).tlsPrivateKey(issued.privateKey()));
            }
        });
        try (Client client = Client.greetedBy(listener)) {
            client.ask("EHLO client.example");
            client.ask("STARTTLS");
            try (Client secured = client.secured(TRUSTING, asked)) {
                assertThat(secured.shown().getSubjectX500Principal().getName()).isEqualTo("CN=" + shown);
                assertThat(secured.ask("NOOP")).startsWith("250 ");
            }
        }
    }

    @Test
    void aNewCertificateIsForNewHandshakesAndOldConnectionsGoOn() throws IOException {
        Path certificate = directory.resolve("cert.pem");
        Path key = directory.resolve("key.pem");
        write(certificate, key, SERVER);
        EsmtpListener listener = openPlain(options -> options.tlsCertificate(certificate.toString())
                .tlsPrivateKey(key.toString())
                .tls(tls -> tls.fileInterval(Duration.ofDays(1))));
        Issued renewed = CA.issue("mx.example");
        try (Client old = Client.greetedBy(listener).startTls(TRUSTING)) {
            assertThat(listener.reloadTls()).isFalse();
            write(certificate, key, renewed);
            assertThat(listener.reloadTls()).isTrue();

            assertThat(old.shown()).isEqualTo(SERVER.certificate());
            assertThat(old.begin().send(Wire.CONTENT).answer()).startsWith("250 ");
            try (Client fresh = Client.greetedBy(listener).startTls(CA.client())) {
                assertThat(fresh.shown()).isEqualTo(renewed.certificate());
            }
        }
    }

    @Test
    void halfAnIdentityIsAnErrorThatNamesBothKeys() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Wire.builder(options -> options.tlsCertificate(SERVER.chain()))
                        .build())
                .withMessageContainingAll("tls_certificate", "tls_private_key");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Wire.builder(options -> options.tlsPrivateKey(SERVER.privateKey()))
                        .build())
                .withMessageContainingAll("tls_certificate", "tls_private_key");
    }

    @Test
    void aFileThatIsMissingIsNamedAndNothingStaysOpen() throws IOException {
        Set<String> before = threads();
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        EsmtpListener listener = Wire.builder(options -> options.listen("127.0.0.1:" + port)
                        .tlsCertificate(directory.resolve("none.pem").toString())
                        .tlsPrivateKey(SERVER.privateKey()))
                .build();

        assertThatExceptionOfType(TlsException.class)
                .isThrownBy(() -> listener.open(inbox))
                .withMessageContaining("none.pem");

        assertThatExceptionOfType(ConnectException.class)
                .isThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close());
        await("its threads are gone", () -> before.containsAll(threads()));
    }

    @Test
    void nothingIsWatchedWhereNothingCanChange() throws IOException {
        open(options -> {});
        assertThat(threads()).noneMatch(name -> name.startsWith("kumo-tls"));
    }

    @Test
    void itsThreadsAreGoneOnceItIsClosed() throws IOException {
        Set<String> before = threads();
        EsmtpListener listener = openPlain(options -> {}); // self-signed, to be renewed
        assertThat(threads()).anyMatch(name -> name.startsWith("kumo-tls"));

        listener.close();

        await("its threads are gone", () -> before.containsAll(threads()));
    }

    @Test
    void stalledHandshakesCostNoThreads() throws IOException {
        EsmtpListener listener = open(options -> {});
        List<Client> stalled = new ArrayList<>();
        try {
            for (int i = 0; i < 100; i++) {
                Client client = Client.greetedBy(listener);
                client.ask("EHLO client.example");
                client.ask("STARTTLS");
                client.socket.getOutputStream().write(new byte[] {0x16, 3, 1, 2, 0, 1});
                stalled.add(client);
            }
            assertThat(threads().size())
                    .isLessThanOrEqualTo(Runtime.getRuntime().availableProcessors());
            try (Client client = Client.greetedBy(listener).startTls(TRUSTING)) {
                assertThat(client.ask("NOOP")).startsWith("250 ");
            }
        } finally {
            for (Client client : stalled) {
                client.leave();
            }
        }
    }

    @Test
    void aStalledHandshakeIsClosedInTime() throws IOException {
        EsmtpListener listener = open(options -> options.clientTimeout(Duration.ofMillis(300)));
        try (Client client = Client.greetedBy(listener)) {
            client.ask("EHLO client.example");
            client.ask("STARTTLS");
            assertThat(client.line()).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "OPENSSL"})
    void aHandshakeThatFailsClosesAndIsNoErrorOfOurs(Provider provider) throws IOException {
        EsmtpListener listener = open(options -> options.tls(tls -> tls.provider(provider)));
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger ours = (Logger) LoggerFactory.getLogger(SmtpConnection.class);
        log.start();
        ours.addAppender(log);
        ours.setLevel(Level.DEBUG);
        try {
            try (Client client = Client.greetedBy(listener)) {
                client.ask("EHLO client.example");
                client.ask("STARTTLS");
                client.send("EHLO client.example\r\nMAIL FROM:<evil@client.example>\r\n");
                assertThat(endsWithoutAReply(client)).isTrue();
            }
            try (Client client = Client.greetedBy(listener)) {
                client.ask("EHLO client.example");
                client.ask("STARTTLS");
                assertThatExceptionOfType(SSLException.class)
                        .isThrownBy(() -> client.secured(new Certificates().client(), "")); // trusts somebody else
            }
            try (Client client = Client.greetedBy(listener).startTls(TRUSTING)) {
                assertThat(client.ask("NOOP")).startsWith("250 ");
            }
        } finally {
            ours.setLevel(null);
            ours.detachAppender(log);
        }
        assertThat(List.copyOf(log.list))
                .isNotEmpty()
                .allMatch(event -> event.getLevel().equals(Level.DEBUG));
    }

    @ParameterizedTest
    @CsvSource({"JDK, TLSv1.2", "JDK, TLSv1.3", "OPENSSL, TLSv1.2", "OPENSSL, TLSv1.3"})
    void aClientThatIsCutOffCanReadWhy(Provider provider, String protocol) throws Exception {
        EsmtpListener listener = open(
                options -> options.limits(limits -> limits.maxUnknownCommands(1).maxIdleCommands(10_000))
                        .tls(tls -> tls.provider(provider)));
        int answered = 2000;
        try (Client client = Client.narrow(listener).startTls(TRUSTING, protocol)) {
            client.send("NOOP\r\n".repeat(answered) + "x\r\nx\r\n"
                    + "x".repeat(1000).concat("\r\n").repeat(200));
            for (int i = 0; i < answered; i++) {
                assertThat(client.line()).isEqualTo("250 2.0.0 OK");
            }
            assertThat(client.line()).startsWith("500 ");
            assertThat(client.line()).isEqualTo("421 4.7.0 mx.example too many errors");
            assertThat(client.line()).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "OPENSSL"})
    void aClientWhoseMessageNeverEndsCanReadWhy(Provider provider) throws IOException {
        EsmtpListener listener = open(options -> options.maxMessageSize(1000).tls(tls -> tls.provider(provider)));
        try (Client client = Client.greetedBy(listener).startTls(TRUSTING)) {
            client.begin().send("never\r\n".repeat(500_000));
            assertThat(client.line()).startsWith("552 5.3.4 ");
            assertThat(client.line()).isNull();
        }
        assertThat(inbox.messages).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"JDK, TLSv1.2", "JDK, TLSv1.3", "OPENSSL, TLSv1.2", "OPENSSL, TLSv1.3"})
    void quitEndsTlsToo(Provider provider, String protocol) throws IOException {
        EsmtpListener listener = open(options -> options.tls(tls -> tls.provider(provider)));
        try (Client client = Client.greetedBy(listener).startTls(TRUSTING, protocol)) {
            assertThat(client.ask("QUIT")).startsWith("221 2.0.0 ");
            assertThat(client.socket.getInputStream().read()).isEqualTo(-1); // would throw without close_notify
        }
    }

    /** TLS 1.2 has no halves (RFC 5246 section 7.2.1), and OpenSSL's engine closes both. */
    @Test
    void aClientThatClosesItsSideStillGetsEveryAnswer() throws IOException {
        Policy elsewhere = Policy.onRcptTo((peer, to) -> Verdict.proceed());
        EsmtpListener listener = open(options -> options.policy(elsewhere).tls(tls -> tls.provider(Provider.JDK)));
        try (Client client = Client.greetedBy(listener).startTls(TRUSTING, "TLSv1.3")) {
            client.send(Wire.BEGIN + Wire.CONTENT).socket.shutdownOutput();
            for (String code : List.of("250", "250", "250", "354", "250")) {
                assertThat(client.answer()).startsWith(code);
            }
            assertThat(client.line()).isNull();
        }
        assertThat(inbox.messages).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "OPENSSL"})
    void aBigMessageComesThroughByteForByte(Provider provider) throws IOException {
        EsmtpListener listener = open(options -> options.tls(tls -> tls.provider(provider)));
        Random random = new Random(7);
        StringBuilder body = new StringBuilder("Subject: big\r\n\r\n");
        while (body.length() < 5_000_000) {
            random.ints(random.nextInt(76), 'A', 'z').forEach(body::appendCodePoint);
            body.append("\r\n");
        }
        try (Client client = Client.greetedBy(listener).startTls(TRUSTING)) {
            assertThat(client.begin().send(body + ".\r\n").answer()).isEqualTo("250 2.0.0 OK");
        }
        assertThat(inbox.text(0).endsWith(body.toString())).isTrue();
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "OPENSSL"})
    void pipelinedCommandsAreAllAnswered(Provider provider) throws Exception {
        EsmtpListener listener = open(options ->
                options.limits(limits -> limits.maxIdleCommands(100_000)).tls(tls -> tls.provider(provider)));
        int commands = 20_000;
        try (Client client = Client.greetedBy(listener).startTls(TRUSTING)) {
            Future<?> sent = background.submit(() -> client.send("NOOP\r\n".repeat(commands)));
            for (int i = 0; i < commands; i++) {
                assertThat(client.line()).isEqualTo("250 2.0.0 OK");
            }
            sent.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void closingWaitsForNoHandshakeButForATransaction() throws Exception {
        EsmtpListener listener = open(options -> {});
        try (Client stalled = Client.greetedBy(listener);
                Client busy = Client.greetedBy(listener).startTls(TRUSTING).begin()) {
            stalled.ask("EHLO client.example");
            stalled.ask("STARTTLS");
            CountDownLatch closing = new CountDownLatch(1);
            Future<?> closed = background.submit(() -> {
                closing.countDown();
                listener.close();
            });
            assertThat(closing.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(stalled.line()).isNull();

            assertThat(busy.send(Wire.CONTENT).line()).isEqualTo("250 2.0.0 OK");
            assertThat(busy.line()).startsWith("421 4.3.2 ");
            assertThat(busy.line()).isNull();
            busy.leave();
            closed.get(10, TimeUnit.SECONDS);
        }
    }

    private String meta(String name) {
        return inbox.messages.get(0).meta().get(name).orElseThrow().toString();
    }

    private static void write(Path certificate, Path key, Issued issued) throws IOException {
        Files.writeString(certificate, issued.certificatePem());
        Files.writeString(key, issued.keyPem());
    }

    /** With an identity of the test's own authority. */
    private EsmtpListener open(Consumer<EsmtpListener.Builder> options) throws IOException {
        return openPlain(
                builder -> options.accept(builder.tlsCertificate(SERVER.chain()).tlsPrivateKey(SERVER.privateKey())));
    }

    private EsmtpListener openPlain(Consumer<EsmtpListener.Builder> options) throws IOException {
        EsmtpListener listener = Wire.builder(options).build();
        listener.open(inbox);
        opened.add(listener);
        return listener;
    }

    private static boolean greetsUnderTls(EsmtpListener listener) {
        try (Client client = Client.of(listener).secured(TRUSTING, "")) {
            return client.line().startsWith("220 ");
        } catch (IOException e) {
            return false;
        }
    }

    /** An alert or a reset may come, but no line of SMTP. */
    private static boolean endsWithoutAReply(Client client) {
        try {
            for (String line = client.line(); line != null; line = client.line()) {
                if (!line.isEmpty() && Character.isDigit(line.charAt(0))) {
                    return false;
                }
            }
        } catch (IOException reset) {
            return true;
        }
        return true;
    }

    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("kumo-"))
                .collect(Collectors.toSet());
    }

    /** Other threads need time for this; how much does not matter. */
    private static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }
}
