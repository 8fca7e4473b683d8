package dev.kumo.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ClientTlsTest {

    private static final TestCa CA = TestCa.root("Test CA");
    private static final TestCa.Issued MX = CA.issue("mx.example.com");

    private SSLServerSocket server;
    private final CompletableFuture<List<String>> asked = new CompletableFuture<>();

    @BeforeEach
    void listen() throws IOException {
        server = (SSLServerSocket)
                MX.sslContext().getServerSocketFactory().createServerSocket(0, 5, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::serve, "tls-server");
        thread.setDaemon(true);
        thread.start();
    }

    private void serve() {
        try (SSLSocket socket = (SSLSocket) server.accept()) {
            socket.startHandshake();
            asked.complete(((ExtendedSSLSession) socket.getSession())
                    .getRequestedServerNames().stream()
                            .map(name -> new String(name.getEncoded(), java.nio.charset.StandardCharsets.US_ASCII))
                            .collect(Collectors.toList()));
            socket.getOutputStream().write('!');
            socket.getInputStream().read();
        } catch (IOException e) {
            asked.completeExceptionally(e);
        }
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    @Test
    void aCertificateOfATrustedAuthorityForTheNameIsTaken() throws IOException {
        SSLSession session = handshake(trusting(CA), "mx.example.com", true);

        assertThat(session.getProtocol()).isEqualTo("TLSv1.3");
        assertThat(asked.join()).containsExactly("mx.example.com");
    }

    @Test
    void aDotAtTheEndOfTheNameIsNoPartOfIt() throws IOException {
        handshake(trusting(CA), "mx.example.com.", true);

        assertThat(asked.join()).containsExactly("mx.example.com");
    }

    @Test
    void aCertificateForAnotherNameIsRefused() {
        assertThatExceptionOfType(SSLException.class)
                .isThrownBy(() -> handshake(trusting(CA), "mx.example.org", true))
                .withMessageContaining("mx.example.org");
    }

    @Test
    void aCertificateOfAnUnknownAuthorityIsRefused() {
        assertThatExceptionOfType(SSLException.class)
                .isThrownBy(() -> handshake(ClientTls.system(), "mx.example.com", true));
    }

    @Test
    void anyCertificateIsTakenWhereNoneIsToBeVerified() throws IOException {
        assertThat(handshake(ClientTls.system(), "mx.example.org", false).getPeerPrincipal())
                .hasToString("CN=mx.example.com");
    }

    @Test
    void anAddressIsNoServerName() throws IOException {
        handshake(ClientTls.system(), "127.0.0.1", false);

        assertThat(asked.join()).isEmpty();
    }

    @Test
    void anAddedAuthorityTakesNothingFromThoseOfTheJdk() throws IOException {
        assertThat(handshake(ClientTls.builder().trust(CA.source()).build(), "mx.example.com", true)
                        .isValid())
                .isTrue();
    }

    @Test
    void anIdentityThatCannotBeUsedIsAnErrorAtOnce() {
        IdentitySource broken =
                IdentitySource.pem(MX.chainSource(), CA.issue("other").keySource());

        assertThatExceptionOfType(TlsException.class)
                .isThrownBy(() ->
                        ClientTls.builder().identity(broken).time(TestCa.CLOCK).build());
    }

    private static ClientTls trusting(TestCa ca) throws TlsException {
        return ClientTls.builder().trustOnly(ca.source()).build();
    }

    private SSLSession handshake(ClientTls tls, String host, boolean verify) throws IOException {
        Socket socket = new Socket(server.getInetAddress(), server.getLocalPort());
        try (SSLSocket secured = tls.secure(socket, host, verify)) {
            secured.startHandshake();
            assertThat(secured.getInputStream().read()).isEqualTo('!');
            return secured.getSession();
        }
    }
}
