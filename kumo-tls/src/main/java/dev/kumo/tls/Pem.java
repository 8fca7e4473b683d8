package dev.kumo.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8DecryptorProviderBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMDecryptorProviderBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCSException;
import org.jspecify.annotations.Nullable;

/** Certificates and keys as text, RFC 7468 and what OpenSSL writes besides. */
final class Pem {

    private Pem() {}

    /** All certificates, in their order; at least one. Keys between them are passed over. */
    static List<X509Certificate> certificates(byte[] pem, String source) throws TlsException {
        List<X509Certificate> certificates = new ArrayList<>();
        try (PEMParser parser = parser(pem)) {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (Object block = parser.readObject(); block != null; block = parser.readObject()) {
                if (block instanceof X509CertificateHolder holder) {
                    certificates.add((X509Certificate)
                            factory.generateCertificate(new ByteArrayInputStream(holder.getEncoded())));
                }
            }
        } catch (IOException | CertificateException | RuntimeException e) {
            // No cause: a file of both certificate and key may be damaged in the key.
            throw new TlsException(source + " is damaged: one of its PEM blocks cannot be read");
        }
        if (certificates.isEmpty()) {
            throw new TlsException(source + " holds no certificate" + instead(pem, "x509 -inform DER"));
        }
        return certificates;
    }

    /** The first key. Certificates before it are passed over. */
    static PrivateKey privateKey(byte[] pem, String source, @Nullable Supplier<char[]> password) throws TlsException {
        try (PEMParser parser = parser(pem)) {
            for (Object block = parser.readObject(); block != null; block = parser.readObject()) {
                Optional<PrivateKeyInfo> key = key(block, source, password);
                if (key.isPresent()) {
                    return PrivateKeys.of(key.get(), source);
                }
            }
        } catch (TlsException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new TlsException(
                    source + " is damaged: one of its PEM blocks cannot be read"); // no cause: it is a key
        }
        throw new TlsException(source + " holds no private key" + instead(pem, "pkey -inform DER"));
    }

    private static PEMParser parser(byte[] pem) {
        return new PEMParser(new InputStreamReader(new ByteArrayInputStream(pem), StandardCharsets.ISO_8859_1));
    }

    private static Optional<PrivateKeyInfo> key(Object block, String source, @Nullable Supplier<char[]> password)
            throws TlsException {
        if (block instanceof PrivateKeyInfo pkcs8) {
            return Optional.of(pkcs8);
        }
        if (block instanceof PEMKeyPair traditional) {
            return Optional.of(traditional.getPrivateKeyInfo());
        }
        if (block instanceof PKCS8EncryptedPrivateKeyInfo || block instanceof PEMEncryptedKeyPair) {
            return Optional.of(decrypted(block, source, password));
        }
        return Optional.empty();
    }

    private static PrivateKeyInfo decrypted(Object block, String source, @Nullable Supplier<char[]> password)
            throws TlsException {
        if (password == null) {
            throw new TlsException(
                    source + " is encrypted; give its password, or decrypt it with 'openssl pkey -in ... -out ...'");
        }
        char[] secret = password.get();
        try {
            // Passed along, never registered: what providers a JVM has is not ours to change.
            BouncyCastleProvider provider = new BouncyCastleProvider();
            if (block instanceof PKCS8EncryptedPrivateKeyInfo pkcs8) {
                return pkcs8.decryptPrivateKeyInfo(new JceOpenSSLPKCS8DecryptorProviderBuilder()
                        .setProvider(provider)
                        .build(secret));
            }
            return ((PEMEncryptedKeyPair) block)
                    .decryptKeyPair(new JcePEMDecryptorProviderBuilder()
                            .setProvider(provider)
                            .build(secret))
                    .getPrivateKeyInfo();
        } catch (IOException | PKCSException | OperatorCreationException | RuntimeException e) {
            throw new TlsException(source + " cannot be decrypted: the password is wrong, or the key is damaged");
        } finally {
            Arrays.fill(secret, '\0');
        }
    }

    /** What a source is that has none of the PEM blocks that were looked for. */
    private static String instead(byte[] content, String convert) {
        if (content.length == 0) {
            return ": it is empty";
        }
        if (content[0] == 0x30) {
            return ": it is not PEM but looks like DER or PKCS#12; convert DER with 'openssl " + convert + "'";
        }
        return new String(content, StandardCharsets.ISO_8859_1).contains("-----BEGIN ")
                ? "; are the certificate and the key exchanged?"
                : ": it is not PEM";
    }
}
