package dev.kumo.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Pkcs12Test {

    private static final TestCa CA = TestCa.root("Test CA").intermediate("Between");

    private static byte[] store(Map<String, TestCa.Issued> entries) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            for (Map.Entry<String, TestCa.Issued> entry : entries.entrySet()) {
                TestCa.Issued issued = entry.getValue();
                X509Certificate[] chain = {issued.certificate(), CA.certificate};
                store.setKeyEntry(entry.getKey(), issued.keys().getPrivate(), TestKeys.PASSWORD.toCharArray(), chain);
            }
            store.setCertificateEntry("ca", CA.certificate);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            store.store(bytes, TestKeys.PASSWORD.toCharArray());
            return bytes.toByteArray();
        } catch (GeneralSecurityException | IOException e) {
            throw new AssertionError(e);
        }
    }

    private static TlsIdentity load(byte[] store, String password) throws TlsException {
        return IdentitySource.pkcs12(KeySource.bytes(store), password::toCharArray)
                .load(TestCa.CLOCK);
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "P-256", "Ed25519"})
    void readsKeyAndChain(String kind) throws TlsException {
        TestCa.Issued issued = CA.issue("mx.example.com", TestCa.keys(kind));

        TlsIdentity identity = load(store(Map.of("mx", issued)), TestKeys.PASSWORD);

        assertThat(identity.chain()).containsExactly(issued.certificate(), CA.certificate);
        assertThat(PrivateKeys.fit(identity.key(), issued.keys().getPublic())).isTrue();
    }

    @Test
    void readsAFile(@TempDir Path directory) throws IOException {
        TestCa.Issued issued = CA.issue("mx.example.com");
        Path file = Files.write(directory.resolve("mx.p12"), store(Map.of("mx", issued)));

        IdentitySource source = IdentitySource.pkcs12(KeySource.file(file), TestKeys.PASSWORD::toCharArray);

        assertThat(source.load(TestCa.CLOCK).serial()).isEqualTo(issued.serial());
        assertThat(source).hasToString("file '" + file + "'");
    }

    @Test
    void saysThatThePasswordIsWrong() {
        assertThatThrownBy(() -> load(store(Map.of("mx", CA.issue("mx.example.com"))), "sesameopen"))
                .isInstanceOf(TlsException.class)
                .hasMessageContaining("key_data cannot be opened: the password is wrong")
                .hasNoCause();
    }

    @Test
    void saysThatItIsSomethingElse() {
        assertThatThrownBy(() -> load("hello".getBytes(StandardCharsets.US_ASCII), ""))
                .isInstanceOf(TlsException.class)
                .hasMessageContaining("not a PKCS#12 store");
    }

    @Test
    void wantsExactlyOneKey() {
        assertThatThrownBy(() -> load(store(Map.of()), TestKeys.PASSWORD))
                .isInstanceOf(TlsException.class)
                .hasMessageContaining("no private key");
        assertThatThrownBy(() -> load(
                        store(Map.of("one", CA.issue("one.example.com"), "two", CA.issue("two.example.com"))),
                        TestKeys.PASSWORD))
                .isInstanceOf(TlsException.class)
                .hasMessageContainingAll("several keys", "one", "two");
    }

    @Test
    void refusesAnExpiredLeaf() {
        TestCa.Issued old = CA.issue("CN=x", TestCa.keys("P-256"), TestCa.FROM, TestCa.NOW.minusSeconds(9), "x");

        assertThatThrownBy(() -> load(store(Map.of("mx", old)), TestKeys.PASSWORD))
                .isInstanceOf(TlsException.class)
                .hasMessageContaining("expired");
    }
}
