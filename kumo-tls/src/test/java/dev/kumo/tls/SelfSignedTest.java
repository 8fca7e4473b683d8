package dev.kumo.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SelfSignedTest {

    private static X509Certificate made(String hostname) throws TlsException {
        return IdentitySource.selfSigned(hostname).load(TestCa.CLOCK).leaf();
    }

    @Test
    void isSignedByItself() throws TlsException, GeneralSecurityException {
        X509Certificate certificate = made("mx.example.com");

        certificate.verify(certificate.getPublicKey());
        assertThat(certificate.getIssuerX500Principal()).isEqualTo(certificate.getSubjectX500Principal());
        assertThat(certificate.getVersion()).isEqualTo(3);
        assertThat(certificate.getSigAlgName()).isEqualTo("SHA256withECDSA");
    }

    @Test
    void isOfP256() throws TlsException {
        ECPublicKey key = (ECPublicKey) made("mx.example.com").getPublicKey();

        assertThat(key.getParams().toString()).contains("secp256r1");
    }

    @ParameterizedTest
    @CsvSource({
        "mx.example.com, 2, mx.example.com",
        "mx_1.example.com, 2, mx_1.example.com",
        "localhost, 2, localhost",
        "bücher.example, 2, xn--bcher-kva.example",
        "192.0.2.1, 7, 192.0.2.1",
        "[192.0.2.1], 7, 192.0.2.1",
        "2001:db8::1, 7, 2001:db8:0:0:0:0:0:1",
        "[2001:db8::1], 7, 2001:db8:0:0:0:0:0:1"
    })
    void isForTheHostAlone(String hostname, int kind, String name) throws TlsException, GeneralSecurityException {
        assertThat(made(hostname).getSubjectAlternativeNames()).containsExactly(List.of(kind, name));
    }

    @Test
    void hasTheNameAsCommonNameWhereItFits() throws TlsException {
        String name = "a".repeat(60) + ".example.com";

        assertThat(made("mx.example.com").getSubjectX500Principal()).hasToString("CN=mx.example.com");
        assertThat(made(name).getSubjectX500Principal().toString()).doesNotContain("CN=");
        assertThat(IdentitySource.selfSigned(name).load(TestCa.CLOCK).names()).containsExactly(name);
    }

    @Test
    void beginsYesterdayAndLastsAYear() throws TlsException {
        X509Certificate certificate = made("mx.example.com");

        assertThat(certificate.getNotBefore().toInstant()).isEqualTo(TestCa.NOW.minus(Duration.ofDays(1)));
        assertThat(certificate.getNotAfter().toInstant()).isEqualTo(TestCa.NOW.plus(Duration.ofDays(364)));
    }

    @Test
    void isForServersAndNoAuthority() throws TlsException, GeneralSecurityException {
        X509Certificate certificate = made("mx.example.com");

        assertThat(certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
        assertThat(certificate.getBasicConstraints()).isEqualTo(-1);
        assertThat(certificate.getKeyUsage())
                .as("digitalSignature only")
                .containsExactly(true, false, false, false, false, false, false, false, false);
        assertThat(certificate.getCriticalExtensionOIDs()).contains("2.5.29.15", "2.5.29.19");
    }

    @Test
    void hasASerialThatNobodyGuesses() throws TlsException {
        assertThat(made("mx.example.com").getSerialNumber())
                .isNotEqualTo(made("mx.example.com").getSerialNumber())
                .satisfies(serial -> assertThat(serial.bitLength()).isEqualTo(127));
    }

    @Test
    void staysTheSameForTwoThirdsOfItsYear() throws TlsException {
        IdentitySource source = IdentitySource.selfSigned("mx.example.com");
        TlsIdentity first = source.load(TestCa.CLOCK);
        Instant nearlyOld = first.notAfter().minus(Duration.ofDays(365).dividedBy(3));

        assertThat(source.load(InstantSource.fixed(nearlyOld))).isSameAs(first);
        TlsIdentity next = source.load(InstantSource.fixed(nearlyOld.plusSeconds(1)));
        assertThat(next.serial()).isNotEqualTo(first.serial());
        assertThat(next.notAfter()).isAfter(first.notAfter());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "mx\n.example.com"})
    void refusesWhatIsNoHost(String hostname) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IdentitySource.selfSigned(hostname))
                .withMessageContaining("host name");
    }
}
