package dev.kumo.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.tls.IdentitySource;
import dev.kumo.tls.KeySource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class TlsRotationTest {

    private static final String GET = "GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n";

    @TempDir
    private Path folder;

    /** A key and a certificate of it, made by the JDK's own tool. */
    private byte[] identity(String name) throws IOException, InterruptedException {
        Path store = folder.resolve(name);
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=" + name,
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        "secret",
                        "-keystore",
                        store.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(said).isZero();
        return Files.readAllBytes(store);
    }

    private static SSLSocket connect(Served served) throws IOException {
        SSLSocket socket = (SSLSocket) Trusting.anyone()
                .getSocketFactory()
                .createSocket("127.0.0.1", served.listener.address().getPort());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static String name(SSLSocket socket) throws IOException {
        return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
                .getSubjectX500Principal()
                .getName();
    }

    private static void assertServes(SSLSocket socket) throws IOException {
        socket.getOutputStream().write(GET.getBytes(StandardCharsets.US_ASCII));
        StringBuilder heard = new StringBuilder();
        while (heard.indexOf("hello") < 0) {
            int octet = socket.getInputStream().read();
            assertThat(octet).as("%s", heard).isNotNegative();
            heard.append((char) octet);
        }
        assertThat(heard).startsWith("HTTP/1.1 200 OK\r\n");
    }

    @Test
    void aNewCertificateIsForNewConnectionsAndOldOnesGoOn() throws Exception {
        AtomicReference<byte[]> current = new AtomicReference<>(identity("first.example"));
        try (Served served = new Served(builder -> builder.useTls(true)
                        .tls(tls -> tls.identity(
                                IdentitySource.pkcs12(KeySource.supplier(current::get), "secret"::toCharArray))));
                SSLSocket old = connect(served)) {
            assertThat(name(old)).isEqualTo("CN=first.example");
            assertServes(old);

            current.set(identity("second.example"));
            assertThat(served.listener.reloadTls()).isTrue();
            try (SSLSocket fresh = connect(served)) {
                assertThat(name(fresh)).isEqualTo("CN=second.example");
                assertServes(fresh);
            }
            assertServes(old);
        }
    }
}
