package dev.kumo.smtp.server;

import dev.kumo.tls.KeySource;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An authority that issues certificates to tests; no clock leaves their dates. */
final class Certificates {

    private static final AtomicLong SERIALS = new AtomicLong(100);
    private static final char[] NO_PASSWORD = new char[0];

    private final KeyPair keys = newKeys();
    final X509Certificate root = sign("Test CA", "Test CA", keys, keys, true);

    /** A certificate and its key. */
    record Issued(X509Certificate certificate, PrivateKey key) {

        Consumer<KeySource.Builder> chain() {
            return table -> table.keyData(certificatePem());
        }

        Consumer<KeySource.Builder> privateKey() {
            return table -> table.keyData(keyPem());
        }

        String certificatePem() {
            return pem(certificate);
        }

        String keyPem() {
            return block("PRIVATE KEY", key.getEncoded());
        }
    }

    Issued issue(String name) {
        KeyPair own = newKeys();
        return new Issued(sign(name, "Test CA", own, keys, false), own.getPrivate());
    }

    Consumer<KeySource.Builder> authority() {
        return table -> table.keyData(pem(root));
    }

    /** A client that trusts nobody else. */
    SSLContext client() {
        return client(null);
    }

    /** A client that trusts nobody else, and shows who it is. */
    SSLContext client(Issued own) {
        try {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry("root", root);
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            KeyStore shown = KeyStore.getInstance("PKCS12");
            shown.load(null, null);
            if (own != null) {
                shown.setKeyEntry("own", own.key(), NO_PASSWORD, new X509Certificate[] {own.certificate()});
            }
            KeyManagerFactory show = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            show.init(shown, NO_PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(show.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new AssertionError(e);
        }
    }

    private static X509Certificate sign(
            String name, String issuer, KeyPair subjectKeys, KeyPair issuerKeys, boolean authority) {
        try {
            var builder = new JcaX509v3CertificateBuilder(
                            new X500Name("CN=" + issuer),
                            BigInteger.valueOf(SERIALS.incrementAndGet()),
                            Date.from(Instant.parse("2020-01-01T00:00:00Z")),
                            Date.from(Instant.parse("2120-01-01T00:00:00Z")),
                            new X500Name("CN=" + name),
                            subjectKeys.getPublic())
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
            if (!authority) {
                GeneralNames names = new GeneralNames(new GeneralName(GeneralName.dNSName, name));
                builder.addExtension(Extension.subjectAlternativeName, false, names);
            }
            return new JcaX509CertificateConverter()
                    .getCertificate(builder.build(
                            new JcaContentSignerBuilder("SHA256withECDSA").build(issuerKeys.getPrivate())));
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new AssertionError(e);
        }
    }

    private static KeyPair newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static String pem(X509Certificate certificate) {
        try {
            return block("CERTIFICATE", certificate.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static String block(String kind, byte[] content) {
        String lines = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(content);
        return "-----BEGIN " + kind + "-----\n" + lines + "\n-----END " + kind + "-----\n";
    }
}
