package dev.kumo.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the {@code openssl} program writes, we read. */
class OpenSslFilesTest {

    @TempDir
    Path directory;

    private void openssl(String arguments) {
        Programs.run(directory, ("openssl " + arguments).split(" "));
    }

    /** Makes {@code cert.pem} for {@code key.pem}, and loads it with the key of another file. */
    private void assertLoads(String keyFile) throws IOException, CertificateException {
        openssl("req -x509 -key key.pem -out cert.pem -days 30 -subj /CN=mx.example.com"
                + " -addext subjectAltName=DNS:mx.example.com");
        IdentitySource source = IdentitySource.pem(
                KeySource.file(directory.resolve("cert.pem")),
                KeySource.file(directory.resolve(keyFile)),
                TestKeys.PASSWORD::toCharArray);

        assertThat(source.load(justMade()).names()).containsExactly("mx.example.com");
    }

    private InstantSource justMade() throws IOException, CertificateException {
        X509Certificate certificate = (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(directory.resolve("cert.pem"))));
        return InstantSource.fixed(certificate.getNotBefore().toInstant());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out key.pem",
                "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -out key.pem",
                "genpkey -algorithm ED25519 -out key.pem",
                "genrsa -traditional -out key.pem 2048",
                "ecparam -name prime256v1 -genkey -out key.pem",
                "ecparam -name secp521r1 -genkey -noout -out key.pem"
            })
    void readsKeys(String command) throws IOException, CertificateException {
        openssl(command);

        assertLoads("key.pem");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pkcs8 -topk8 -in key.pem -out locked.pem -passout pass:opensesame",
                "pkcs8 -topk8 -in key.pem -out locked.pem -passout pass:opensesame -v2 aes-128-cbc -v2prf hmacWithSHA1",
                "pkcs8 -topk8 -in key.pem -out locked.pem -passout pass:opensesame -scrypt",
                "pkcs8 -topk8 -in key.pem -out locked.pem -passout pass:opensesame -v1 PBE-SHA1-3DES",
                "ec -in key.pem -out locked.pem -aes256 -passout pass:opensesame",
                "pkey -in key.pem -out locked.pem -traditional -des3 -passout pass:opensesame"
            })
    void readsEncryptedKeys(String command) throws IOException, CertificateException {
        openssl("ecparam -name prime256v1 -genkey -noout -out key.pem");
        openssl(command);
        assertThat(Files.readString(directory.resolve("locked.pem"))).contains("ENCRYPTED");

        assertLoads("locked.pem");
    }

    @Test
    void readsPkcs12() throws IOException, CertificateException {
        openssl("ecparam -name prime256v1 -genkey -noout -out key.pem");
        assertLoads("key.pem");
        openssl("pkcs12 -export -inkey key.pem -in cert.pem -out both.p12 -passout pass:opensesame");

        IdentitySource source =
                IdentitySource.pkcs12(KeySource.file(directory.resolve("both.p12")), TestKeys.PASSWORD::toCharArray);

        assertThat(source.load(justMade()).names()).containsExactly("mx.example.com");
    }
}
