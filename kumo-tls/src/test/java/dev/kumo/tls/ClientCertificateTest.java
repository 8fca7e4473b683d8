package dev.kumo.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ClientCertificateTest {

    private static final TestCa SERVERS = TestCa.root("Server CA");
    private static final TestCa CLIENTS = TestCa.root("Client CA");
    private static final TestCa.Issued MX = SERVERS.issue("mx.example.com");

    static Stream<List<String>> providersAndProtocols() {
        return Stream.of("OPENSSL", "JDK")
                .flatMap(provider -> Stream.of("TLSv1.2", "TLSv1.3").map(protocol -> List.of(provider, protocol)));
    }

    private static ServerTls server(String provider, KeySource clients) throws TlsException {
        ServerTls tls = ServerTls.builder()
                .identity(MX.source())
                .requiredClientCa(clients)
                .provider(ServerTls.Provider.valueOf(provider))
                .time(TestCa.CLOCK)
                .scheduler(new IdleScheduler())
                .build();
        tls.open();
        return tls;
    }

    private static Wire connect(List<String> providerAndProtocol, SslContextBuilder client) throws TlsException {
        SslContext context = Wire.build(client.protocols(providerAndProtocol.get(1)));
        return Wire.connect(server(providerAndProtocol.get(0), CLIENTS.source()), context, "mx.example.com");
    }

    private static SslContextBuilder showing(TestCa.Issued issued, boolean intermediates) {
        List<X509Certificate> chain = new ArrayList<>(List.of(issued.certificate()));
        if (intermediates) {
            chain.addAll(issued.intermediates());
        }
        return Wire.verifying(SERVERS).keyManager(issued.keys().getPrivate(), chain.toArray(X509Certificate[]::new));
    }

    @ParameterizedTest
    @MethodSource("providersAndProtocols")
    void tellsTheSubjectOfAVerifiedClient(List<String> providerAndProtocol) throws TlsException {
        TestCa.Issued client = CLIENTS.issue(
                "C=DE,O=Example\\, Inc.,CN=sender", TestCa.keys("P-256"), TestCa.FROM, TestCa.UNTIL, "sender.example");

        Wire wire = connect(providerAndProtocol, showing(client, true));

        assertThat(wire.secured()).isTrue();
        assertThat(wire.session().peerSubjectName()).containsExactly("C=DE", "O=Example, Inc.", "CN=sender");
    }

    @ParameterizedTest
    @MethodSource("providersAndProtocols")
    void refusesAClientWithoutACertificate(List<String> providerAndProtocol) throws TlsException {
        assertRefused(connect(providerAndProtocol, Wire.verifying(SERVERS)));
    }

    @ParameterizedTest
    @MethodSource("providersAndProtocols")
    void refusesAClientOfAnotherAuthority(List<String> providerAndProtocol) throws TlsException {
        assertRefused(
                connect(providerAndProtocol, showing(TestCa.root("Another CA").issue("sender"), true)));
    }

    @ParameterizedTest
    @MethodSource("providersAndProtocols")
    void refusesAnExpiredClient(List<String> providerAndProtocol) throws TlsException {
        TestCa.Issued old =
                CLIENTS.issue("CN=sender", TestCa.keys("P-256"), TestCa.FROM, TestCa.FROM.plusSeconds(1), "sender");

        assertRefused(connect(providerAndProtocol, showing(old, true)));
    }

    @ParameterizedTest
    @MethodSource("providersAndProtocols")
    void wantsTheIntermediatesFromTheClient(List<String> providerAndProtocol) throws TlsException {
        TestCa.Issued deep = CLIENTS.intermediate("Between").issue("sender");

        assertThat(connect(providerAndProtocol, showing(deep, true)).secured()).isTrue();
        assertRefused(connect(providerAndProtocol, showing(deep, false)));
    }

    private static void assertRefused(Wire wire) {
        assertThat(wire.serverHears.refused()).isTrue();
        assertThat(wire.server.isOpen()).isFalse();
        assertThat(TlsSession.of(wire.server)).isEmpty();
    }

    @Test
    void saysThatThereIsNoAuthority() {
        assertThatThrownBy(() -> server("AUTO", KeySource.bytes("x".getBytes(StandardCharsets.US_ASCII))))
                .isInstanceOf(TlsException.class)
                .hasMessageContaining("key_data holds no certificate");
    }
}
