package dev.kumo.smtp.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.policy.Verdict;
import dev.kumo.tls.IdentitySource;
import dev.kumo.tls.ServerTls;
import dev.kumo.tls.ServerTls.Provider;
import dev.kumo.tls.TlsException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The way into TLS, without a socket: what was said in clear, and handshakes that fail or never end. */
class StartTlsTest {

    private static final String BEGIN_TLS = "220 2.0.0 begin TLS\r\n";
    private static final String EVIL = "MAIL FROM:<evil@client.example>\r\nRCPT TO:<b@here.example>\r\nDATA\r\n";
    private static final int RECORD_HEADER = 5;
    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void isOfferedInClearOnly() throws Exception {
        try (Wire wire = wire(Provider.JDK)) {
            assertThat(wire.send("EHLO c.example\r\n").lines()).contains("250-STARTTLS");
            wire.send("STARTTLS\r\n").writes();
            try (TlsEnd client = new TlsEnd(wire)) {
                assertThat(client.say("EHLO c.example\r\n"))
                        .startsWith("250-mx.example\r\n")
                        .doesNotContain("STARTTLS");
            }
        }
    }

    @Test
    void isNotOfferedWhereItCannotBeHad() {
        try (Wire wire = Wire.greeted()) {
            assertThat(wire.send("EHLO c.example\r\n").heard())
                    .startsWith("250-")
                    .doesNotContain("STARTTLS");
            assertThat(wire.send("STARTTLS\r\n").heard()).startsWith("454 4.7.0 ");
        }
    }

    @Test
    void isRefusedWhereItMayNotBe() throws Exception {
        try (Wire wire = wire(Provider.JDK)) {
            assertThat(wire.send("STARTTLS\r\n").heard()).startsWith("503 5.5.1 EHLO ");
            wire.send("EHLO c.example\r\n").writes();
            assertThat(wire.send("STARTTLS now\r\n").heard()).startsWith("501 ");
            wire.send("MAIL FROM:<a@client.example>\r\n").writes();
            assertThat(wire.send("STARTTLS\r\n").heard()).startsWith("503 5.5.1 a transaction is open");
            wire.send("RSET\r\nSTARTTLS\r\n").writes();
            try (TlsEnd client = new TlsEnd(wire)) {
                client.say("EHLO c.example\r\n");
                assertThat(client.say("STARTTLS\r\n")).isEqualTo("503 5.5.1 TLS is active already\r\n");
                assertThat(client.say("NOOP\r\n")).startsWith("250 ");
            }
        }
    }

    /** The plaintext injection of RFC 3207 section 6, CVE-2011-0411. */
    @ParameterizedTest
    @EnumSource(names = {"JDK", "OPENSSL"})
    void whatComesInTheSamePacketIsThrownAway(Provider provider) throws Exception {
        try (Wire wire = wire(provider)) {
            wire.send("EHLO evil.example\r\n").writes();
            wire.send("STARTTLS\r\n" + EVIL);
            assertThat(wire.heard()).isEqualTo(BEGIN_TLS);
            try (TlsEnd client = new TlsEnd(wire)) {
                assertThat(client.heard()).as("answers nobody asked for").isEmpty();
                assertThat(client.say("MAIL FROM:<a@client.example>\r\n")).startsWith("503 5.5.1 EHLO ");
                assertThat(client.say(Wire.BEGIN + Wire.CONTENT)).endsWith("250 2.0.0 OK\r\n");
            }
            assertThat(wire.inbox.messages).hasSize(1);
            assertThat(wire.inbox.text(0)).contains("with ESMTPS").doesNotContain("evil");
        }
    }

    @Test
    void whatComesInAnyOtherPacketIsNoHandshakeAndEndsIt() throws Exception {
        String start = "STARTTLS\r\n";
        String sent = start + EVIL;
        for (int split = 1; split < sent.length(); split++) {
            for (boolean names : new boolean[] {false, true}) {
                try (Wire wire = names ? wireWithNames() : wire(Provider.JDK)) {
                    wire.send("EHLO evil.example\r\n").writes();
                    wire.send(sent.substring(0, split)).send(sent.substring(split));

                    assertThat(inClear(wire)).as("split at %d", split).isEqualTo(BEGIN_TLS);
                    assertThat(wire.session.inTransaction()).isFalse();
                    assertThat(wire.inbox.records).as("refusals").isEmpty();
                    boolean tooShortToTell = sent.length() - split < RECORD_HEADER;
                    assertThat(wire.isOpen()).isEqualTo(split < start.length() || tooShortToTell);
                }
            }
        }
    }

