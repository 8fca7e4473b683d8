package dev.kumo.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.OpenSslEngine;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class HandshakeTest {

    private static final TestCa CA = TestCa.root("Test CA");
    private static final TestCa.Issued MX = CA.issue("mx.example.com");

    private static ServerTls open(ServerTls.Builder builder) throws TlsException {
        ServerTls tls =
                builder.time(TestCa.CLOCK).scheduler(new IdleScheduler()).build();
        tls.open();
        return tls;
    }

    private static ServerTls server(ServerTls.Provider provider) throws TlsException {
        return open(ServerTls.builder()
                .certificate(MX.chainSource())
                .privateKey(MX.keySource())
                .provider(provider));
    }

    static Stream<List<Object>> providersAndProtocols() {
        return Stream.of(ServerTls.Provider.OPENSSL, ServerTls.Provider.JDK)
                .flatMap(provider -> Stream.of("TLSv1.2", "TLSv1.3").map(protocol -> List.of(provider, protocol)));
    }

    @ParameterizedTest
    @MethodSource("providersAndProtocols")
    void speaksTls12And13(List<Object> arguments) throws TlsException {
        String protocol = (String) arguments.get(1);
        ServerTls tls = server((ServerTls.Provider) arguments.get(0));

        Wire wire = Wire.connect(tls, Wire.client(CA, protocol), "mx.example.com");

        assertThat(wire.secured()).isTrue();
        assertThat(wire.session().protocol()).isEqualTo(protocol);
        wire.clientSays("EHLO me\r\n").serverSays("250 you\r\n");
        assertThat(wire.serverHears.text).hasToString("EHLO me\r\n");
        assertThat(wire.clientHears.text).hasToString("250 you\r\n");
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENSSL", "JDK"})
    void refusesTls11(ServerTls.Provider provider) throws TlsException {
        byte[] answer = Wire.answer(server(provider), clientHello("0302"));

        assertThat(answer).as("an alert").startsWith(0x15, 0x03);
        assertThat(answer).as("fatal, protocol_version (RFC 5246 section 7.2)").endsWith(0x02, 0x46);
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENSSL", "JDK"})
    void answersTheSameHelloInTls12(ServerTls.Provider provider) throws TlsException {
        assertThat(Wire.answer(server(provider), clientHello("0303")))
                .as("a handshake record that begins with ServerHello")
                .startsWith(0x16, 0x03, 0x03)
                .satisfies(answer -> assertThat(answer[5]).isEqualTo((byte) 0x02));
    }

    private static byte[] clientHello(String version) {
        return clientHello(version, "c02bc013"); // one that we take, and one that servers of TLS 1.1 took
    }

    private static byte[] clientHello(String version, String ciphers) {
        String extensions = "000a00040002" + "0017" + "000b00020100" + "000d0006000404030401";
        String body = version + "00".repeat(31) + "01" + "00" + length(ciphers) + ciphers + "0100" + length(extensions)
                + extensions;
        String handshake = "0100" + length(body) + body;
        return HexFormat.of().parseHex("160301" + length(handshake) + handshake);
    }

    private static String length(String hex) {
        return HexFormat.of().toHexDigits((short) (hex.length() / 2));
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENSSL", "JDK"})
    void refusesCiphersWithoutForwardSecrecy(ServerTls.Provider provider) throws TlsException {
        TestCa.Issued rsa = CA.issue("mx.example.com", TestCa.keys("RSA"));
        ServerTls tls = open(ServerTls.builder().identity(rsa.source()).provider(provider));

        assertThat(Wire.answer(tls, clientHello("0303", "c02f")))
                .as("ECDHE: a handshake record")
                .startsWith(0x16, 0x03, 0x03);
        assertThat(Wire.answer(tls, clientHello("0303", "009c")))
                .as("RSA key exchange: a fatal alert, handshake_failure")
                .startsWith(0x15, 0x03)
                .endsWith(0x02, 0x28);
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENSSL", "JDK"})
    void closesAfterWhatIsNotTls(ServerTls.Provider provider) throws TlsException {
        EmbeddedChannel channel = new EmbeddedChannel();
        Wire.Ear ear = new Wire.Ear();
        channel.pipeline().addLast(ear);
        channel.pipeline().addFirst(server(provider).handlerFor(channel, Duration.ofSeconds(10)));

        channel.pipeline()
                .fireChannelRead(Unpooled.wrappedBuffer("MAIL FROM:<>\r\n".getBytes(StandardCharsets.US_ASCII)));
        channel.runPendingTasks();

        assertThat(ear.refused()).isTrue();
        assertThat(channel.isOpen()).isFalse();
        assertThat(ear.text).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENSSL", "JDK"})
    void closesAfterAStalledHandshake(ServerTls.Provider provider) throws TlsException {
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.freezeTime();
        channel.pipeline().addFirst(server(provider).handlerFor(channel, Duration.ofSeconds(10)));

        channel.advanceTimeBy(9_999, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        assertThat(channel.isOpen()).isTrue();

        channel.advanceTimeBy(2, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        assertThat(channel.isOpen()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENSSL", "JDK"})
    void takesRsaAndEcKeys(ServerTls.Provider provider) throws TlsException {
        for (String kind : List.of("RSA", "P-256", "P-384")) {
            assertBothProtocols(provider, kind);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"AUTO", "JDK"})
    void takesEd25519Keys(ServerTls.Provider provider) throws TlsException {
        assertBothProtocols(provider, "Ed25519");
    }

    private static void assertBothProtocols(ServerTls.Provider provider, String kind) throws TlsException {
        TestCa.Issued issued = CA.issue("mx.example.com", TestCa.keys(kind));
        ServerTls tls = open(ServerTls.builder().identity(issued.source()).provider(provider));
        for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
            Wire wire = Wire.connect(tls, Wire.client(CA, protocol), "mx.example.com");

            assertThat(wire.secured()).as(kind + " " + protocol).isTrue();
        }
    }

    @Test
    void refusesEd25519WhereOnlyOpenSslMayDoTheWork() {
        TestCa.Issued issued = CA.issue("mx.example.com", TestCa.keys("Ed25519"));

        assertThatThrownBy(
                        () -> open(ServerTls.builder().identity(issued.source()).provider(ServerTls.Provider.OPENSSL)))
                .isInstanceOf(TlsException.class)
                .hasMessageContaining("Ed25519")
                .hasMessageContaining("AUTO");
    }

    @Test
    void autoMeansOpenSslWhereItIsAvailable() throws TlsException {
        EmbeddedChannel channel = new EmbeddedChannel();

        SslHandler handler = (SslHandler) server(ServerTls.Provider.AUTO).handlerFor(channel, Duration.ofSeconds(1));

        assertThat(handler.engine()).isInstanceOf(OpenSslEngine.class);
        channel.pipeline().addFirst(handler);
        channel.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENSSL", "JDK"})
    void sendsTheIntermediates(ServerTls.Provider provider) throws TlsException {
        TestCa.Issued deep = CA.intermediate("Between").intermediate("Below").issue("mx.example.com");
        ServerTls tls = open(ServerTls.builder().identity(deep.source()).provider(provider));

        assertThat(Wire.connect(tls, CA, "mx.example.com").secured()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENSSL", "JDK"})
    void aClientOfAnotherAuthorityRefusesUs(ServerTls.Provider provider) throws TlsException {
        Wire wire = Wire.connect(server(provider), TestCa.root("Another CA"), "mx.example.com");

        assertThat(wire.clientHears.refused()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENSSL", "JDK"})
    void showsASelfSignedCertificateByDefault(ServerTls.Provider provider) throws TlsException {
        ServerTls tls = open(ServerTls.builder().hostname("mx.example.com").provider(provider));

        Wire wire = Wire.connect(tls, Wire.believing(), "");

        assertThat(wire.secured()).isTrue();
        assertThat(wire.shown()).isEqualTo(tls.identities().get("").leaf());
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENSSL", "JDK"})
    void tellsWhatWasAgreedOn(ServerTls.Provider provider) throws TlsException {
        Wire wire = Wire.connect(
                server(provider),
                Wire.build(Wire.verifying(CA, "TLSv1.3").ciphers(List.of("TLS_AES_128_GCM_SHA256"))),
                "mx.example.com");

        assertThat(wire.session().cipher()).isEqualTo("TLS_AES_128_GCM_SHA256");
        assertThat(wire.session().serverName()).contains("mx.example.com");
        assertThat(wire.session().peerSubjectName()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENSSL", "JDK"})
    void tellsTheCipherOfTls12ByItsStandardName(ServerTls.Provider provider) throws TlsException {
        Wire wire = Wire.connect(server(provider), Wire.client(CA, "TLSv1.2"), "mx.example.com");

        assertThat(wire.session().cipher()).isEqualTo("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384");
    }

    @Test
    void tellsNothingBeforeTheHandshake() throws TlsException {
        EmbeddedChannel channel = new EmbeddedChannel();
        assertThat(TlsSession.of(channel)).isEmpty();
        channel.pipeline().addFirst(server(ServerTls.Provider.JDK).handlerFor(channel, Duration.ofSeconds(1)));

        assertThat(TlsSession.of(channel)).isEmpty();
        channel.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENSSL", "JDK"})
    void speaksWithAnOpenSslClient(ServerTls.Provider provider) throws TlsException {
        Wire wire = Wire.connect(
                server(provider),
                Wire.build(SslContextBuilder.forClient()
                        .sslProvider(SslProvider.OPENSSL)
                        .trustManager(CA.certificate)),
                "mx.example.com");

        assertThat(wire.secured()).isTrue();
    }

    @Test
    void hasNoHandlersBeforeItIsOpen() {
        ServerTls tls = ServerTls.builder().build();

        assertThatThrownBy(() -> tls.handlerFor(new EmbeddedChannel(), Duration.ofSeconds(1)))
                .isInstanceOf(IllegalStateException.class);
    }
}
