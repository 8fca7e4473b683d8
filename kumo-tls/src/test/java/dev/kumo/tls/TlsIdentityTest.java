package dev.kumo.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsIdentityTest {

    private static final TestCa ROOT = TestCa.root("Test CA");
    private static final TestCa.Issued MX =
            ROOT.intermediate("Between").intermediate("Below").issue("mx.example.com");

    @TempDir
    Path directory;

    private static TlsIdentity load(IdentitySource source) throws TlsException {
        return source.load(TestCa.CLOCK);
    }

    private KeySource file(String name, byte[] content) throws IOException {
        return KeySource.file(Files.write(directory.resolve(name), content));
    }

    private static TlsIdentity withChain(List<X509Certificate> chain) throws TlsException {
        return load(IdentitySource.pem(KeySource.bytes(TestCa.pem(chain)), MX.keySource()));
    }

    private static List<X509Certificate> chain() {
        List<X509Certificate> chain = new ArrayList<>(List.of(MX.certificate()));
        chain.addAll(MX.intermediates());
        return chain;
    }

    @Test
    void isAChainAndItsKey() throws TlsException {
        TlsIdentity identity = load(MX.source());

        assertThat(identity.chain()).hasSize(3).isEqualTo(chain());
        assertThat(identity.leaf()).isEqualTo(MX.certificate());
        assertThat(identity.serial()).isEqualTo(MX.serial());
        assertThat(identity.notAfter()).isEqualTo(TestCa.UNTIL);
        assertThat(identity.names()).containsExactly("mx.example.com");
    }

    @Test
    void showsNoKey() throws TlsException {
        assertThat(load(MX.source()).toString())
                .isEqualTo("CN=mx.example.com, serial " + MX.serial().toString(16)
                        + ", valid until 2120-01-01T00:00:00Z, from key_data");
    }

    @Test
    void mayBeOneFile() throws IOException {
        KeySource both = file("both.pem", concat(MX.keyPem(), MX.chainPem()));

        assertThat(load(IdentitySource.pem(both, both)).serial()).isEqualTo(MX.serial());
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    @Test
    void mayHaveAnEncryptedKey() throws TlsException {
        KeySource key = KeySource.bytes(TestKeys.pkcs8Encrypted(MX.keys().getPrivate()));

        assertThat(load(IdentitySource.pem(MX.chainSource(), key, TestKeys.PASSWORD::toCharArray))
                        .serial())
                .isEqualTo(MX.serial());
    }

    @Test
    void putsTheChainInOrderAndSaysSo() throws TlsException {
        try (LogCapture log = new LogCapture()) {
            for (int turn = 1; turn < 6; turn++) {
                List<X509Certificate> mixed = chain();
                Collections.rotate(mixed, turn % 3);
                if (turn > 3) {
                    Collections.reverse(mixed);
                }
                assertThat(withChain(mixed).chain()).isEqualTo(chain());
            }
            assertThat(log.ours("WARN"))
                    .isNotEmpty()
                    .allMatch(line -> line.contains("key_data: the certificates are not"));
        }
    }

    @Test
    void saysNothingOfAChainInOrder() throws TlsException {
        try (LogCapture log = new LogCapture()) {
            List<X509Certificate> withRoot = chain();
            withRoot.add(ROOT.certificate);
            withChain(withRoot);

            assertThat(log.ours("WARN")).isEmpty();
        }
    }

    @Test
    void keepsStrayCertificatesAtTheEnd() throws TlsException {
        TestCa stray = TestCa.root("Stray");
        List<X509Certificate> mixed = chain();
        mixed.add(0, stray.certificate);

        List<X509Certificate> expected = chain();
        expected.add(stray.certificate);
        assertThat(withChain(mixed).chain()).isEqualTo(expected);
    }

    @Test
    void refusesAKeyThatDoesNotFit() throws IOException {
        KeySource certificate = file("cert.pem", MX.chainPem());
        KeySource key = file("key.pem", ROOT.issue("other.example.com").keyPem());

        assertThatThrownBy(() -> load(IdentitySource.pem(certificate, key)))
                .isInstanceOf(TlsException.class)
                .hasMessageContainingAll(certificate.describe(), key.describe(), "does not fit", "CN=mx.example.com");
    }

    @Test
    void refusesAnExpiredLeaf() throws IOException {
        Instant until = TestCa.NOW.minusSeconds(1);
        TestCa.Issued old =
                ROOT.issue("CN=old.example.com", TestCa.keys("P-256"), TestCa.FROM, until, "old.example.com");
        KeySource certificate = file("old.pem", old.chainPem());

        assertThatThrownBy(() -> load(IdentitySource.pem(certificate, old.keySource())))
                .isInstanceOf(TlsException.class)
                .hasMessageContainingAll(certificate.describe(), "expired at " + until, "renew");
        assertThat(IdentitySource.pem(certificate, old.keySource())
                        .load(InstantSource.fixed(until))
                        .notAfter())
                .isEqualTo(until);
    }

    @Test
    void refusesALeafFromTheFuture() throws IOException {
        Instant from = TestCa.NOW.plusSeconds(1);
        TestCa.Issued early =
                ROOT.issue("CN=new.example.com", TestCa.keys("P-256"), from, TestCa.UNTIL, "new.example.com");
        KeySource certificate = file("new.pem", early.chainPem());

        assertThatThrownBy(() -> load(IdentitySource.pem(certificate, early.keySource())))
                .isInstanceOf(TlsException.class)
                .hasMessageContainingAll(certificate.describe(), "not valid before " + from, "clock");
    }

    @Test
    void needsBothCertificateAndKey() throws IOException {
        KeySource certificate = file("cert.pem", MX.chainPem());
        KeySource key = file("key.pem", MX.keyPem());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ServerTls.builder().certificate(certificate).build())
                .withMessageContainingAll(certificate.describe(), "tls_private_key is not");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ServerTls.builder().privateKey(key).build())
                .withMessageContainingAll(key.describe(), "tls_certificate is not");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ServerTls.builder()
                        .certificate(certificate)
                        .privateKey(key)
                        .identity(MX.source())
                        .build())
                .withMessageContaining("keep one");
    }
}
