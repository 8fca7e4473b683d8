package dev.kumo.tls;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PKCS8Generator;
import org.bouncycastle.openssl.jcajce.JcaMiscPEMGenerator;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMEncryptorBuilder;
import org.bouncycastle.operator.OperatorCreationException;

/** Keys in all the forms in which they are found. */
final class TestKeys {

    static final String PASSWORD = "opensesame";

    private TestKeys() {}

    /** PKCS#1 for RSA, SEC1 for EC. */
    static byte[] traditional(PrivateKey key) {
        return written(writer -> writer.writeObject(new JcaMiscPEMGenerator(complete(key))));
    }

    static byte[] traditionalEncrypted(PrivateKey key, String cipher) {
        return written(writer -> writer.writeObject(
                complete(key),
                new JcePEMEncryptorBuilder(cipher)
                        .setProvider(new BouncyCastleProvider())
                        .build(PASSWORD.toCharArray())));
    }

    static byte[] pkcs8Encrypted(PrivateKey key) {
        return pkcs8Encrypted(key, PKCS8Generator.AES_256_CBC);
    }

    static byte[] pkcs8Encrypted(PrivateKey key, ASN1ObjectIdentifier cipher) {
        return written(writer -> {
            try {
                writer.writeObject(new JcaPKCS8Generator(
                        key,
                        new JceOpenSSLPKCS8EncryptorBuilder(cipher)
                                .setProvider(new BouncyCastleProvider())
                                .setPassword(PASSWORD.toCharArray())
                                .build()));
            } catch (OperatorCreationException e) {
                throw new AssertionError(e);
            }
        });
    }

    /** With the curve inside, which SEC1 needs and the JDK leaves out. */
    private static PrivateKey complete(PrivateKey key) {
        if (!(key instanceof ECPrivateKey ec)) {
            return key;
        }
        try {
            AlgorithmIdentifier curve =
                    PrivateKeyInfo.getInstance(key.getEncoded()).getPrivateKeyAlgorithm();
            PrivateKeyInfo whole = new PrivateKeyInfo(
                    curve,
                    new org.bouncycastle.asn1.sec.ECPrivateKey(
                            ec.getParams().getOrder().bitLength(), ec.getS(), curve.getParameters()));
            return KeyFactory.getInstance("EC", new BouncyCastleProvider())
                    .generatePrivate(new PKCS8EncodedKeySpec(whole.getEncoded()));
        } catch (GeneralSecurityException | IOException e) {
            throw new AssertionError(e);
        }
    }

    private interface Writing {
        void to(JcaPEMWriter writer) throws IOException;
    }

    private static byte[] written(Writing writing) {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writing.to(writer);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }
}
