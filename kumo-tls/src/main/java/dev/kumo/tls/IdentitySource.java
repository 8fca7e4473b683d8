package dev.kumo.tls;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;

/** Where a {@link TlsIdentity} comes from. It is a recipe: what it gives may be another identity tomorrow. */
public abstract sealed class IdentitySource permits PemIdentity, Pkcs12Identity, SelfSigned {

    IdentitySource() {}

    /**
     * A chain of certificates and a key, both PEM. The key may be PKCS#8, PKCS#1 or SEC1; RSA, EC or Ed25519.
     *
     * @param certificate the server's certificate and its intermediates
     * @param privateKey the key; may be the same source as the certificate
     * @return the source
     */
    public static IdentitySource pem(KeySource certificate, KeySource privateKey) {
        return new PemIdentity(certificate, privateKey, null);
    }

    /**
     * A chain of certificates and an encrypted key, both PEM. The key may be encrypted as PKCS#8 or in OpenSSL's
     * traditional way.
     *
     * @param certificate the server's certificate and its intermediates
     * @param privateKey the key; may be the same source as the certificate
     * @param password gives the key's password each time it is read, as a copy that is wiped afterwards
     * @return the source
     */
    public static IdentitySource pem(KeySource certificate, KeySource privateKey, Supplier<char[]> password) {
        return new PemIdentity(certificate, privateKey, password);
    }

    /**
     * A PKCS#12 store of one key and its certificates.
     *
     * @param store the store's bytes
     * @param password gives its password each time it is read, as a copy that is wiped afterwards
     * @return the source
     */
    public static IdentitySource pkcs12(KeySource store, Supplier<char[]> password) {
        return new Pkcs12Identity(store, password);
    }

    /**
     * A P-256 certificate made on the spot, which nobody can verify: enough for opportunistic encryption (RFC 3207), as
     * most of the world's mail servers do it. It stays the same for as long as two thirds of its year, and is
     * replaced by the next reload after that.
     *
     * @param hostname a host name or an IP address, the name in the certificate
     * @return the source
     * @throws IllegalArgumentException if it is neither
     */
    public static IdentitySource selfSigned(String hostname) {
        return new SelfSigned(hostname);
    }

    /**
     * Reads it now. This may block as {@link KeySource#read} does.
     *
     * @param time what time it is, for the dates of certificates
     * @return the identity
     * @throws TlsException if it cannot be had, does not fit together, or is out of date
     */
    public TlsIdentity load(InstantSource time) throws TlsException {
        return load(KeySource::read, time.instant());
    }

    /** The sources it reads. */
    abstract List<KeySource> sources();

    abstract TlsIdentity load(Reader reader, Instant now) throws TlsException;

    /** Gives the content of a source, be it read now or kept from before. */
    interface Reader {
        byte[] read(KeySource source) throws TlsException;
    }
}
