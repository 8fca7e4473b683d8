package dev.kumo.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Security;
import java.security.spec.ECGenParameterSpec;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PKCS8Generator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PemTest {

    private static final Map<String, KeyPair> KEYS = Map.of(
            "RSA", TestCa.keys("RSA"),
            "P-256", TestCa.keys("P-256"),
            "P-384", TestCa.keys("P-384"),
            "Ed25519", TestCa.keys("Ed25519"));

    private static final Map<String, Function<PrivateKey, byte[]>> FORMS = Map.of(
            "PKCS#8", key -> TestCa.block("PRIVATE KEY", key.getEncoded()),
            "PKCS#1 or SEC1", TestKeys::traditional,
            "encrypted PKCS#8", TestKeys::pkcs8Encrypted,
            "PKCS#8 in 3DES", key -> TestKeys.pkcs8Encrypted(key, PKCS8Generator.DES3_CBC),
            "PKCS#8 in PKCS#5 v1.5 style", key -> TestKeys.pkcs8Encrypted(key, PKCS8Generator.PBE_SHA1_3DES),
            "encrypted PKCS#1 or SEC1", key -> TestKeys.traditionalEncrypted(key, "AES-256-CBC"),
            "PKCS#1 or SEC1 in 3DES", key -> TestKeys.traditionalEncrypted(key, "DES-EDE3-CBC"));

    static Stream<List<String>> keysInForms() {
        return KEYS.keySet().stream()
                .flatMap(kind -> FORMS.keySet().stream()
                        // Ed25519 has no form but PKCS#8, RFC 8410 section 7.
                        .filter(form -> !kind.equals("Ed25519") || !form.contains("SEC1"))
                        .map(form -> List.of(kind, form)));
    }

    private static PrivateKey key(byte[] pem) throws TlsException {
        return Pem.privateKey(pem, "file 'key.pem'", TestKeys.PASSWORD::toCharArray);
    }

    private static PrivateKey key(String pem) throws TlsException {
        return key(pem.getBytes(StandardCharsets.US_ASCII));
    }

    private static String text(byte[] pem) {
        return new String(pem, StandardCharsets.US_ASCII);
    }

    @ParameterizedTest
    @MethodSource("keysInForms")
    void readsEveryKeyInEveryForm(List<String> kindAndForm) throws TlsException {
        KeyPair pair = KEYS.get(kindAndForm.get(0));

        PrivateKey read = key(FORMS.get(kindAndForm.get(1)).apply(pair.getPrivate()));

        assertThat(PrivateKeys.fit(read, pair.getPublic())).isTrue();
    }

    @ParameterizedTest
    @MethodSource("keysInForms")
    void theKeysOfOthersDoNotFit(List<String> kindAndForm) {
        PrivateKey mine = KEYS.get(kindAndForm.get(0)).getPrivate();

        KEYS.forEach((kind, pair) ->
                assertThat(PrivateKeys.fit(mine, pair.getPublic())).isEqualTo(kind.equals(kindAndForm.get(0))));
        assertThat(PrivateKeys.fit(mine, TestCa.keys("P-256").getPublic())).isFalse();
    }

    @Test
    void readsSec1BehindABlockOfParameters() throws TlsException {
        KeyPair pair = KEYS.get("P-256");
        // The identifier of P-256, as OpenSSL puts it in front.
        String parameters = "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";

        assertThat(PrivateKeys.fit(key(parameters + text(TestKeys.traditional(pair.getPrivate()))), pair.getPublic()))
                .isTrue();
    }

    @Test
    void readsPastTextAndCertificates() throws TlsException {
        KeyPair pair = KEYS.get("P-256");
        TestCa.Issued issued = TestCa.root("CA").issue("mx.example.com", pair);
        String pem = "Bag Attributes\r\n    friendlyName: mx\r\n"
                + text(issued.chainPem()).replace("\n", "\r\n") + "# the key\r\n" + text(issued.keyPem());

        assertThat(PrivateKeys.fit(key(pem), pair.getPublic())).isTrue();
        assertThat(Pem.certificates(pem.getBytes(StandardCharsets.US_ASCII), "x"))
                .containsExactly(issued.certificate());
    }

    @ParameterizedTest
    @ValueSource(strings = {"encrypted PKCS#8", "encrypted PKCS#1 or SEC1"})
    void asksForThePassword(String form) {
        byte[] pem = FORMS.get(form).apply(KEYS.get("P-256").getPrivate());

        assertThatThrownBy(() -> Pem.privateKey(pem, "file 'key.pem'", null))
                .isInstanceOf(TlsException.class)
                .hasMessageContainingAll("file 'key.pem'", "is encrypted", "password");
    }

    @ParameterizedTest
    @ValueSource(strings = {"encrypted PKCS#8", "encrypted PKCS#1 or SEC1"})
    void saysThatThePasswordIsWrong(String form) {
        byte[] pem = FORMS.get(form).apply(KEYS.get("RSA").getPrivate());

        assertThatThrownBy(() -> Pem.privateKey(pem, "file 'key.pem'", "sesameopen"::toCharArray))
                .isInstanceOf(TlsException.class)
                .hasMessageContainingAll("file 'key.pem'", "password is wrong")
                .hasMessageNotContaining("sesameopen")
                .hasNoCause();
    }

    @Test
    void wipesThePassword() throws TlsException {
        char[] password = TestKeys.PASSWORD.toCharArray();

        Pem.privateKey(TestKeys.pkcs8Encrypted(KEYS.get("P-256").getPrivate()), "x", () -> password);

        assertThat(password).containsOnly('\0');
    }

    @Test
    void saysWhatIsThereInstead() throws GeneralSecurityException {
        TestCa.Issued issued = TestCa.root("CA").issue("mx.example.com");

        assertNoKey(issued.chainPem(), "exchanged");
        assertNoKey(new byte[0], "empty");
        assertNoKey("hello".getBytes(StandardCharsets.US_ASCII), "not PEM");
        assertNoKey(issued.keys().getPrivate().getEncoded(), "DER");
        assertNoCertificate(issued.keyPem(), "exchanged");
        assertNoCertificate(new byte[0], "empty");
        assertNoCertificate(issued.certificate().getEncoded(), "DER");
    }

    private static void assertNoKey(byte[] content, String text) {
        assertThatThrownBy(() -> key(content))
                .isInstanceOf(TlsException.class)
                .hasMessageContainingAll("file 'key.pem' holds no private key", text);
    }

    private static void assertNoCertificate(byte[] content, String text) {
        assertThatThrownBy(() -> Pem.certificates(content, "file 'cert.pem'"))
                .isInstanceOf(TlsException.class)
                .hasMessageContainingAll("file 'cert.pem' holds no certificate", text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY"})
    void showsNothingOfADamagedKey(String block) {
        for (String inside : List.of("MIIsecret", "not base64!", "")) {
            assertThatThrownBy(
                            () -> key("-----BEGIN " + block + "-----\n" + inside + "\n-----END " + block + "-----\n"))
                    .isInstanceOf(TlsException.class)
                    .hasMessageContaining("file 'key.pem'")
                    .hasMessageNotContaining("secret")
                    .hasNoCause();
        }
    }

    @Test
    void saysThatACertificateIsDamaged() {
        String cut = text(TestCa.root("CA").issue("x").chainPem());

        assertThatThrownBy(() -> Pem.certificates(
                        cut.substring(0, cut.length() / 2).getBytes(StandardCharsets.US_ASCII), "file 'cert.pem'"))
                .isInstanceOf(TlsException.class)
                .hasMessageContaining("file 'cert.pem' is damaged");
    }

    @Test
    void refusesKeysThatTlsHasNoUseFor() throws GeneralSecurityException {
        PrivateKey agreement =
                KeyPairGenerator.getInstance("X25519").generateKeyPair().getPrivate();

        assertThatThrownBy(() -> key(TestCa.block("PRIVATE KEY", agreement.getEncoded())))
                .isInstanceOf(TlsException.class)
                .hasMessageContainingAll("file 'key.pem'", "RSA, EC");
    }

    @Test
    void refusesCurvesThatJavaDoesNotKnow() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", new BouncyCastleProvider());
        generator.initialize(new ECGenParameterSpec("secp256k1"));

        assertThatThrownBy(() -> key(TestCa.block(
                        "PRIVATE KEY", generator.generateKeyPair().getPrivate().getEncoded())))
                .isInstanceOf(TlsException.class)
                .hasMessageContainingAll("file 'key.pem'", "P-256");
    }

    @Test
    void registersNoProvider() throws TlsException {
        key(TestKeys.pkcs8Encrypted(KEYS.get("RSA").getPrivate()));

        assertThat(Security.getProvider("BC")).isNull();
    }
}