    @Test
    void whatWaitsForASlowPolicyIsThrownAwayToo() throws Exception {
        Policy slow = Policy.onEhlo((peer, name) -> Verdict.proceed());
        try (Wire wire = wire(Provider.JDK, slow)) {
            wire.send("EHLO evil.example\r\nSTARTTLS\r\n").send(EVIL).runSteps();

            assertThat(wire.heard()).endsWith(BEGIN_TLS);
            try (TlsEnd client = new TlsEnd(wire)) {
                assertThat(client.say("MAIL FROM:<a@client.example>\r\n"))
                        .isEqualTo("503 5.5.1 EHLO or HELO first\r\n");
            }
        }
    }

    @Test
    void whatPoliciesMadeOfWordsInClearIsForgotten() throws Exception {
        Policy policy = new Policy() {
            @Override
            public Verdict connectionAccepted(Peer peer) {
                peer.meta().put("x_listed", "no");
                return Verdict.proceed();
            }

            @Override
            public Verdict ehlo(Peer peer, dev.kumo.smtp.ClientName name) {
                peer.meta().put("x_said_" + name.text().charAt(0), "yes").put("x_listed", name.text());
                return Verdict.proceed();
            }
        };
        try (Wire wire = new Wire(new Inbox(), tls(Provider.JDK), options -> {}, policy)) {
            wire.runSteps().writes();
            wire.send("EHLO evil.example\r\n").runSteps().writes();
            wire.send("STARTTLS\r\n").writes();
            try (TlsEnd client = new TlsEnd(wire)) {
                assertThat(wire.session.peer().name()).isEmpty();
                assertThat(wire.session.peer().extended()).isFalse();
                assertThat(wire.session.peer().meta().get("x_listed")).contains("no");
                assertThat(wire.session.peer().meta().get("x_said_e")).isEmpty();
                assertThat(wire.session.peer().meta().get("ehlo_domain")).isEmpty();
                assertThat(wire.session.peer().meta().get("tls_protocol_version"))
                        .contains("TLSv1.3");
                client.send("EHLO good.example\r\n");
                wire.runSteps();
                assertThat(client.heard()).startsWith("250-");
                assertThat(wire.session.peer().meta().get("ehlo_domain")).contains("good.example");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"QUIT\r\n", "GET / HTTP/1.0\r\n\r\n", "\u0000\u0000\u0000\u0000\u0000\u0000", "\u0080\u0001"})
    void aHandshakeThatFailsEndsIt(String noHandshake) throws Exception {
        for (Wire wire : List.of(wire(Provider.JDK), wire(Provider.OPENSSL), wireWithNames())) {
            try (wire) {
                wire.send("EHLO c.example\r\n").writes();
                wire.send("STARTTLS\r\n").send(noHandshake.repeat(10).getBytes(StandardCharsets.ISO_8859_1));

                assertThat(inClear(wire)).isEqualTo(BEGIN_TLS);
                assertThat(wire.isOpen()).isFalse();
            }
        }
    }

    @Test
    void aClientThatIsGoneDuringTheHandshakeLeavesNothingBehind() throws Exception {
        for (Wire wire : List.of(wire(Provider.JDK), wire(Provider.OPENSSL), wireWithNames())) {
            try (wire) {
                wire.send("EHLO c.example\r\nSTARTTLS\r\n").send(halfAHello());
                wire.disconnect();
            }
        }
    }

    @Test
    void aClientThatClosesItsSideDuringTheHandshakeIsLeft() throws Exception {
        try (Wire wire = wire(Provider.JDK)) {
            wire.send("EHLO c.example\r\nSTARTTLS\r\n").send(halfAHello()).sendEnd();

            assertThat(wire.isOpen()).isFalse();
        }
    }

    @Test
    void aStalledHandshakeEndsInTimeAndWithoutAWordInClear() throws Exception {
        for (Wire wire : List.of(wire(Provider.JDK), wire(Provider.OPENSSL), wireWithNames())) {
            try (wire) {
                wire.send("EHLO c.example\r\n").writes();
                wire.send("STARTTLS\r\n");
                assertThat(wire.heard()).isEqualTo(BEGIN_TLS);

                wire.pass(Duration.ofSeconds(59));
                assertThat(wire.isOpen()).isTrue();
                wire.pass(SECOND);

                assertThat(wire.isOpen()).isFalse();
                assertThat(inClear(wire)).isEmpty();
            }
        }
    }

    @Test
    void aHandshakeThatDripsInHasNoMoreTime() throws Exception {
        for (Wire wire : List.of(wire(Provider.JDK), wireWithNames(), implicit())) {
            try (wire) {
                wire.send(wire.context.options().implicitTls() ? new byte[0] : bytes("EHLO c.example\r\nSTARTTLS\r\n"));
                int seconds = 0;
                for (byte b : halfAHello()) {
                    if (!wire.isOpen()) {
                        break;
                    }
                    wire.send(new byte[] {b}).pass(SECOND);
                    seconds++;
                }
                assertThat(seconds).isEqualTo(60);
                assertThat(wire.isOpen()).isFalse();
            }
        }
    }

    /** The time to the whole hello and the time to the whole handshake are one. */
    @Test
    void aClientThatHesitatesAfterItsNameHasNoMoreTimeEither() throws Exception {
        try (Wire wire = wireWithNames()) {
            wire.send("EHLO c.example\r\nSTARTTLS\r\n").writes();
            wire.pass(Duration.ofSeconds(50));
            SslHandler handler = clientContext().newHandler(wire.channel.alloc(), "one.example", 25);
            EmbeddedChannel client = new EmbeddedChannel(handler);
            ByteBuf hello = client.readOutbound();
            byte[] bytes = new byte[hello.readableBytes()];
            hello.readBytes(bytes).release();
            wire.send(bytes);
            assertThat(wire.isOpen()).isTrue();

            wire.pass(Duration.ofSeconds(10));

            assertThat(wire.isOpen()).isFalse();
            client.finishAndReleaseAll();
        }
    }

    @Test
    void closingTheListenerWaitsForNoHandshake() throws Exception {
        try (Wire wire = wire(Provider.JDK)) {
            wire.send("EHLO c.example\r\nSTARTTLS\r\n");
            wire.connection.shutDown();

            assertThat(wire.isOpen()).isFalse();
        }
    }

    @Test
    void underTlsClosingTellsTheClient() throws Exception {
        try (Wire wire = wire(Provider.JDK)) {
            wire.send("EHLO c.example\r\nSTARTTLS\r\n").writes();
            try (TlsEnd client = new TlsEnd(wire)) {
                wire.connection.shutDown();
                assertThat(client.heard()).startsWith("421 4.3.2 mx.example shutting down");
            }
        }
    }

    @Test
    void underTlsAClientThatSaysNothingIsToldAndLeft() throws Exception {
        try (Wire wire = wire(Provider.JDK)) {
            wire.send("EHLO c.example\r\nSTARTTLS\r\n").writes();
            wire.pass(Duration.ofSeconds(59));
            try (TlsEnd client = new TlsEnd(wire)) {
                wire.pass(Duration.ofSeconds(59));
                assertThat(client.heard()).isEmpty();
                wire.pass(SECOND);
                assertThat(client.heard()).startsWith("421 4.4.2 ");
                assertThat(wire.isOpen()).isFalse();
            }
        }
    }

    @Test
    void theEndOfTheClientsSideOfTlsEndsTheSession() throws Exception {
        Policy slow = Policy.onEhlo((peer, name) -> Verdict.proceed());
        try (Wire wire = wire(Provider.JDK, slow)) {
            wire.send("EHLO c.example\r\nSTARTTLS\r\n").runSteps().writes();
            try (TlsEnd client = new TlsEnd(wire)) {
                client.send("EHLO c.example\r\nNOOP\r\n").sendEnd();
                assertThat(wire.isOpen()).isTrue();
                wire.runSteps();
                assertThat(client.heard()).startsWith("250-mx.example").endsWith("250 2.0.0 OK\r\n");
                assertThat(wire.isOpen()).isFalse();
            }
        }
    }

    @Test
    void implicitTlsGreetsAfterTheHandshakeOnly() throws Exception {
        try (Wire wire = implicit(Policy.onConnectionAccepted(
                peer -> peer.tls().isPresent() ? Verdict.proceed() : Verdict.reject(550, "5.7.0", "in clear")))) {
            assertThat(wire.elsewhere).isEmpty();
            assertThat(wire.writes()).isEmpty();
            try (TlsEnd client = new TlsEnd(wire)) {
                assertThat(client.heard()).isEmpty();
                wire.runSteps();
                assertThat(client.heard()).isEqualTo("220 mx.example ESMTP Kumo\r\n");
                assertThat(client.send("EHLO c.example\r\n").heard()).doesNotContain("STARTTLS");
                assertThat(client.say("STARTTLS\r\n")).startsWith("503 5.5.1 TLS is active");
            }
        }
    }

    @Test
    void implicitTlsTurnsAClientInClearAwayWithoutAWord() throws Exception {
        try (Wire wire = implicit()) {
            wire.send("EHLO c.example\r\n");

            assertThat(inClear(wire)).isEmpty();
            assertThat(wire.isOpen()).isFalse();
            assertThat(wire.inbox.records).isEmpty();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** A record of 512 bytes is announced, and never complete. */
    private static byte[] halfAHello() {
        return ByteBuffer.allocate(300)
                .put(new byte[] {0x16, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3})
                .array();
    }

    /** What was sent in clear: alerts of TLS are none of it. */
    private static String inClear(Wire wire) {
        StringBuilder text = new StringBuilder();
        for (String write : wire.writes()) {
            if (write.isEmpty() || write.charAt(0) >= ' ') {
                text.append(write);
            }
        }
        return text.toString();
    }

    private static Wire wire(Provider provider, Policy... policies) throws TlsException {
        Wire wire = new Wire(new Inbox(), tls(provider), options -> {}, policies);
        wire.writes();
        return wire;
    }

    private static Wire implicit(Policy... policies) throws TlsException {
        return new Wire(new Inbox(), tls(Provider.JDK), options -> options.implicitTls(true), policies);
    }

    private static Wire wireWithNames() throws TlsException {
        ServerTls tls = ServerTls.builder()
                .identity("one.example", IdentitySource.selfSigned("one.example"))
                .build();
        tls.open();
        tls.close();
        Wire wire = new Wire(new Inbox(), tls, options -> {});
        wire.writes();
        return wire;
    }

    /** Watches nothing. */
    private static ServerTls tls(Provider provider) throws TlsException {
        ServerTls tls = ServerTls.builder().provider(provider).build();
        tls.open();
        tls.close();
        return tls;
    }

    private static SslContext clientContext() throws SSLException {
        return SslContextBuilder.forClient()
                .sslProvider(SslProvider.JDK)
                .endpointIdentificationAlgorithm(null)
                .trustManager(InsecureTrustManagerFactory.INSTANCE)
                .build();
    }

    /** A client under TLS at the other end of a wire. */
    private static final class TlsEnd implements AutoCloseable {

        private final Wire wire;
        private final EmbeddedChannel client;

        TlsEnd(Wire wire) throws SSLException {
            this.wire = wire;
            this.client = new EmbeddedChannel(clientContext().newHandler(wire.channel.alloc()));
            pump();
            assertThat(client.pipeline().get(SslHandler.class).handshakeFuture().isSuccess())
                    .as("handshake")
                    .isTrue();
        }

        TlsEnd send(String text) {
            client.writeOutbound(client.alloc().buffer().writeBytes(bytes(text)));
            pump();
            return this;
        }

        /** Says that nothing more comes, and leaves the connection open. */
        void sendEnd() {
            client.pipeline().get(SslHandler.class).closeOutbound();
            pump();
        }

        String say(String text) {
            return send(text).heard();
        }

        String heard() {
            pump();
            StringBuilder text = new StringBuilder();
            for (ByteBuf read = client.readInbound(); read != null; read = client.readInbound()) {
                text.append(read.toString(StandardCharsets.UTF_8));
                read.release();
            }
            return text.toString();
        }

        private void pump() {
            boolean moved = true;
            while (moved) {
                moved = false;
                client.runPendingTasks();
                wire.channel.runPendingTasks();
                for (ByteBuf to = client.readOutbound(); to != null; to = client.readOutbound()) {
                    byte[] bytes = new byte[to.readableBytes()];
                    to.readBytes(bytes).release();
                    wire.send(bytes);
                    moved = true;
                }
                for (ByteBuf from = wire.channel.readOutbound(); from != null; from = wire.channel.readOutbound()) {
                    client.writeInbound(from);
                    moved = true;
                }
            }
        }

        @Override
        public void close() {
            client.finishAndReleaseAll();
        }
    }
}
