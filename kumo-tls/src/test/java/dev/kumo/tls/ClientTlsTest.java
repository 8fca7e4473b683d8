package dev.kumo.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.Principal;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
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
        SSLServerSocket listening = server; // as a test may put another one in its place before the thread runs
        start(() -> serve(listening));
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "tls-server");
        thread.setDaemon(true);
        thread.start();
    }

    private void serve(SSLServerSocket listening) {
        try (SSLSocket socket = (SSLSocket) listening.accept()) {
            socket.startHandshake();
            asked.complete(((ExtendedSSLSession) socket.getSession())
                    .getRequestedServerNames().stream()
                            .map(name -> new String(name.getEncoded(), StandardCharsets.US_ASCII))
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

    @Test
    void ourOwnCertificateIsShownToWhoAsks() throws Exception {
        server.close();
        server = (SSLServerSocket)
                asking().getServerSocketFactory().createServerSocket(0, 5, InetAddress.getLoopbackAddress());
        server.setNeedClientAuth(true);
        CompletableFuture<Principal> shown = new CompletableFuture<>();
        start(() -> {
            try (SSLSocket socket = (SSLSocket) server.accept()) {
                socket.startHandshake();
                shown.complete(socket.getSession().getPeerPrincipal());
                socket.getOutputStream().write('!');
                socket.getInputStream().read();
            } catch (IOException e) {
                shown.completeExceptionally(e);
            }
        });
        IdentitySource own = CA.issue("mta.example.org").source();

        handshake(ClientTls.builder().identity(own).time(TestCa.CLOCK).build(), "mx.example.com", false);

        assertThat(shown.join()).hasToString("CN=mta.example.org");
    }

    /** A server that takes the certificates of {@link #CA}. */
    private static SSLContext asking() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("key", MX.keys().getPrivate(), new char[0], new X509Certificate[] {MX.certificate()});
        store.setCertificateEntry("ca", CA.certificate);
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
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
