package dev.kumo.auth.dkim;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Provider;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.PKCS8EncodedKeySpec;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;
import org.jspecify.annotations.Nullable;

/** Makes keys of what a source holds. Its errors tell nothing of that, and have no cause, because it is a secret. */
final class KeyReader {

    private static final ASN1ObjectIdentifier ED25519 = new ASN1ObjectIdentifier("1.3.101.112"); // RFC 8410
    private static final int LEAST_BITS = 1024; // RFC 8301 section 3.2
    private static final String MEND = "; 'openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048' or"
            + " 'openssl genpkey -algorithm ED25519' makes one";

    private KeyReader() {}

    /**
     * Reads a private key.
     *
     * @param content PEM or DER
     * @param source what errors call it
     * @param provider that is to sign with RSA; null for that of the JVM
     * @throws IllegalArgumentException if there is none in it that can sign
     */
    static SigningKey read(byte[] content, String source, @Nullable Provider provider) {
        PrivateKeyInfo info;
        try {
            info = content.length > 0 && content[0] == 0x30 ? der(content) : pem(content, source);
        } catch (IOException | RuntimeException e) {
            if (e instanceof IllegalKeyException refusal) {
                throw refusal;
            }
            throw new IllegalKeyException(source + " is damaged: it cannot be read as a private key");
        }
        SigningKey key = key(info, source, provider);
        if (key.bits() < LEAST_BITS && key.algorithm() == DkimAlgorithm.RSA_SHA256) {
            throw new IllegalKeyException(source + " holds an RSA key of " + key.bits() + " bits; it takes at least "
                    + LEAST_BITS + " (RFC 8301 section 3.2), and 2048 are better" + MEND);
        }
        try {
            key.sign(new byte[0]); // that the parts of a key fit together shows when it is used, and a provider may be
            // another's
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new IllegalKeyException(source + " holds a key that cannot sign: it is damaged"
                    + (provider == null ? "" : ", or " + provider.getName() + " cannot use it"));
        }
        return key;
    }

    private static PrivateKeyInfo pem(byte[] content, String source) throws IOException {
        try (PemReader reader =
                new PemReader(new InputStreamReader(new ByteArrayInputStream(content), StandardCharsets.ISO_8859_1))) {
            String seen = "";
            for (PemObject block = reader.readPemObject(); block != null; block = reader.readPemObject()) {
                switch (block.getType()) {
                    case "PRIVATE KEY", "RSA PRIVATE KEY" -> {
                        if (!block.getHeaders().isEmpty()) {
                            throw encrypted(source);
                        }
                        return der(block.getContent());
                    }
                    case "ENCRYPTED PRIVATE KEY" -> throw encrypted(source);
                    case "PUBLIC KEY", "RSA PUBLIC KEY" -> seen = ", but a public one";
                    case "CERTIFICATE" -> seen = ", but a certificate";
                    case "EC PRIVATE KEY" -> seen = ", but one of EC, which DKIM does not know";
                    default -> {}
                }
            }
            throw new IllegalKeyException(source + " holds no private key of RSA or Ed25519 in PEM" + seen + MEND);
        }
    }

    private static IllegalKeyException encrypted(String source) {
        return new IllegalKeyException(source + " is encrypted; decrypt it with 'openssl pkey -in ... -out ...'");
    }

    /** PKCS#8, or PKCS#1, which has the modulus where the other has an algorithm. */
    private static PrivateKeyInfo der(byte[] content) throws IOException {
        ASN1Sequence sequence = ASN1Sequence.getInstance(content);
        return sequence.getObjectAt(1) instanceof ASN1Sequence
                ? PrivateKeyInfo.getInstance(sequence)
                : new PrivateKeyInfo(
                        new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE),
                        RSAPrivateKey.getInstance(sequence));
    }

    private static SigningKey key(PrivateKeyInfo info, String source, @Nullable Provider provider) {
        ASN1ObjectIdentifier kind = info.getPrivateKeyAlgorithm().getAlgorithm();
        try {
            if (kind.equals(PKCSObjectIdentifiers.rsaEncryption)) {
                PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(info.getEncoded());
                if (KeyFactory.getInstance("RSA").generatePrivate(spec) instanceof RSAPrivateCrtKey key) {
                    return new SigningKey.Rsa(key, provider);
                }
            } else if (kind.equals(ED25519)) {
                if (PrivateKeyFactory.createKey(info) instanceof Ed25519PrivateKeyParameters key) {
                    return new SigningKey.Ed25519(key);
                }
            } else {
                throw new IllegalKeyException(source + " holds a key of a kind (" + kind
                        + ") that DKIM does not know; use RSA or Ed25519" + MEND);
            }
        } catch (GeneralSecurityException | IOException | RuntimeException e) {
            if (e instanceof IllegalKeyException refusal) {
                throw refusal;
            }
        }
        throw new IllegalKeyException(source + " is damaged: its private key cannot be used");
    }

    /** One that cannot sign. */
    private static final class IllegalKeyException extends IllegalArgumentException {

        private static final long serialVersionUID = 1L;

        IllegalKeyException(String text) {
            super(text);
        }
    }
}
