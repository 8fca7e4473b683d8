package dev.kumo.auth.dkim;

/** How a signature is made, tag {@code a=}. */
public enum DkimAlgorithm {

    /** RSA with SHA-256, RFC 6376 section 3.3.1: what every receiver knows. */
    RSA_SHA256("rsa-sha256", "rsa"),

    /** Ed25519 with SHA-256, RFC 8463: a thirtieth of the time, and many receivers do not know it yet; sign with RSA, too. */
    ED25519_SHA256("ed25519-sha256", "ed25519");

    private final String tag;
    private final String keyType;

    DkimAlgorithm(String tag, String keyType) {
        this.tag = tag;
        this.keyType = keyType;
    }

    /** The value of {@code a=} in a signature. */
    String tag() {
        return tag;
    }

    /** The value of {@code k=} in the record of a key. */
    String keyType() {
        return keyType;
    }
}
