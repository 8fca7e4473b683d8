package dev.kumo.smtp.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.kumo.core.log.Link;
import dev.kumo.core.log.MtaObserver;
import dev.kumo.core.net.IpLiteral;
import dev.kumo.core.policy.Verdict;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A listener on real sockets. */
@Timeout(60)
class EsmtpListenerTest {

    private static final String SHUTTING_DOWN = "421 4.3.2 mx.example shutting down; try again later";

    private final Set<EsmtpListener> opened = ConcurrentHashMap.newKeySet();
    private final ExecutorService background = Executors.newCachedThreadPool();
    private final Inbox inbox = new Inbox();

    @AfterEach
    void closeAll() throws InterruptedException {
        opened.forEach(EsmtpListener::close);
        background.shutdownNow();
        assertThat(background.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void greetsAndTakesMail() throws IOException {
        EsmtpListener listener = open(options -> options.banner("Welcome"));
        try (Client client = Client.of(listener)) {
            assertThat(client.line()).isEqualTo("220 mx.example Welcome");
            assertThat(client.begin().send(Wire.CONTENT).answer()).isEqualTo("250 2.0.0 OK");
            assertThat(client.ask("QUIT")).startsWith("221 2.0.0 ");
            assertThat(client.line()).isNull();
        }
        assertThat(inbox.text(0)).contains("Received: from client.example").endsWith("Subject: hello\r\n\r\n.body\r\n");
    }

    @Test
    void severalListenersLiveInOneProcess() throws IOException {
        EsmtpListener one = open(options -> options.hostname("one.example"));
        EsmtpListener two = open(options -> options.hostname("two.example"));
        try (Client client = Client.of(one);
                Client other = Client.of(two)) {
            assertThat(client.line()).startsWith("220 one.example ");
            assertThat(other.line()).startsWith("220 two.example ");

            one.close();

            assertThat(other.ask("NOOP")).startsWith("250 ");
        }
    }

    @Test
    void oneClientMoreThanThereAreConnectionsIsTurnedAway() throws IOException {
        EsmtpListener listener = open(options -> options.maxConnections(2));
        try (Client first = Client.greetedBy(listener);
                Client second = Client.greetedBy(listener)) {
            for (int i = 0; i < 3; i++) {
                try (Client third = Client.of(listener)) {
                    assertThat(third.line()).isEqualTo("421 4.3.2 mx.example too many connections; try again later");
                    assertThat(third.line()).isNull();
                }
            }
            assertThat(first.ask("NOOP")).startsWith("250 ");
            second.ask("QUIT");
            second.line();
            await("a place is free", () -> greets(listener));
        }
    }

    @Test
    void anObserverThatFailsTakesNoPlaceAndNoMail() throws IOException {
        AtomicInteger told = new AtomicInteger();
        inbox.observer = new MtaObserver() {
            @Override
            public void connected(Link link) {
                told.incrementAndGet();
                throw new IllegalStateException("connected");
            }

            @Override
            public void disconnected(Link link, Instant at) {
                told.incrementAndGet();
                throw new IllegalStateException("disconnected");
            }
        };
        EsmtpListener listener = open(options -> options.maxConnections(1));
        for (int i = 0; i < 3; i++) {
            await("a place is free", () -> greets(listener));
        }
        await("both ends are told", () -> told.get() == 6);
    }

    @Test
    void observersHearOfEveryConnection() throws IOException {
        Set<Link> links = ConcurrentHashMap.newKeySet();
        inbox.observer = new MtaObserver() {
            @Override
            public void connected(Link link) {
                links.add(link);
            }

            @Override
            public void disconnected(Link link, Instant at) {
                links.remove(link);
            }
        };
        EsmtpListener listener = open(options -> {});
        try (Client client = Client.greetedBy(listener)) {
            assertThat(links)
                    .singleElement()
                    .satisfies(link -> assertThat(link.client().getPort()).isEqualTo(client.socket.getLocalPort()));
        }
        await("its end is told", links::isEmpty);
    }

    @Test
    void aClientThatClosesItsSideStillGetsEveryAnswer() throws IOException {
        Policy elsewhere = Policy.onRcptTo((peer, to) -> Verdict.proceed());
        EsmtpListener listener = open(options -> options.policy(elsewhere));
        try (Client client = Client.of(listener)) {
            client.send(Wire.BEGIN + Wire.CONTENT).socket.shutdownOutput();

            assertThat(client.answer()).startsWith("220 ");
            for (String code : List.of("250", "250", "250", "354", "250")) {
                assertThat(client.answer()).startsWith(code);
            }
            assertThat(client.line()).isNull();
        }
        assertThat(inbox.messages).hasSize(1);
    }

    @Test
    void aClientThatIsCutOffCanReadWhy() throws IOException {
        EsmtpListener listener = open(options -> options.limits(limits -> limits.maxUnknownCommands(1)));
        try (Client client = Client.greetedBy(listener)) {
            client.send("x\r\nx\r\n").send("x".repeat(1000).concat("\r\n").repeat(200));

            assertThat(client.line()).startsWith("500 ");
            assertThat(client.line()).isEqualTo("421 4.7.0 mx.example too many errors");
            assertThat(client.line()).isNull();
        }
    }

    @Test
    void clientsThatComeAndGoWhilePoliciesRunLeaveNothingBehind() throws Exception {
        Policy elsewhere = Policy.onRcptTo((peer, to) -> Verdict.proceed());
        AtomicInteger links = new AtomicInteger();
        inbox.observer = new MtaObserver() {
            @Override
            public void connected(Link link) {
                links.incrementAndGet();
            }

            @Override
            public void disconnected(Link link, Instant at) {
                links.decrementAndGet();
            }
        };
        EsmtpListener listener = open(options -> options.policy(elsewhere));
        for (int i = 0; i < 100; i++) {
            try (Client client = Client.of(listener)) {
                client.send(Wire.BEGIN + "Subject: never ended");
                client.socket.setSoLinger(i % 2 == 0, 0);
            }
        }
        await("all are gone", () -> links.get() == 0);
        assertThat(inbox.messages).isEmpty();
        assertThat(greets(listener)).isTrue();
    }

    @Test
    void connectsNobodyOnceItIsClosed() throws IOException {
        EsmtpListener listener = open(options -> {});
        int port = listener.address().getPort();
        listener.close();

        assertThatExceptionOfType(ConnectException.class)
                .isThrownBy(() -> new java.net.Socket(InetAddress.getLoopbackAddress(), port).close());
        assertThatIllegalStateException().isThrownBy(listener::address);
    }

    @Test
    void closingTellsIdleClientsAndLetsATransactionEnd() throws Exception {
        EsmtpListener listener = open(options -> {});
        try (Client idle = Client.greetedBy(listener);
                Client busy = Client.greetedBy(listener).begin()) {
            Future<?> closed = background.submit(listener::close);
            assertThat(idle.line()).isEqualTo(SHUTTING_DOWN);
            assertThat(idle.line()).isNull();
            idle.leave();
            assertThat(closed.isDone()).isFalse();

            assertThat(busy.send(Wire.CONTENT).line()).isEqualTo("250 2.0.0 OK");
            assertThat(busy.line()).isEqualTo(SHUTTING_DOWN);
            assertThat(busy.line()).isNull();
            busy.leave();
            closed.get(10, TimeUnit.SECONDS);
        }
        assertThat(inbox.messages).hasSize(1);
    }

    @Test
    void closingWaitsForAStuckClientNoLongerThanTheGracePeriod() throws Exception {
        EsmtpListener listener =
                open(options -> options.limits(limits -> limits.closeGracePeriod(Duration.ofMillis(20))));
        try (Client stuck = Client.greetedBy(listener).begin()) {
            background.submit(listener::close).get(10, TimeUnit.SECONDS);

            assertThat(stuck.line()).isNull();
        }
        assertThat(inbox.messages).isEmpty();
    }

    @Test
    void closingWaitsForAStuckPolicyNoLongerEither() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        Policy stuck = Policy.onRcptTo((peer, to) -> {
            asked.countDown();
            waitFor(never);
            return Verdict.proceed();
        });
        EsmtpListener listener =
                open(options -> options.policy(stuck).limits(limits -> limits.closeGracePeriod(Duration.ofMillis(20))));
        try (Client client = Client.greetedBy(listener).send(Wire.BEGIN)) {
            waitFor(asked);
            background.submit(listener::close).get(10, TimeUnit.SECONDS);

            assertThat(client.line()).isNull();
        } finally {
            never.countDown();
        }
    }

    @Test
    void isOpenedOnce() throws IOException {
        EsmtpListener listener = open(options -> {});
        assertThatIllegalStateException()
                .isThrownBy(() -> listener.open(inbox))
                .withMessage("a listener is opened once; build another one");
        listener.close();
        assertThatIllegalStateException().isThrownBy(() -> listener.open(inbox));
    }

    @Test
    void isNotOpenedAfterItWasClosed() {
        EsmtpListener listener = Wire.builder(options -> {}).build();
        listener.close();
        assertThatIllegalStateException().isThrownBy(() -> listener.open(inbox));
    }

    @Test
    void aPortThatIsTakenIsNamed() throws IOException {
        Set<String> before = threads();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            EsmtpListener listener =
                    Wire.builder(options -> options.listen(address)).build();

            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> listener.open(inbox))
                    .withMessageStartingWith("cannot listen on " + address + ": ");
            assertThatIllegalStateException().isThrownBy(listener::address);
        }
        await("its threads are gone", () -> before.containsAll(threads()));
    }

    @Test
    void itsThreadsAreGoneOnceItIsClosed() throws IOException {
        Set<String> before = threads();
        EsmtpListener listener = open(options -> options.policy(Policy.onEhlo((peer, name) -> Verdict.proceed())));
        try (Client client = Client.greetedBy(listener)) {
            client.begin().send(Wire.CONTENT).answer();
            assertThat(before.containsAll(threads())).isFalse();
            client.ask("QUIT");
        }

        listener.close();

        await("its threads are gone", () -> before.containsAll(threads()));
    }

    @Test
    void aSocketForBothVersionsKnowsClientsByTheirVersion4Address() throws IOException {
        EsmtpListener listener = open(options -> options.relayHosts("127.0.0.1").listen("[::]:0"));
        Assumptions.assumeTrue(reaches(IpLiteral.parse("127.0.0.1"), listener), "no IPv6 here");
        try (Client client = Client.of(IpLiteral.parse("127.0.0.1"), listener)) {
            client.answer();
            client.ask("EHLO client.example");
            client.ask("MAIL FROM:<a@client.example>");
            assertThat(client.ask("RCPT TO:<b@anywhere.example>")).isEqualTo("250 2.1.5 OK");
            client.ask("DATA");
            assertThat(client.send(Wire.CONTENT).answer()).startsWith("250 ");
        }
        assertThat(inbox.text(0)).contains("[127.0.0.1]").doesNotContain("IPv6");
        assertThat(inbox.messages
                        .get(0)
                        .meta()
                        .get("received_from")
                        .orElseThrow()
                        .toString())
                .startsWith("127.0.0.1:");
    }

    @Test
    void allAddressesOfVersion4AreNoneOfVersion6() throws IOException {
        EsmtpListener listener = open(options -> options.listen("0.0.0.0:0"));

        assertThat(listener.address().getAddress()).isInstanceOf(Inet4Address.class);
        assertThat(reaches(IpLiteral.parse("127.0.0.1"), listener)).isTrue();
        assertThat(reaches(IpLiteral.parse("::1"), listener)).isFalse();
    }

    @Test
    void aGreetingThatCannotBeSaidIsAnErrorAtOnce() {
        EsmtpListener.Builder builder = EsmtpListener.builder();
        assertThatIllegalArgumentException().isThrownBy(() -> builder.banner("a\u0007b"));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.banner("x".repeat(600)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EsmtpListener.builder()
                        .hostname("h".repeat(60) + ".h".repeat(95))
                        .banner("x".repeat(300))
                        .build());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "two words", "name,(comment)", "a..b", "mx.example.", "b\u00fccher.example", "[mx.example]"})
    void aHostnameIsADomainNameOrAnAddressLiteral(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EsmtpListener.builder().hostname(name))
                .withMessageContaining("'" + name.replace("\u00fc", "\\u00fc") + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "MX.Example", "mx_1.example", "[192.0.2.1]", "[IPv6:2001:db8::1]"})
    void aHostnameIsKeptAsItWasWritten(String name) {
        assertThat(EsmtpListener.builder().hostname(name).build().options().hostname())
                .isEqualTo(name);
    }

    private EsmtpListener open(Consumer<EsmtpListener.Builder> options) throws IOException {
        EsmtpListener listener = Wire.builder(options).build();
        try {
            listener.open(inbox);
        } catch (IOException e) {
            Assumptions.assumeFalse(e.getMessage().contains("[::]"), "no IPv6 here");
            throw e;
        }
        opened.add(listener);
        return listener;
    }

    private static boolean greets(EsmtpListener listener) {
        try (Client client = Client.of(listener)) {
            return client.line().startsWith("220 ");
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean reaches(InetAddress host, EsmtpListener listener) {
        try (Client client = Client.of(host, listener)) {
            return client.socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("kumo-"))
                .collect(Collectors.toSet());
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
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
