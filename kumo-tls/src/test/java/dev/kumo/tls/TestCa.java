package dev.kumo.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An authority that issues certificates to tests; their dates are so wide that no wall clock leaves them. */
final class TestCa {

    static final Instant FROM = Instant.parse("2020-01-01T00:00:00Z");
    static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    static final Instant UNTIL = Instant.parse("2120-01-01T00:00:00Z");
    static final InstantSource CLOCK = InstantSource.fixed(NOW);

    private static final AtomicLong SERIALS = new AtomicLong(1000);

    final X509Certificate certificate;
    private final KeyPair keys;
    private final List<X509Certificate> below;

    private TestCa(X509Certificate certificate, KeyPair keys, List<X509Certificate> below) {
        this.certificate = certificate;
        this.keys = keys;
        this.below = below;
    }

    /** A certificate, its key, and the intermediates between it and the root. */
    record Issued(X509Certificate certificate, KeyPair keys, List<X509Certificate> intermediates) {

        byte[] chainPem() {
            List<X509Certificate> chain = new ArrayList<>(List.of(certificate));
            chain.addAll(intermediates);
            return pem(chain);
        }

        byte[] keyPem() {
            return block("PRIVATE KEY", keys.getPrivate().getEncoded());
        }

        KeySource chainSource() {
            return KeySource.bytes(chainPem());
        }

        KeySource keySource() {
            return KeySource.bytes(keyPem());
        }

        IdentitySource source() {
            return IdentitySource.pem(chainSource(), keySource());
        }

        SSLContext sslContext() {
            try {
                KeyStore store = KeyStore.getInstance("PKCS12");
                store.load(null, null);
                store.setKeyEntry("key", keys.getPrivate(), new char[0], new X509Certificate[] {certificate});
                KeyManagerFactory keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
                keyManagers.init(store, new char[0]);
                SSLContext context = SSLContext.getInstance("TLS");
                context.init(keyManagers.getKeyManagers(), null, null);
                return context;
            } catch (GeneralSecurityException | IOException e) {
                throw new AssertionError(e);
            }
        }

        BigInteger serial() {
            return certificate.getSerialNumber();
        }
    }

    static TestCa root(String name) {
        return root(name, UNTIL);
    }

    static TestCa root(String name, Instant until) {
        KeyPair keys = ec("secp256r1");
        return new TestCa(sign(keys, keys, "CN=" + name, "CN=" + name, FROM, until, true), keys, List.of());
    }

    TestCa intermediate(String name) {
        KeyPair own = ec("secp256r1");
        X509Certificate made = sign(own, keys, "CN=" + name, subject(), FROM, UNTIL, true);
        List<X509Certificate> chain = new ArrayList<>(List.of(made));
        chain.addAll(below);
        return new TestCa(made, own, chain);
    }

    Issued issue(String name) {
        return issue(name, ec("secp256r1"));
    }

    Issued issue(String name, KeyPair own) {
        return issue("CN=" + name, own, FROM, UNTIL, name);
    }

    Issued issue(String subject, KeyPair own, Instant from, Instant until, String... names) {
        return new Issued(sign(own, keys, subject, subject(), from, until, false, names), own, below);
    }

    KeySource source() {
        return KeySource.bytes(pem(List.of(certificate)));
    }

    private String subject() {
        return certificate.getSubjectX500Principal().getName();
    }

    private static X509Certificate sign(
            KeyPair own,
            KeyPair issuer,
            String subject,
            String issuerName,
            Instant from,
            Instant until,
            boolean authority,
            String... names) {
        try {
            X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                            new X500Name(issuerName),
                            BigInteger.valueOf(SERIALS.incrementAndGet()),
                            Date.from(from),
                            Date.from(until),
                            new X500Name(subject),
                            own.getPublic())
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
            if (names.length > 0) {
                GeneralName[] all = new GeneralName[names.length];
                for (int i = 0; i < names.length; i++) {
                    all[i] = new GeneralName(GeneralName.dNSName, names[i]);
                }
                builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(all));
            }
            byte[] encoded = builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(issuer.getPrivate()))
                    .getEncoded();
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(encoded));
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new AssertionError(e);
        }
    }

    static KeyPair ec(String curve) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(curve));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    static KeyPair keys(String kind) {
        try {
            return switch (kind) {
                case "RSA" -> {
                    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
                    generator.initialize(2048);
                    yield generator.generateKeyPair();
                }
                case "P-256" -> ec("secp256r1");
                case "P-384" -> ec("secp384r1");
                default -> KeyPairGenerator.getInstance(kind).generateKeyPair();
            };
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    static byte[] pem(List<X509Certificate> certificates) {
        StringBuilder all = new StringBuilder();
        try {
            for (X509Certificate certificate : certificates) {
                all.append(new String(block("CERTIFICATE", certificate.getEncoded()), StandardCharsets.US_ASCII));
            }
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
        return all.toString().getBytes(StandardCharsets.US_ASCII);
    }

    static byte[] block(String kind, byte[] content) {
        return ("-----BEGIN " + kind + "-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content) + "\n-----END " + kind
                        + "-----\n")
                .getBytes(StandardCharsets.US_ASCII);
    }
}
