package dev.kumo.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MtaStsHttpsTest {

    private static final String POLICY = "version: STSv1\nmode: none\nmax_age: 1\n";

    private final List<String> requests = new CopyOnWriteArrayList<>();
    private SSLServerSocket server;
    private SSLContext trusting;
    private volatile String answer = ok("text/plain", POLICY);
    private volatile boolean hangsUp = true;

    @BeforeEach
    void open() throws Exception {
        X509Bundle ca = new CertificateBuilder()
                .subject("CN=Test CA")
                .setIsCertificateAuthority(true)
                .ecp256()
                .buildSelfSigned();
        X509Bundle leaf = new CertificateBuilder()
                .subject("CN=localhost")
                .addSanDnsName("localhost")
                .ecp256()
                .buildIssuedBy(ca);
        KeyManagerFactory keys = leaf.toKeyManagerFactory();
        SSLContext serving = SSLContext.getInstance("TLS");
        serving.init(keys.getKeyManagers(), null, null);
        trusting = SSLContext.getInstance("TLS");
        trusting.init(null, ca.toTrustManagerFactory().getTrustManagers(), null);
        server = (SSLServerSocket) serving.getServerSocketFactory()
                .createServerSocket(0, 5, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
        Thread thread = new Thread(this::serve);
        thread.setDaemon(true);
        thread.start();
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    private void serve() {
        while (!server.isClosed()) {
            try (SSLSocket client = (SSLSocket) server.accept()) {
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
                requests.add(in.readLine());
                for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {}
                OutputStream out = client.getOutputStream();
                out.write(answer.getBytes(StandardCharsets.UTF_8));
                out.flush();
                if (!hangsUp) {
                    in.read();
                }
            } catch (IOException | RuntimeException nextClient) {
                // A client that has seen enough.
            }
        }
    }

    @Test
    void aPolicyIsFetched() throws Exception {
        assertThat(https(trusting, "localhost").fetch("example.com")).isEqualTo(POLICY);
        assertThat(requests).containsExactly("GET /.well-known/mta-sts.txt HTTP/1.1");
    }

    @Test
    void theTypeMayHaveParameters() throws Exception {
        answer = ok("Text/Plain; charset=utf-8", POLICY);

        assertThat(https(trusting, "localhost").fetch("example.com")).isEqualTo(POLICY);
    }

    @Test
    void anotherTypeIsRefused() {
        answer = ok("text/html", POLICY);

        refuses(https(trusting, "localhost"), "the answer is not of type text/plain");
    }

    @Test
    void aRedirectIsNotFollowed() {
        answer = "HTTP/1.1 301 Moved\r\nLocation: https://localhost:" + server.getLocalPort()
                + "/other\r\nContent-Type: text/plain\r\nContent-Length: 0\r\n\r\n";

        refuses(https(trusting, "localhost"), "the answer has status 301, not 200");
        assertThat(requests).hasSize(1);
    }

    @Test
    void sixtyFourKibibytesAreReadAndNoMore() throws Exception {
        answer = ok("text/plain", "x".repeat(65_536));
        assertThat(https(trusting, "localhost").fetch("example.com")).hasSize(65_536);

        answer = ok("text/plain", "x".repeat(65_537));
        refuses(https(trusting, "localhost"), "the answer is larger than 65536 octets");
    }

    @Test
    void anAnswerThatDoesNotEndIsGivenUp() {
        hangsUp = false;
        answer = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 100\r\n\r\nversion";
        MtaStsHttps impatient =
                new MtaStsHttps(HttpClient.newBuilder().sslContext(trusting), this::place, Duration.ofMillis(300));

        refuses(impatient, "no whole answer within 300 ms");
    }

    @Test
    void aCertificateOfAnUnknownAuthorityIsRefused() throws Exception {
        refuses(https(SSLContext.getDefault(), "localhost"), "HTTPS failed with SSLHandshakeException");
    }

    @Test
    void aCertificateForAnotherHostIsRefused() {
        refuses(https(trusting, "127.0.0.1"), "HTTPS failed with SSLHandshakeException");
    }

    @Test
    void whatAServerSaysIsNotRepeated() {
        answer = "evil\u001b[31m\r\n\r\n";

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> https(trusting, "localhost").fetch("example.com"))
                .withMessageNotContaining("evil");
    }

    @Test
    void aDomainThatFitsNoUriIsRefused() {
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> new MtaStsHttps().fetch("_dmarc_.example"));
    }

    private static void refuses(MtaStsHttps https, String message) {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> https.fetch("example.com"))
                .withMessage(message);
    }

    private MtaStsHttps https(SSLContext trust, String host) {
        return new MtaStsHttps(
                HttpClient.newBuilder().sslContext(trust),
                domain -> URI.create("https://" + host + ":" + server.getLocalPort() + "/.well-known/mta-sts.txt"),
                Duration.ofSeconds(20));
    }

    private URI place(String domain) {
        return URI.create("https://localhost:" + server.getLocalPort() + "/");
    }

    private static String ok(String type, String body) {
        return "HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }
}
