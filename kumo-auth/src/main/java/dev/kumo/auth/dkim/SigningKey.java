package dev.kumo.auth.dkim;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.Signature;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.RSAPublicKeySpec;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.jspecify.annotations.Nullable;

/** A private key that signs; what it shows of itself is public. */
sealed interface SigningKey {

    DkimAlgorithm algorithm();

    /** How many bits it has. */
    int bits();

    /**
     * Signs what the header comes to.
     *
     * @throws GeneralSecurityException if the provider fails
     */
    byte[] sign(byte[] data) throws GeneralSecurityException;

    /** What is published of it, tag {@code p=} of its record. */
    byte[] published();

    /** SHA-256, which every JVM has. */
    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** RFC 6376 section 3.3.1. */
    final class Rsa implements SigningKey {

        private final RSAPrivateCrtKey key;
        private final byte[] published;
        private final @Nullable Provider provider;

        /**
         * Takes a key.
         *
         * @param provider that signs; null for that of the JVM
         */
        Rsa(RSAPrivateCrtKey key, @Nullable Provider provider) throws GeneralSecurityException {
            this.key = key;
            this.published = KeyFactory.getInstance("RSA")
                    .generatePublic(new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent()))
                    .getEncoded();
            this.provider = provider;
        }

        @Override
        public DkimAlgorithm algorithm() {
            return DkimAlgorithm.RSA_SHA256;
        }

        @Override
        public int bits() {
            return key.getModulus().bitLength();
        }

        @Override
        public byte[] sign(byte[] data) throws GeneralSecurityException {
            Signature signature = provider == null
                    ? Signature.getInstance("SHA256withRSA")
                    : Signature.getInstance("SHA256withRSA", provider);
            signature.initSign(key);
            signature.update(data);
            return signature.sign();
        }

        @Override
        public byte[] published() {
            return published.clone();
        }

        @Override
        public String toString() {
            return "RSA of " + bits() + " bits";
        }
    }

    /** RFC 8463; by Bouncy Castle, which needs a fifteenth of the time that the JDK does. */
    final class Ed25519 implements SigningKey {

        private final Ed25519PrivateKeyParameters key;
        private final byte[] published;

        Ed25519(Ed25519PrivateKeyParameters key) {
            this.key = key;
            this.published = key.generatePublicKey().getEncoded();
        }

        @Override
        public DkimAlgorithm algorithm() {
            return DkimAlgorithm.ED25519_SHA256;
        }

        @Override
        public int bits() {
            return 256;
        }

        @Override
        public byte[] sign(byte[] data) {
            byte[] hash = sha256().digest(data); // RFC 8463 section 3: it is the hash that is signed
            Ed25519Signer signer = new Ed25519Signer();
            signer.init(true, key);
            signer.update(hash, 0, hash.length);
            return signer.generateSignature();
        }

        @Override
        public byte[] published() {
            return published.clone();
        }

        @Override
        public String toString() {
            return "Ed25519";
        }
    }
}
